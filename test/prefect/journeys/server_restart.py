"""The server goes away under a working worker and comes back with its data: nothing is lost, nothing runs twice.

JOURNEY_SERVER is the command, as JSON, that starts a server at PREFECT_API_URL which keeps its data."""

import json
import os
import time

from journey import TAG, create_run, deploy, flow_file, http, marks, prefect, ran_once, reaches, read_run, running, until, worker
from marks import open_gate

SERVER = json.loads(os.environ["JOURNEY_SERVER"])
POOL = f"pool-{TAG}"
flow_file(f"""
from prefect import flow
from marks import gate, mark

@flow(name="through-{TAG}")
def through(name: str):
    mark("ran", name)
    gate(name)
    mark("ended", name)
""")


def server():
    # The server must not use the client's own settings.
    return running(*SERVER, env={"PREFECT_API_URL": ""})


def answers():
    try:
        http("GET", "/health")
        return True
    except Exception:
        return False


with server():
    until(answers, "the server answers", 120)
    prefect("work-pool", "create", POOL, "--type", "process")
    deployment_id = deploy("through", POOL)
    runs = {name: create_run(deployment_id, parameters={"name": name}) for name in ("a", "b", "later")}
    worker_process = worker(POOL, "--limit", "2")
    process = worker_process.__enter__()
    until(lambda: len(marks("ran")) == 2, "two flows work, the third run waits")
    for run_id in (mark["run"] for mark in marks("ran")):
        reaches(run_id, "RUNNING")

# The server is away: one flow ends and cannot report it, the other continues, the worker polls in vain.
working = [mark["text"] for mark in marks("ran")]
open_gate(working[0])
until(lambda: marks("ended"), "a flow ended while the server was away")
time.sleep(8)
assert process.lives(), process.output()

with server():
    until(answers, "the server answers again", 120)
    for name in runs:
        open_gate(name)
    runs["new"] = create_run(deployment_id, parameters={"name": "new"})
    open_gate("new")
    for run_id in runs.values():
        reaches(run_id, "COMPLETED", seconds=120)
    assert all(read_run(run_id).run_count == 1 for run_id in runs.values())
    process.stop()
ran_once(list(runs.values()))
ran_once(list(runs.values()), "ended")
