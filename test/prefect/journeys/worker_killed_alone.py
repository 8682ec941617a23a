"""kill -9 of a worker's own process: its flow processes live on. One that ends in time ends its run. One that
is taken for dead is run again by another worker, and what the first one says at last changes nothing."""

import time

from journey import TAG, create_run, deploy, flow_file, http, marks, prefect, reaches, read_run, states, until, worker
from marks import open_gate

POOL = f"pool-{TAG}"
flow_file(f"""
from prefect import flow
from prefect.runtime import flow_run
from marks import gate, mark

@flow(name="orphan-{TAG}")
def orphan(name: str):
    mark("began", name)
    # The run's second process waits at its own gate.
    gate(f"{{name}}-{{flow_run.run_count}}")
    mark("ended", [name, flow_run.run_count])
""")
prefect("work-pool", "create", POOL, "--type", "process")
http("PATCH", f"/work_pools/{POOL}", {"recovery": {"prefect_running": "requeue"}})
deployment_id = deploy("orphan", POOL)
soon, late = (create_run(deployment_id, parameters={"name": name}) for name in ("soon", "late"))

with worker(POOL) as dies:
    for run_id in (soon, late):
        reaches(run_id, "RUNNING")
    until(lambda: len(marks("began")) == 2, "both flows are midway")
    dies.kill()

with worker(POOL):
    open_gate("soon-1")
    reaches(soon, "COMPLETED", seconds=20)
    # Three heartbeats of 30 s must be missed first.
    until(lambda: len(marks("began")) == 3, "another worker began the other run", 240)
    reaches(late, "RUNNING")
    open_gate("late-1")
    until(lambda: ["late", 1] in [mark["text"] for mark in marks("ended")], "the orphan came to its end")
    # The orphan's report changes nothing, because the other worker holds the run.
    for _ in range(5):
        assert read_run(late).state.name == "Running", read_run(late).state
        time.sleep(1)
    open_gate("late-2")
    reaches(late, "COMPLETED")

assert [states(run_id).count("Completed") for run_id in (soon, late)] == [1, 1]
assert read_run(soon).run_count == 1 and read_run(late).run_count == 2
assert states(soon)[-1] == states(late)[-1] == "Completed"
