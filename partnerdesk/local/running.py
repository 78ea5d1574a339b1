"""Whether this checkout's portal runs already, and where. A lock of the system, so a killed start holds nothing."""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from partnerdesk.local.processes import CannotStartError


class RunningError(Exception):
    """Another start holds the lock: where it answers, its process, and the variables that point to its servers."""

    def __init__(self, url: str, pid: int, servers: Mapping[str, str]) -> None:
        super().__init__(f"PartnerDesk is already running at {url} (process {pid}).")
        self.servers = servers


class Lock:
    """The children hold its `descriptor` as well: a killed starter is gone at once, its servers a moment later."""

    def __init__(self, file: IO[str], url: str) -> None:
        self.file = file
        self.url = url
        self.descriptor = file.fileno()

    def tell(self, servers: Mapping[str, str]) -> None:
        """Write down what others may want to know while we run."""
        self.file.seek(0)
        self.file.truncate()
        json.dump({"pid": os.getpid(), "url": self.url, "servers": dict(servers)}, self.file)
        self.file.flush()


@contextmanager
def only_one(path: Path, url: str, within: float = 20.0) -> Iterator[Lock]:
    """Hold the lock of the checkout. RunningError when its holder lives; one that was killed is waited for."""
    deadline = time.monotonic() + within
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        while not locked(file.fileno()):
            holder = read(path)
            if holder and alive(holder["pid"]):
                raise RunningError(**holder)
            if time.monotonic() > deadline:
                raise CannotStartError("The servers of a start that was killed have not ended yet: try again.")
            time.sleep(0.1)
        lock = Lock(file, url)
        lock.tell({})
        yield lock


def read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text()))
    except ValueError:  # caught while it was being written
        return {}


def locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
