"""Blocks within blocks: saved, loaded, changed and shown by the client, and their types deleted by the CLI."""

import subprocess
import sys

from journey import DIR, TAG, flow_file, prefect, says

PROGRAM = f"""
from prefect.blocks.core import Block
from prefect.blocks.system import Secret
from prefect.types import SecretDict
from pydantic import SecretStr


class Inner{TAG}(Block):
    password: SecretStr
    user: str = "u"


class Middle{TAG}(Block):
    inner: Inner{TAG}
    n: int = 1


class Outer{TAG}(Block):
    middle: Middle{TAG}
    token: SecretStr
    headers: SecretDict = {{}}


def loaded(name="outer"):
    outer = Outer{TAG}.load(name)
    return outer, outer.middle.inner.password.get_secret_value()


inner = Inner{TAG}(password="pw")
inner.save("inner")
middle = Middle{TAG}(inner=inner)
middle.save("middle")
Outer{TAG}(middle=middle, token="t", headers={{"a": "b"}}).save("outer")
outer, password = loaded()
assert password == "pw" and outer.headers.get_secret_value() == {{"a": "b"}}, outer

# Saving the outer block again keeps what is within it, and a change of what is within it is seen.
outer.token = SecretStr("t2")
outer.save("outer", overwrite=True)
assert loaded()[1] == "pw"
inner.password = SecretStr("new")
inner.save("inner", overwrite=True)
outer, password = loaded()
assert password == "new" and outer.token.get_secret_value() == "t2", outer

# Blocks that were not saved themselves are kept as data of the outer one.
Outer{TAG}(middle=Middle{TAG}(inner=Inner{TAG}(password="z")), token="q").save("whole")
outer, password = loaded("whole")
assert password == "z", outer
outer.save("whole", overwrite=True)
assert loaded("whole")[1] == "z"

Secret(value={{"a": 1}}).save("s-{TAG}")
assert Secret.load("s-{TAG}").get() == {{"a": 1}}
"""

done = subprocess.run([sys.executable, flow_file(PROGRAM)], capture_output=True, text=True, timeout=240, cwd=DIR)
assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]

OUTER = f"outer{TAG}/outer"
says(prefect("block", "ls"), OUTER)
shown = prefect("block", "inspect", OUTER)
says(shown, "********")
assert "t2" not in shown, shown
says(prefect("block", "type", "ls"), f"inner{TAG}")
says(prefect("block", "type", "delete", "secret", fails=True), "protected")
prefect("block", "type", "delete", f"outer{TAG}")
prefect("block", "inspect", OUTER, fails=True)
