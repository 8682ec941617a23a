"""Flows within flows: called, and run by run_deployment() from within a flow, waited for, timed out, not waited for."""

from journey import TAG, api, create_run, deploy, flow_file, marks, prefect, reaches, read_run, worker
from marks import open_gate

POOL = f"pool-{TAG}"
flow_file(f"""
import time
from prefect import flow
from prefect.deployments import run_deployment
from prefect.runtime import flow_run
from marks import gate, mark

@flow(name="inner-{TAG}")
def inner(n: int):
    mark("inner", n)
    return n + 1

@flow(name="child-{TAG}")
def child(n: int):
    mark("child", n)
    return n

@flow(name="slow-{TAG}")
def slow():
    gate("slow")

@flow(name="parent-{TAG}")
def parent():
    assert inner(1) == 2
    waited = run_deployment("child-{TAG}/d", parameters={{"n": 1}}, timeout=90, poll_interval=1)
    assert waited.state.is_completed(), waited.state
    apart = run_deployment("child-{TAG}/d", parameters={{"n": 2}}, timeout=0, as_subflow=False)
    assert not apart.state.is_final(), apart.state
    late = run_deployment("slow-{TAG}/d", timeout=2, poll_interval=0.5)
    assert not late.state.is_final(), late.state
    mark("parent", [str(waited.id), str(apart.id), str(late.id)])
""")
prefect("work-pool", "create", POOL, "--type", "process")
for function in ("child", "slow"):
    deploy(function, POOL)
run_id = create_run(deploy("parent", POOL))

with worker(POOL):
    reaches(run_id, "COMPLETED", seconds=120)
    [done] = marks("parent")
    waited, apart, late = done["text"]
    reaches(apart, "COMPLETED")
    open_gate("slow")
    reaches(late, "COMPLETED")

[inner] = marks("inner")
called = read_run(inner["run"])
assert called.state.name == "Completed" and called.deployment_id is None, called
assert called.parameters == {"n": 1} and called.run_count == 1, called
# A subflow belongs to a task run of its parent; a flow that is run separately does not.
assert called.parent_task_run_id and read_run(waited).parent_task_run_id and read_run(late).parent_task_run_id
assert read_run(apart).parent_task_run_id is None
assert api().read_task_run(called.parent_task_run_id).flow_run_id == read_run(run_id).id
assert sorted((mark["run"], mark["text"]) for mark in marks("child")) == sorted([(waited, 1), (apart, 2)])
