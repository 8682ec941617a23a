"""`prefect deploy --all` of a prefect.yaml with two deployments; both run; a changed one is deployed again."""

from journey import DIR, TAG, api, create_run, flow_file, marks, prefect, reaches, says, worker

POOL, OTHER = f"pool-{TAG}", f"other-{TAG}"
flow_file(f"""
from prefect import flow
from marks import mark

@flow(name="greet-{TAG}")
def greet(name: str, times: int = 1):
    mark("greeted", [name, times])
""")


def write_yaml(times):
    flow_file(
        f"""
name: journey
pull:
  - prefect.deployments.steps.set_working_directory:
      directory: {DIR}
definitions:
  here: &here
    name: {POOL}
    work_queue_name: quick
deployments:
  - name: one
    entrypoint: flows.py:greet
    parameters: {{name: Ada, times: {times}}}
    tags: [yaml]
    work_pool: *here
  - name: two
    entrypoint: flows.py:greet
    description: of another pool
    parameters: {{name: Bob}}
    work_pool: {{name: {OTHER}}}
""",
        "prefect.yaml",
    )


def deployment(name):
    return api().read_deployment_by_name(f"greet-{TAG}/{name}")


for pool in (POOL, OTHER):
    prefect("work-pool", "create", pool, "--type", "process")
write_yaml(times=2)
says(prefect("deploy", "--all"), f"greet-{TAG}/one", f"greet-{TAG}/two")
one, two = deployment("one"), deployment("two")
assert (one.work_pool_name, one.work_queue_name, one.tags) == (POOL, "quick", ["yaml"]), one
assert (two.work_pool_name, two.work_queue_name, two.description) == (OTHER, "default", "of another pool"), two

with worker(POOL), worker(OTHER):
    first, second = create_run(one.id), create_run(two.id, parameters={"times": 7})
    reaches(first, "COMPLETED")
    reaches(second, "COMPLETED")
greeted = {mark["run"]: mark["text"] for mark in marks("greeted")}
assert greeted == {first: ["Ada", 2], second: ["Bob", 7]}, greeted

write_yaml(times=3)
prefect("deploy", "--name", "one")
again = deployment("one")
assert again.id == one.id and again.parameters == {"name": "Ada", "times": 3}, again
assert deployment("two").id == two.id
