"""A pool limit of 1 and two unmodified workers: never are two flows at work, by the flows' own marks.

Prefect checks the limit when it answers a poll, not at the claim: there two workers that poll together
may both be let in. On Prefect's server this journey fails now and then."""

from journey import TAG, create_run, deploy, flow_file, marks, prefect, ran_once, reaches, worker

POOL = f"pool-{TAG}"
flow_file(f"""
import time
from prefect import flow
from marks import mark

@flow(name="one-by-one-{TAG}")
def one_by_one():
    mark("ran")
    time.sleep(0.5)
    mark("ended")
""")
prefect("work-pool", "create", POOL, "--type", "process")
prefect("work-pool", "set-concurrency-limit", POOL, "1")
deployment_id = deploy("one_by_one", POOL)

# Short intervals: the more often both workers poll, the more often they compete.
fast = {"PREFECT_WORKER_QUERY_SECONDS": "0.5"}
with worker(POOL, env=fast), worker(POOL, env=fast):
    runs = [create_run(deployment_id) for _ in range(6)]
    for run_id in runs:
        reaches(run_id, "COMPLETED", seconds=150)

ran_once(runs)
ended = {mark["run"]: mark["at"] for mark in marks("ended")}
ran = marks("ran")
for before, after in zip(ran, ran[1:]):
    assert after["at"] > ended[before["run"]], "two at once"
