"""Concurrency limits by name and by tag: the CLI, and flows that take their slots."""

import subprocess
import sys

from journey import DIR, TAG, flow_file, prefect, says

NAME = f"l-{TAG}"

prefect("gcl", "create", NAME, "--limit", "1")
says(prefect("gcl", "inspect", NAME), NAME)
says(prefect("gcl", "ls"), NAME)
prefect("gcl", "create", f"{NAME}-rate", "--limit", "5", "--slot-decay-per-second", "5")
prefect("concurrency-limit", "create", f"t-{TAG}", "1")
says(prefect("concurrency-limit", "inspect", f"t-{TAG}"), f"t-{TAG}")

program = flow_file(f"""
import threading
from prefect import flow, task
from prefect.concurrency.sync import concurrency, rate_limit

inside, most = 0, 0
lock = threading.Lock()

def enter(by):
    global inside, most
    with lock:
        inside += by
        most = max(most, inside)

@task
def by_name(i):
    with concurrency("{NAME}", occupy=1):
        enter(1)
        enter(-1)

@task(tags=["t-{TAG}"])
def by_tag(i):
    rate_limit("{NAME}-rate")
    return i

@flow
def limited():
    [one.result() for one in by_name.map(range(3))]
    assert most == 1, most
    assert sum(one.result() for one in by_tag.map(range(3))) == 3

limited()
""")
done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=240, cwd=DIR)
assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]

prefect("gcl", "update", NAME, "--limit", "7", "--disable")
says(prefect("gcl", "inspect", NAME), "7")
says(prefect("concurrency-limit", "ls"), f"t-{TAG}")
prefect("concurrency-limit", "reset", f"t-{TAG}")
prefect("concurrency-limit", "delete", f"t-{TAG}")
prefect("gcl", "delete", NAME)
prefect("gcl", "inspect", NAME, fails=True)
