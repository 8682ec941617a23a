"""Three workers poll one queue in which 12 runs wait: each is executed once."""

from journey import TAG, create_run, deploy, flow_file, prefect, ran_once, reaches, read_run, states, worker

POOL = f"pool-{TAG}"
flow_file(f"""
from prefect import flow
from marks import mark

@flow(name="once-{TAG}")
def once(i: int):
    mark("ran")
""")
prefect("work-pool", "create", POOL, "--type", "process")
deployment_id = deploy("once", POOL)
runs = [create_run(deployment_id, parameters={"i": i}) for i in range(12)]

with worker(POOL), worker(POOL), worker(POOL):
    for run_id in runs:
        reaches(run_id, "COMPLETED", seconds=150)

ran_once(runs)
for run_id in runs:
    assert read_run(run_id).run_count == 1, run_id
    assert states(run_id).count("Running") == 1, states(run_id)
