"""serve(): two flows in one process, each run by its own deployment; and two replicas that serve one deployment."""

from journey import TAG, api, create_run, flow_file, marks, prefect, ran_once, reaches, read_run, running, says, until

flow_file(
    f"""
from prefect import flow, serve
from marks import mark

@flow(name="hello-{TAG}")
def hello(name: str = "you"):
    mark("hello", name)

@flow(name="bye-{TAG}")
def bye():
    mark("bye")

if __name__ == "__main__":
    serve(hello.to_deployment("d", tags=["served"]), bye.to_deployment("d"))
""",
    "two.py",
)
flow_file(
    f"""
import time
from prefect import flow
from marks import mark

@flow(name="many-{TAG}")
def many(i: int = 0):
    mark("ran")
    time.sleep(1)

if __name__ == "__main__":
    many.serve("d", pause_on_shutdown=False)
""",
    "replica.py",
)


def served(name):
    return until(lambda: api().read_deployments() and exists(name), f"{name} is there").id


def exists(name):
    from prefect.exceptions import ObjectNotFound

    try:
        return api().read_deployment_by_name(name)
    except ObjectNotFound:
        return None


with running("python", "two.py"):
    one = create_run(served(f"hello-{TAG}/d"), parameters={"name": "Ada"})
    two = create_run(served(f"bye-{TAG}/d"))
    reaches(one, "COMPLETED")
    reaches(two, "COMPLETED")
assert [mark["text"] for mark in marks("hello")] == ["Ada"] and len(marks("bye")) == 1
assert read_run(one).tags == ["served"] and read_run(one).work_pool_name is None, read_run(one)
# When serve() stops, it pauses the deployments that it served.
assert exists(f"hello-{TAG}/d").paused
says(prefect("deployment", "ls"), f"hello-{TAG}/d", f"bye-{TAG}/d")

with running("python", "replica.py"), running("python", "replica.py"):
    deployment_id = served(f"many-{TAG}/d")
    runs = [create_run(deployment_id, parameters={"i": i}) for i in range(6)]
    for run_id in runs:
        reaches(run_id, "COMPLETED", seconds=120)
ran_once(runs)
