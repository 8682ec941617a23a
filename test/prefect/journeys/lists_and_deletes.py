"""Runs, deployments, flows and logs, listed and filtered by CLI and client, paged, and deleted."""

import logging
from datetime import datetime, timedelta, timezone

from journey import TAG, api, create_run, deploy, flow_file, prefect, says, says_not
from prefect.client.schemas.filters import DeploymentFilter, FlowFilter, FlowRunFilter, LogFilter
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort, LogSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Completed, Failed, Scheduled

POOL = f"pool-{TAG}"
flow_file(f"""
from prefect import flow

@flow(name="one-{TAG}")
def one(i: int = 0): ...

@flow(name="two-{TAG}")
def two(i: int = 0): ...
""")
prefect("work-pool", "create", POOL, "--type", "process")
one, two = deploy("one", POOL), deploy("two", POOL, tags=["weekly"])
now = datetime.now(timezone.utc)
later = [create_run(one, name=f"later-{i}-{TAG}", state=Scheduled(scheduled_time=now + timedelta(hours=i))) for i in (1, 2, 3)]
done, failed = create_run(two, name=f"done-{TAG}"), create_run(two, name=f"failed-{TAG}")
api().set_flow_run_state(done, Completed(), force=True)
api().set_flow_run_state(failed, Failed(message="no luck"), force=True)

# --- lists by the CLI
listed = prefect("flow-run", "ls", "--flow-name", f"one-{TAG}", "--flow-name", f"two-{TAG}")
says(listed, f"later-1-{TAG}", f"done-{TAG}", f"failed-{TAG}", "SCHEDULED", "COMPLETED", "FAILED")
listed = prefect("flow-run", "ls", "--state", "FAILED", "--flow-name", f"two-{TAG}")
says(listed, f"failed-{TAG}")
says_not(listed, f"done-{TAG}", f"later-1-{TAG}")
says(prefect("deployment", "ls"), f"one-{TAG}/d", f"two-{TAG}/d", POOL)
says(prefect("deployment", "inspect", f"two-{TAG}/d"), "weekly", POOL, "entrypoint")
says(prefect("flow", "ls"), f"one-{TAG}", f"two-{TAG}")
says(prefect("work-queue", "ls", "--pool", POOL), "default")
says(prefect("work-pool", "preview", POOL, "--hours", "2"), later[0], later[1])

# --- lists by the client
of_one = {"deployment_filter": DeploymentFilter(id={"any_": [one]})}


def ids(**options):
    return [str(run.id) for run in api().read_flow_runs(**options)]


soonest = FlowRunSort.EXPECTED_START_TIME_ASC
assert ids(**of_one, sort=soonest) == later
assert ids(**of_one, sort=FlowRunSort.EXPECTED_START_TIME_DESC) == later[::-1]
assert ids(**of_one, sort=soonest, limit=1, offset=1) == later[1:2]
of_flow = FlowFilter(name={"any_": [f"two-{TAG}"]})
assert sorted(ids(flow_filter=of_flow)) == sorted([done, failed])
assert ids(flow_filter=of_flow, flow_run_filter=FlowRunFilter(state={"type": {"any_": [StateType.FAILED]}})) == [failed]
assert ids(flow_run_filter=FlowRunFilter(id={"any_": []})) == []
some = FlowRunFilter(id={"any_": [done, later[0]]}, state={"name": {"any_": ["Completed"]}})
assert ids(flow_run_filter=some) == [done]
assert ids(flow_run_filter=FlowRunFilter(name={"like_": f"later-2-{TAG}"})) == later[1:2]
assert ids(flow_run_filter=FlowRunFilter(tags={"all_": ["weekly"]}), flow_filter=of_flow, limit=1, sort=soonest)
assert [d.name for d in api().read_deployments(flow_filter=of_flow)] == ["d"]
assert [f.name for f in api().read_flows(flow_filter=of_flow)] == [f"two-{TAG}"]

# --- more logs than a page has
lines = [
    {
        "name": "prefect.flow_runs",
        "level": logging.INFO,
        "message": f"line {i:03}",
        "timestamp": (now + timedelta(milliseconds=i)).isoformat(),
        "flow_run_id": done,
    }
    for i in range(450)
]
for start in range(0, 450, 150):
    api().create_logs(lines[start : start + 150])


def numbers(said):
    return [int(line.split("line ")[1][:3]) for line in said.splitlines() if "line " in line]


assert numbers(prefect("flow-run", "logs", done)) == list(range(450))
assert numbers(prefect("flow-run", "logs", done, "--num-logs", "250", "--reverse")) == list(range(450))[:199:-1]
assert sorted(numbers(prefect("flow-run", "logs", done, "--tail", "--num-logs", "3"))) == [447, 448, 449]
of_done = LogFilter(flow_run_id={"any_": [done]})
page = api().read_logs(of_done, limit=100, offset=400, sort=LogSort.TIMESTAMP_ASC)
assert [log.message for log in page] == [f"line {i:03}" for i in range(400, 450)]

# --- deletes
prefect("flow-run", "delete", later[0])
prefect("flow-run", "inspect", later[0], fails=True)
assert ids(**of_one, sort=soonest) == later[1:]
prefect("deployment", "delete", f"one-{TAG}/d")
prefect("deployment", "inspect", f"one-{TAG}/d", fails=True)
says_not(prefect("deployment", "ls"), f"one-{TAG}/d")
# Deleting a pool deletes none of its finished runs.
prefect("work-pool", "delete", POOL)
assert api().read_flow_run(done).state.name == "Completed"
try:
    api().delete_flow_run(later[0])
    raise SystemExit("a run was deleted twice")
except ObjectNotFound:
    pass
