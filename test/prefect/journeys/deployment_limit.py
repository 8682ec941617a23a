"""A deployment with a limit of 1: an unmodified worker runs its runs one after the other, and loses none."""

from journey import TAG, create_run, deploy, flow_file, marks, prefect, ran_once, reaches, read_run, worker
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy

POOL = f"pool-{TAG}"
flow_file(f"""
import time
from prefect import flow
from marks import mark

@flow(name="alone-{TAG}")
def alone():
    mark("ran")
    time.sleep(3)
    mark("ended")
""")
prefect("work-pool", "create", POOL, "--type", "process")
limit = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)
deployment_id = deploy("alone", POOL, concurrency_limit=limit)
runs = [create_run(deployment_id) for _ in range(3)]

with worker(POOL):
    for run_id in runs:
        # If the limit is full, Prefect delays a run by 30 s.
        reaches(run_id, "COMPLETED", seconds=150)

ran_once(runs)
ended = {mark["run"]: mark["at"] for mark in marks("ended")}
ran = marks("ran")
for before, after in zip(ran, ran[1:]):
    assert after["at"] > ended[before["run"]], "two at once"
assert all(read_run(run_id).run_count == 1 for run_id in runs)
