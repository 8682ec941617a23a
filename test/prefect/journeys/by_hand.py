"""Flows without a deployment, called by hand: the server has their runs, states and logs, but not their results."""

import subprocess
import sys

from journey import DIR, TAG, api, flow_file, logs_say, marks, prefect, read_run, says, states

program = flow_file(f"""
import asyncio
from prefect import flow, get_run_logger, task
from marks import mark

@task
def square(n):
    return n * n

@flow(name="squares-{TAG}", flow_run_name="squares up to {{n}}")
def squares(n: int):
    mark("squares")
    get_run_logger().warning("counting up to %s", n)
    return sum(done.result() for done in square.map(range(n)))

@flow(name="async-{TAG}", retries=1)
async def later(seen=[]):
    mark("later")
    if len(seen) == 0:
        seen.append(1)
        raise ValueError("once")
    return "late"

@flow(name="bad-{TAG}")
def bad(n: int):
    mark("bad")
    raise RuntimeError("by hand")

assert squares(4) == 14
assert asyncio.run(later()) == "late"
state = bad(1, return_state=True)
assert state.is_failed(), state
""")
done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=120, cwd=DIR)
assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]

[one], two, [three] = marks("squares"), marks("later"), marks("bad")
run = read_run(one["run"])
assert run.name == "squares up to 4" and run.deployment_id is None and run.work_queue_id is None, run
assert run.parameters == {"n": 4} and run.run_count == 1 and run.end_time, run
assert states(run.id) == ["Pending", "Running", "Completed"], states(run.id)
logs_say(str(run.id), "counting up to 4")

assert [mark["run"] for mark in two] == [two[0]["run"]] * 2
assert states(two[0]["run"])[-1] == "Completed" and "AwaitingRetry" in states(two[0]["run"])
assert read_run(three["run"]).state.type.value == "FAILED"
says(prefect("flow-run", "ls", "--flow-name", f"squares-{TAG}"), "squares up to 4", "COMPLETED")
says(prefect("flow", "ls"), f"squares-{TAG}", f"async-{TAG}", f"bad-{TAG}")
assert api().read_flow_by_name(f"bad-{TAG}").id == read_run(three["run"]).flow_id
