"""What the journeys share: the CLI, processes that end with the journey, waiting, marks that flows leave.

A journey is a program. It exits with 0, or with a traceback and the output of its processes. It needs
PREFECT_API_URL. DIBS_JOURNEY_SERVER=prefect says that the address is that of Prefect's own server. Each
journey is tried against that server first, without the parts that only dibs has (`OURS`).
"""

import atexit
import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

import forked_cli
import marks as flow_marks

API_URL = os.environ["PREFECT_API_URL"]
OURS = os.environ.get("DIBS_JOURNEY_SERVER", "dibs") == "dibs"
HERE = os.path.dirname(os.path.abspath(__file__))
# Part of every name that a journey uses, because all journeys share one server.
TAG = uuid.uuid4().hex[:6]
DIR = tempfile.mkdtemp(prefix=f"dibs-journey-{TAG}-")

os.environ.update(
    PREFECT_HOME=os.path.join(DIR, "home"),
    DO_NOT_TRACK="1",
    PREFECT_SERVER_ANALYTICS_ENABLED="false",
    PREFECT_CLI_COLORS="false",
    PREFECT_CLI_PROMPT="false",
    PREFECT_LOGGING_LEVEL="INFO",
    PREFECT_WORKER_QUERY_SECONDS="2",
    PREFECT_RUNNER_POLL_FREQUENCY="2",
    PREFECT_AGENT_QUERY_INTERVAL="2",
    # The server answers plain HTTP. Without these settings each client loads 140 certificate authorities: 25 ms.
    PREFECT_API_TLS_INSECURE_SKIP_VERIFY="true",
    SSL_CERT_FILE="",
    SSL_CERT_DIR=DIR,
    # The CLI cuts its tables at the width of the terminal.
    COLUMNS="250",
    PYTHONPATH=HERE,
    PYTHONUNBUFFERED="1",
    JOURNEY_MARKS=os.path.join(DIR, "marks"),
    PATH=os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"],
)
os.mkdir(os.environ["JOURNEY_MARKS"])
forked_cli.start()


# --- the CLI


def prefect(*words, fails=False, seconds=120):
    """The output of the CLI, which must succeed or fail as expected."""
    log = os.path.join(DIR, f"prefect-{uuid.uuid4().hex}.log")
    command = forked_cli.Command(words, log, DIR)
    try:
        code = command.wait(seconds)
    except subprocess.TimeoutExpired:
        command.kill()
        raise
    with open(log) as file:
        said = file.read()
    assert (code != 0) == fails, f"prefect {' '.join(words)} -> {code}\n{said[-4000:]}"
    return said


def says(text, *words):
    for word in words:
        assert word in text, f"no {word!r} in:\n{text[-4000:]}"


def says_not(text, *words):
    for word in words:
        assert word not in text, f"{word!r} in:\n{text[-4000:]}"


# --- the client


_client = None


def api():
    """The real Prefect client, one for the whole journey."""
    global _client
    if _client is None:
        from prefect.client.orchestration import get_client

        _client = get_client(sync_client=True).__enter__()
    return _client


def http(method, path, body=None):
    """A request to a route that only dibs has, which no Prefect client knows."""
    import httpx

    key = os.environ.get("PREFECT_API_KEY")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = httpx.request(method, API_URL + path, json=body, headers=headers, timeout=30)
    assert answer.is_success, f"{method} {path} -> {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


def flow_file(code, name="flows.py"):
    path = os.path.join(DIR, name)
    with open(path, "w") as file:
        file.write(code)
    return path


def deploy(function, pool, file="flows.py", name="d", **options):
    """Calls flow.deploy() for a function in a file, and returns the deployment's id."""
    from prefect import flow

    loaded = flow.from_source(source=DIR, entrypoint=f"{os.path.join(DIR, file)}:{function}")
    with contextlib.redirect_stdout(io.StringIO()):
        return loaded.deploy(name, pool, print_next_steps=False, ignore_warnings=True, **options)


def create_run(deployment_id, **options):
    return str(api().create_flow_run_from_deployment(deployment_id, **options).id)


def read_run(run_id):
    return api().read_flow_run(run_id)


def states(run_id):
    """The names of all states that the run has had, oldest first."""
    return [state.name for state in sorted(api().read_flow_run_states(run_id), key=lambda s: s.timestamp)]


# --- waiting


def until(question, what, seconds=90, every=0.5):
    """Returns the first true result. If none comes in time, fails with `what`, which may be a function."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what() if callable(what) else what}")
        time.sleep(every)
    return answer


def reaches(run_id, *types, name=None, seconds=90):
    """Waits until the run's state has one of these types (and this name), and returns the run."""

    def there():
        run = read_run(run_id)
        return run if run.state.type.value in types and name in (None, run.state.name) else None

    def now():
        state = read_run(run_id).state
        return f"{' or '.join(types)} {name or ''}: run {run_id} is {state.type.value} {state.name}, {state.message}"

    return until(there, now, seconds)


def logs_say(run_id, *words):
    """Waits for logs: flow processes send them with some delay, even after the run's last state."""

    def there():
        said = prefect("flow-run", "logs", run_id)
        return said if all(word in said for word in words) else None

    return until(there, lambda: f"logs with {words}:\n{prefect('flow-run', 'logs', run_id)}", 40)


# --- marks: files that flows leave behind, as proof that does not depend on the server


def marks(word):
    """All marks with this word, ordered by time: {run, pid, at, text}."""
    return flow_marks.read(word)


def ran_once(run_ids, word="ran"):
    ran = [mark["run"] for mark in marks(word)]
    twice = sorted({run for run in ran if ran.count(run) > 1})
    never = sorted(set(run_ids) - set(ran))
    assert sorted(ran) == sorted(run_ids), f"{len(ran)} executions of {len(run_ids)} runs; twice: {twice}; never: {never}"


# --- processes


class Process:
    def __init__(self, command, env):
        self.log = os.path.join(DIR, f"{os.path.basename(command[0])}-{uuid.uuid4().hex[:4]}.log")
        if command[0] == "prefect" and not env:
            self.child = forked_cli.Command(command[1:], self.log, DIR, new_session=True)
        else:
            self.child = self.spawn(command, env)
        self.pid = self.child.pid
        self.orphans = []

    def spawn(self, command, env):
        env = {**os.environ, **env}
        with open(self.log, "w") as log:
            return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=env, cwd=DIR, start_new_session=True)

    def output(self):
        with open(self.log) as log:
            return log.read()

    def lives(self):
        return self.child.poll() is None

    def stop(self, seconds=30):
        """Stops the process as Ctrl-C does. Processes that it leaves running end with the journey."""
        if not self.lives():
            return
        self.orphans += descendants(self.pid)
        self.child.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.child.wait(seconds)
        if self.lives():
            self.kill_all()

    def kill(self):
        """kill -9 of this process only: the processes that it started live on."""
        self.orphans += descendants(self.pid)
        self.child.kill()
        self.child.wait()

    def kill_all(self):
        """kill -9 of the process and all that it started, as if the machine died."""
        everything = [self.pid, *descendants(self.pid)] if self.lives() else []
        for pid in [*everything, *self.orphans]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.child.wait()


_processes = []


@contextlib.contextmanager
def running(*command, env=None):
    process = Process(command, env or {})
    _processes.append(process)
    yield process
    # Not in a `finally`, because a failed journey first shows the output of its processes, then kills them.
    process.stop()


def worker(pool, *words, name=None, env=None):
    named = ["--name", name] if name else []
    # If the server requires keys, the worker has its own key, with no more rights than it needs.
    key = os.environ.get("JOURNEY_WORKER_KEY")
    # The worker sends the key in the other way that Prefect's clients support.
    own = {"PREFECT_API_KEY": "", "PREFECT_API_AUTH_STRING": f"worker:{key}"} if key else {}
    env = {**(env or {}), **own}
    return running("prefect", "worker", "start", "--pool", pool, *named, *words, env=env)


def descendants(pid):
    """All processes below `pid`. A worker's flow processes have their own sessions, so follow the parents."""
    table = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True).stdout
    parents = {int(child): int(parent) for child, parent in map(str.split, table.splitlines())}
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def _end():
    for process in _processes:
        if hasattr(sys, "last_value"):
            print(f"--- {' '.join(process.child.args)}\n{process.output()[-3000:]}", file=sys.stderr)
        process.kill_all()
    forked_cli.stop()
    shutil.rmtree(DIR, ignore_errors=True)


atexit.register(_end)


def _no_more_time(*_):
    raise TimeoutError("the journey was told to end: see above where it was")


signal.signal(signal.SIGTERM, _no_more_time)
