"""A flow that fails and is retried by its live engine; one that fails for good; processes that die: CRASHED."""

from journey import TAG, create_run, deploy, flow_file, logs_say, marks, prefect, reaches, says, states, worker

POOL = f"pool-{TAG}"
flow_file(f"""
import os, signal
from prefect import flow
from prefect.runtime import flow_run
from marks import mark

@flow(name="second-try-{TAG}", retries=2, retry_delay_seconds=2)
def second_try():
    mark("try", flow_run.run_count)
    if flow_run.run_count < 2:
        raise ValueError("not yet")

@flow(name="fails-{TAG}", retries=1, retry_delay_seconds=0)
def fails():
    mark("fail")
    raise ValueError("never")

@flow(name="exits-{TAG}")
def exits():
    os._exit(3)

@flow(name="killed-{TAG}")
def killed():
    os.kill(os.getpid(), signal.SIGKILL)
""")
prefect("work-pool", "create", POOL, "--type", "process")
runs = {name: create_run(deploy(name, POOL)) for name in ("second_try", "fails", "exits", "killed")}

with worker(POOL):
    retried = reaches(runs["second_try"], "COMPLETED")
    failed = reaches(runs["fails"], "FAILED")
    # Only the worker can report these.
    for name, code in (("exits", "3"), ("killed", "-9")):
        crashed = reaches(runs[name], "CRASHED")
        assert f"status code: {code}" in crashed.state.message, crashed.state
    logs_say(runs["fails"], "ValueError: never")

# The engine waited in its process: both tries have the same pid, and no worker got the run in between.
first, second = marks("try")
assert first["pid"] == second["pid"] and [first["text"], second["text"]] == [1, 2], marks("try")
assert second["at"] - first["at"] >= 2, marks("try")
assert retried.run_count == 2, retried
names = states(retried.id)
assert names.count("AwaitingRetry") == 1 and names.count("Pending") == 1 and names[-1] == "Completed", names

assert len(marks("fail")) == 2 and failed.run_count == 2, failed
assert failed.state.name == "Failed" and "never" in failed.state.message, failed.state
assert states(runs["exits"])[-1] == "Crashed" and "Running" in states(runs["exits"])
says(prefect("flow-run", "ls", "--state", "CRASHED"), f"exits-{TAG}", f"killed-{TAG}")
