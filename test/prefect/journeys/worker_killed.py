"""kill -9 of a worker and of all it started, midway: another worker takes over, each run finishes, none twice.

The pool has opted in to run again what was RUNNING. Prefect's own server leaves such runs RUNNING for ever."""

from journey import TAG, create_run, deploy, flow_file, http, marks, prefect, reaches, read_run, states, until, worker
from marks import open_gate

POOL, RUNS = f"pool-{TAG}", 8
flow_file(f"""
from prefect import flow
from marks import gate, mark

@flow(name="job-{TAG}")
def job(i: int):
    mark("began", i)
    if i < 2:
        gate("midway")
    mark("ended", i)
""")
prefect("work-pool", "create", POOL, "--type", "process")
http("PATCH", f"/work_pools/{POOL}", {"recovery": {"prefect_running": "requeue"}})
deployment_id = deploy("job", POOL)
held = [create_run(deployment_id, parameters={"i": i}) for i in range(2)]

with worker(POOL, "--limit", "2") as dies:
    for run_id in held:
        reaches(run_id, "RUNNING")
    until(lambda: len(marks("began")) == 2, "both flows are midway")
    others = [create_run(deployment_id, parameters={"i": i}) for i in range(2, RUNS)]
    dies.kill_all()

with worker(POOL):
    for run_id in others:
        reaches(run_id, "COMPLETED")
    assert marks("ended") and all(read_run(run_id).state.name == "Running" for run_id in held)
    open_gate("midway")
    for run_id in held:
        # Three heartbeats of 30 s must be missed first.
        reaches(run_id, "COMPLETED", seconds=240)

ended = [mark["run"] for mark in marks("ended")]
assert sorted(ended) == sorted(held + others), f"{len(ended)} ends of {RUNS} runs"
for run_id in held:
    # It started twice, as it must, because the first process died midway.
    assert [mark["run"] for mark in marks("began")].count(run_id) == 2
    names = states(run_id)
    assert names.count("Running") == 2 and names.count("Completed") == 1 and "Rescheduled" in names, names
    assert read_run(run_id).run_count == 2
for run_id in others:
    assert read_run(run_id).run_count == 1
