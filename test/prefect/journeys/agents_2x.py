"""Prefect 2.20: `deployment build --apply`, two agents poll one queue of one pool, each run is executed once.

Runs under a Python that has prefect==2.20.*, unlike the others. Its oracle is the server of 2.20: that of
Prefect 3 refuses what the old CLI sends to POST /deployments/."""

import asyncio
import re

from journey import TAG, flow_file, prefect, ran_once, running, says, until
from prefect.client.orchestration import get_client

RUNS = 8
POOL, NAME = f"pool-{TAG}", f"old-{TAG}/d"
flow_file(f"""
from prefect import flow
from marks import mark

@flow(name="old-{TAG}")
def old(i: int = 0):
    mark("ran")
""")
prefect("work-pool", "create", POOL, "--type", "prefect-agent")
prefect("deployment", "build", "flows.py:old", "-n", "d", "-p", POOL, "-o", "d.yaml", "--apply")


def create(i):
    return re.search(r"UUID: ([0-9a-f-]{36})", prefect("deployment", "run", NAME, "--param", f"i={i}"))[1]


runs = [create(i) for i in range(2)]


async def create_more_and_wait():
    async with get_client() as client:
        deployment = await client.read_deployment_by_name(NAME)
        for i in range(2, RUNS):
            run = await client.create_flow_run_from_deployment(deployment.id, parameters={"i": i})
            runs.append(str(run.id))
        for _ in range(180):
            states = [(await client.read_flow_run(run_id)).state_type.value for run_id in runs]
            if set(states) == {"COMPLETED"}:
                return
            await asyncio.sleep(1)
        raise AssertionError(states)


with running("prefect", "agent", "start", "-p", POOL) as a, running("prefect", "agent", "start", "-p", POOL) as b:
    until(lambda: all("Agent started" in agent.output() for agent in (a, b)), "both agents started")
    asyncio.run(create_more_and_wait())
    says(a.output() + b.output(), "Submitting flow run", "Completed submission")
ran_once(runs)
