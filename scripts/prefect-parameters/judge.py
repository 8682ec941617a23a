"""Says of each case what Prefect's own code says. One case per line in, one answer per line out."""

import asyncio
import json
import logging
import math
import re
import sys
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

from fastapi import HTTPException  # noqa: E402
from prefect._internal.schemas.validators import (  # noqa: E402
    validate_parameter_openapi_schema,
    validate_values_conform_to_schema,
)
from prefect.server.api.validation import (  # noqa: E402
    _validate_work_pool_job_variables,
)
from prefect.utilities.schema_tools import hydration, validation  # noqa: E402


def run(case):
    validation.validate(case["value"], case["schema"], raise_on_error=True)


def change(case):
    validation.validate(
        case["value"], case["schema"], raise_on_error=True, ignore_required=True
    )


def first(case):
    validate_values_conform_to_schema(
        case["value"], case["schema"], ignore_required=True
    )
    validate_parameter_openapi_schema(
        case["schema"], {"enforce_parameter_schema": True}
    )


def variables(case):
    template = {"job_configuration": {"a": "b"}, "variables": case["schema"]}
    asyncio.run(
        _validate_work_pool_job_variables(
            None, "pool", template, case["value"], ignore_required=case["partial"]
        )
    )


def pattern(case):
    re.search(case["pattern"], "")
    return [re.search(case["pattern"], text) is not None for text in case["texts"]]


def hydrate(case):
    context = hydration.HydrationContext(
        workspace_variables=case["variables"],
        raise_on_error=True,
        render_jinja=True,
        render_workspace_variables=True,
    )
    return stored(hydration.hydrate(case["value"], context))


def stored(value):
    """As it comes back from the database, in which a number that is none is null."""
    if isinstance(value, dict):
        return {key: stored(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [stored(inside) for inside in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


KINDS = {one.__name__: one for one in (run, change, first, variables, pattern, hydrate)}
REFUSALS = (
    validation.ValidationError,
    hydration.HydrationError,
    ValueError,
    HTTPException,
)


def judged(case):
    try:
        return {"verdict": "taken", "value": KINDS[case["kind"]](case)}
    except validation.CircularSchemaRefError:
        return {"verdict": "refused", "why": "circular"}
    except re.error as error:
        return {"verdict": "refused", "why": f"pattern: {error}"}
    except REFUSALS as error:
        return {"verdict": "refused", "why": error.detail if isinstance(error, HTTPException) else str(error)}
    except Exception as error:  # The server would answer 500.
        return {"verdict": "crashed", "why": f"{type(error).__name__}: {error}"[:300]}


for line in sys.stdin:
    print(json.dumps(judged(json.loads(line))), flush=True)
