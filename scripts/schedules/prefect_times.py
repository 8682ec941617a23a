"""The times of schedules as Prefect's own server computes them. The first line on standard input has zones and instants;
the answer has their offsets, because machines differ in their time zone data. Then a question per line
({"schedule": ..., "start": ISO, "n": 5}), and an answer per line ({"times": [seconds]}, or why there are none)."""
import json
import platform
import signal
import sys
from datetime import datetime, timezone
from importlib.metadata import version
from zoneinfo import ZoneInfo

from prefect.server.schemas.schedules import CronSchedule, IntervalSchedule, RRuleSchedule


class TooLong(Exception):
    pass


def too_long(*_):
    raise TooLong("no answer within 3 seconds")


def schedule_of(given):
    if "cron" in given:
        return CronSchedule(**given)
    return RRuleSchedule(**given) if "rrule" in given else IntervalSchedule(**given)


def answer(question):
    signal.setitimer(signal.ITIMER_REAL, 3)
    try:
        schedule = schedule_of(question["schedule"])
    except TooLong as error:
        return {"slow": str(error)}
    except Exception as error:
        return {"refused": str(error).strip().splitlines()[-1][:200]}
    try:
        start = datetime.fromisoformat(question["start"].replace("Z", "+00:00"))
        dates = schedule._get_dates_generator(n=question["n"], start=start)
        return {"times": sorted({date.astimezone(timezone.utc).timestamp() for date in dates})}
    except TooLong as error:
        return {"slow": str(error)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:200]}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


signal.signal(signal.SIGALRM, too_long)
asked = json.loads(sys.stdin.readline())
offsets = {
    zone: [datetime.fromtimestamp(at, ZoneInfo(zone)).utcoffset().total_seconds() for at in asked["instants"]]
    for zone in asked["zones"]
}
about = {"prefect": version("prefect"), "python": platform.python_version(), "offsets": offsets}
print(json.dumps(about), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
