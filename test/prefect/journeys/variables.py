"""Variables by the CLI and from within a flow."""

import subprocess
import sys

from journey import DIR, TAG, flow_file, prefect, says

NAME = f"v_{TAG}".lower().replace("-", "_")

prefect("variable", "set", NAME, '{"a": 1}', "--tag", "t")
says(prefect("variable", "set", NAME, "2", fails=True), "already exists")
says(prefect("variable", "ls"), NAME)
says(prefect("variable", "inspect", NAME), "'a': 1")

program = flow_file(f"""
from prefect import flow
from prefect.variables import Variable

@flow
def reads():
    assert Variable.get("{NAME}") == {{"a": 1}}, Variable.get("{NAME}")
    Variable.set("{NAME}", [1, None], overwrite=True)
    assert Variable.get("{NAME}_none", default=7) == 7

reads()
""")
done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=120, cwd=DIR)
assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]

says(prefect("variable", "get", NAME), "1")
prefect("variable", "unset", NAME)
prefect("variable", "get", NAME, fails=True)
