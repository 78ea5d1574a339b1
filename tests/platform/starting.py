"""Starts the portal the way `make run` does, as a process of its own, with a state folder and a port of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

from partnerdesk.local.places import CHECKOUT, Places, below

STARTER = [sys.executable, "-m", "partnerdesk.local"]


class Start:
    """One try-out of the starter. Close it: under root its data is not in the state folder alone."""

    def __init__(self) -> None:
        self.state = Path(tempfile.mkdtemp(prefix="partnerdesk-start-", dir="/tmp"))
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.places: Places = below(self.state.resolve())
        self.process: subprocess.Popen[str] | None = None

    def env(self, **more: str) -> dict[str, str]:
        """Nothing of the tests' own servers reaches the starter."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {"STATE_DIR": str(self.state), "PORT": str(self.port)} | more

    def run(self, **more: str) -> str:
        """Start and wait until it says where it answers; what it said until then."""
        self.process = subprocess.Popen(
            [*STARTER, "run"], cwd=CHECKOUT, env=self.env(**more), stdout=subprocess.PIPE, text=True
        )
        said = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said.append(line)
            if "Ctrl-C stops everything" in line:
                return "".join(said)
        raise AssertionError(f"It ended with {self.process.wait()} and said:\n{''.join(said)}")

    def command(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*STARTER, *arguments], cwd=CHECKOUT, env=self.env(**more), capture_output=True, text=True, timeout=60
        )

    def end(self, by: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(by)
        return self.process.wait(60)

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.end(signal.SIGINT)
        self.command("reset")
        shutil.rmtree(self.state, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def get(url: str) -> tuple[int, str]:
    """Status and text, redirects followed, any proxy of the machine passed by."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as answer:
        return answer.status, answer.read().decode()


def sign_in(site: str, email: str, password: str) -> str:
    """The first page after signing in as a browser would, with cookies and the form's hidden token."""
    browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor())
    with browser.open(f"{site}/", timeout=10) as answer:
        address, page = answer.url, answer.read().decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    form = urllib.parse.urlencode({**hidden, "login": email, "password": password}).encode()
    with browser.open(address, form, timeout=10) as answer:
        return str(answer.read().decode())


def descendants(pid: int) -> set[int]:
    """Children and theirs, as they are now."""
    parents = {int(folder.name): state(int(folder.name))[1] for folder in Path("/proc").glob("[0-9]*")}
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def left_of(pids: set[int], within: float = 15.0) -> set[int]:
    """Those still alive after `within` seconds, or none as soon as all are gone."""
    comes_true(lambda: not any(alive(pid) for pid in pids), within)
    return {pid for pid in pids if alive(pid)}


def comes_true(condition: Callable[[], bool], within: float = 15.0) -> bool:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def alive(pid: int) -> bool:
    return state(pid)[0] not in {"gone", "Z"}


def state(pid: int) -> tuple[str, int]:
    """The state letter of proc(5) and the parent's id; ("gone", 0) when there is no such process."""
    try:
        letter, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return "gone", 0
    return letter, int(parent)
