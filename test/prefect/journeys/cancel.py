"""`prefect flow-run cancel` ends a waiting run at once, and the process of a running one."""

import os

from journey import TAG, create_run, deploy, flow_file, marks, prefect, reaches, says, until, worker

POOL = f"pool-{TAG}"
flow_file(f"""
import time
from prefect import flow
from marks import mark

@flow(name="slow-{TAG}")
def slow():
    mark("began")
    for _ in range(600):
        time.sleep(0.5)
    mark("ended")
""")
prefect("work-pool", "create", POOL, "--type", "process")
deployment_id = deploy("slow", POOL)

waiting = create_run(deployment_id)
says(prefect("flow-run", "cancel", waiting), "was successfully scheduled for cancellation")
reaches(waiting, "CANCELLED", seconds=10)

with worker(POOL):
    run_id = create_run(deployment_id)
    [began] = until(lambda: marks("began"), "the flow began")
    prefect("flow-run", "cancel", run_id)
    run = reaches(run_id, "CANCELLED", seconds=60)

    def gone():
        try:
            return os.kill(began["pid"], 0)
        except ProcessLookupError:
            return True

    until(gone, "the flow's process is gone", 40)

assert run.end_time and began["run"] == run_id, run
assert marks("ended") == [], "it ran to its end"
says(prefect("flow-run", "cancel", run_id, fails=True), "unable to be cancelled", "terminal state")
