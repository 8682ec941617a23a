"""flow.deploy(), a worker, `prefect deployment run`: the run is executed, and the server has its states, logs and times."""

import re

from journey import OURS, TAG, api, deploy, flow_file, http, logs_say, prefect, reaches, says, states, worker
from marks import open_gate

POOL, WORKER = f"pool-{TAG}", f"worker-{TAG}"
flow_file(f"""
from prefect import flow, get_run_logger, task
from marks import gate

@task
def add(a, b):
    return a + b

@flow(name="sum-{TAG}")
def total(a: int, b: int = 2):
    gate("counted")
    get_run_logger().info("the sum is %s", add(a, b))
    print("printed lines are logs too")
""")
prefect("work-pool", "create", POOL, "--type", "process")
deployment_id = deploy("total", POOL, tags=["nightly"], description="adds")
says(prefect("deployment", "inspect", f"sum-{TAG}/d"), POOL, "nightly", "adds")

with worker(POOL, name=WORKER):
    said = prefect("deployment", "run", f"sum-{TAG}/d", "--param", "a=40")
    run_id = re.search(r"UUID: ([0-9a-f-]{36})", said)[1]
    reaches(run_id, "RUNNING")
    if OURS:
        # The worker's engine sent the worker's name, so the server knows that the worker holds the run.
        holder = http("GET", f"/flow_runs/{run_id}")["claimed_by"]
        assert holder, "claimed_by names nobody while the run is RUNNING"
        [claim] = http("GET", f"/flow_runs/{run_id}/claims")
        assert claim["worker_name"] == WORKER, claim
    [seen] = [one for one in api().read_workers_for_work_pool(POOL) if one.name == WORKER]
    assert seen.status == "ONLINE", seen
    assert api().read_work_pool(POOL).status.value == "READY"
    open_gate("counted")
    run = reaches(run_id, "COMPLETED")
    logs_say(run_id, "the sum is 42")

assert run.parameters == {"a": 40}, run.parameters
assert run.start_time and run.end_time and run.run_count == 1, run
assert run.total_run_time.total_seconds() > 0, run
assert run.tags == ["nightly"] and run.work_pool_name == POOL and run.infrastructure_pid, run
names = states(run_id)
assert (names[0], names[-2], names[-1]) == ("Scheduled", "Running", "Completed"), names
assert "Pending" in names and len(names) == len(set(names)), names
says(prefect("flow-run", "inspect", run_id), "COMPLETED")
