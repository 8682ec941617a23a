"""Parameters and job variables arrive as they were sent, even big integers; parameters that break the schema are refused."""

import json

from journey import TAG, api, create_run, deploy, flow_file, marks, prefect, reaches, read_run, says, worker
from prefect.exceptions import PrefectHTTPStatusError

POOL = f"pool-{TAG}"
flow_file(f"""
import os
from prefect import flow
from marks import mark

@flow(name="strict-{TAG}")
def strict(n: int, deep: dict = {{}}):
    mark("strict", [str(n), deep, os.environ.get("FROM_DEPLOYMENT"), os.environ.get("FROM_RUN")])

@flow(name="lax-{TAG}", validate_parameters=False)
def lax(n: int):
    mark("lax", n)
""")
prefect("work-pool", "create", POOL, "--type", "process")
strict = deploy("strict", POOL, job_variables={"env": {"FROM_DEPLOYMENT": "yes", "FROM_RUN": "no"}})
lax = deploy("lax", POOL, enforce_parameter_schema=False)

# Numbers that a double cannot hold, and text that must not be changed on the way.
BIG = 2**80 + 1
DEEP = {"z": 2**53 + 1, "a": [-(2**63) - 1, 1.5, None, True], "ü": "☃ \u2028 \" \\ {{ x }}", "": {}}
big = create_run(strict, parameters={"n": BIG, "deep": DEEP})
assert read_run(big).parameters == {"n": BIG, "deep": DEEP}, read_run(big).parameters
assert list(read_run(big).parameters["deep"]) == list(DEEP), "the order of keys"
run_env = create_run(
    strict, parameters={"n": 1}, job_variables={"env": {"FROM_DEPLOYMENT": "over", "FROM_RUN": "yes"}}
)
loose = create_run(lax, parameters={"n": "no number"})


def refused(status, **options):
    try:
        create_run(strict, **options)
    except PrefectHTTPStatusError as error:
        assert error.response.status_code == status, error
        return error.response.text
    raise SystemExit(f"accepted: {options}")


says(refused(409, parameters={"n": "no number"}), "integer")
says(refused(409, parameters={}), "required")
refused(422, parameters={"n": 1}, job_variables={"env": "not a table"})
says(prefect("deployment", "run", f"strict-{TAG}/d", "--param", 'n="x"', fails=True), "integer")

with worker(POOL):
    for run_id in (big, run_env, loose):
        reaches(run_id, "COMPLETED")
found = {mark["run"]: mark["text"] for mark in marks("strict")}
assert found[big] == [str(BIG), DEEP, "yes", "no"], found[big]
assert found[run_env][2:] == ["over", "yes"], found[run_env]
assert [mark["text"] for mark in marks("lax")] == ["no number"]
assert json.dumps(read_run(big).parameters["deep"]) == json.dumps(DEEP)
