"""The unmodified CLI of Prefect: each command in a process of its own, forked from one that has imported Prefect.

The import takes 1.3 s of CPU, 4 s for Prefect 2, and most commands take 0.2 s more. So a journey
imports Prefect once and forks a process, the nursery, while it has no thread, client or signal
handler yet. The nursery runs no command itself. For each it forks a process, which then does what
the script `prefect` does: it calls `prefect.cli.app()` with the words in `sys.argv`, and exits.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time

# Prefect 3 would import the last ones when a command needs them.
_IMPORTS = ["prefect.cli", "prefect.engine", "prefect.workers.process"]
_IMPORTS += [f"prefect.cli.{name}" for name in ("artifact", "concurrency_limit", "deploy", "deployment", "flow", "flow_run")]
_IMPORTS += [f"prefect.cli.{name}" for name in ("global_concurrency_limit", "variable", "work_pool", "work_queue", "worker")]

_nursery = None
_nursery_pid = None
_exit_codes = {}


class Command:
    """`prefect` with these words, in the environment of the journey's start; what it prints goes into the file
    `log`. To its journey it looks like a subprocess.Popen."""

    def __init__(self, words, log, cwd, new_session=False):
        self.args = ["prefect", *words]
        _nursery.sendall(json.dumps([self.args, log, cwd, new_session]).encode() + b"\n")
        self.pid = None
        while self.pid is None:
            self.pid = _hear()

    def poll(self):
        while self.pid not in _exit_codes and select.select([_nursery], [], [], 0)[0]:
            _hear()
        return _exit_codes.get(self.pid)

    def wait(self, seconds=None):
        began = time.monotonic()
        while self.poll() is None:
            if seconds is not None and time.monotonic() - began > seconds:
                raise subprocess.TimeoutExpired(self.args, seconds)
            time.sleep(0.02)
        return self.poll()

    def send_signal(self, number):
        os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)


def start():
    """Once, before anything else of the journey."""
    global _nursery, _nursery_pid
    for name in _IMPORTS:
        importlib.import_module(name)
    ours, its = socket.socketpair()
    _nursery_pid = os.fork()
    if _nursery_pid == 0:
        ours.close()
        _serve(its)
    its.close()
    _nursery = ours


def stop():
    """Commands that still run live on: whoever started them ends them first."""
    _nursery.close()
    os.waitpid(_nursery_pid, 0)


def _hear():
    """The pid of a command that was started, or None, having noted the exit code of one that has ended."""
    pid, code = map(int, _line(_nursery).split())
    if code == _STARTED:
        return pid
    _exit_codes[pid] = code


# Exit codes are at most 255, and those of signals are above -100.
_STARTED = 1000


def _line(of):
    """Byte by byte: select() does not see what a buffer holds."""
    line = b""
    while not line.endswith(b"\n"):
        byte = of.recv(1)
        if not byte:
            raise EOFError("the other side is gone")
        line += byte
    return line


def _serve(journey):
    """Forks a command per request, and tells `PID 1000` when it starts and `PID CODE` when it has ended."""
    gc.freeze()
    commands = 0
    while True:
        if select.select([journey], [], [], 0.02 if commands else None)[0]:
            try:
                request = json.loads(_line(journey))
            except EOFError:
                os._exit(0)
            pid = os.fork()
            if pid == 0:
                journey.close()
                _run(*request)
            commands += 1
            journey.sendall(b"%d %d\n" % (pid, _STARTED))
        pid, status = os.waitpid(-1, os.WNOHANG) if commands else (0, 0)
        if pid:
            commands -= 1
            journey.sendall(b"%d %d\n" % (pid, os.waitstatus_to_exitcode(status)))


def _run(args, log, cwd, new_session):
    if new_session:
        os.setsid()
    os.chdir(cwd)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    # As PYTHONUNBUFFERED does: the journey reads what a worker says while it works.
    sys.stdout.reconfigure(write_through=True)
    sys.argv = args
    from prefect.cli import app

    # Through the journey's import of this, as no code of the journey has begun yet.
    sys.exit(app())
