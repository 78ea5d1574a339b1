"""Children that never outlive their starter, however it ends, and the account they run under."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class AsAccount(TypedDict):
    """Arguments of subprocess that say under whose name, and from which folder, a child runs."""

    user: int | None
    group: int | None
    extra_groups: list[str | int] | None
    cwd: str | None


class CannotStartError(Exception):
    """A server of the local start is missing or broken. The message is one sentence that says what to do."""


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    account: pwd.struct_passwd | None = None,
    on_death: signal.Signals = signal.SIGTERM,
    keep: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child that gets `on_death` when this process is gone. Call it from the main thread only.

    `keep` is a file descriptor the child holds open as well: a lock ends with its last holder.
    The child has its own session, so that Ctrl-C reaches the starter alone and the starter stops all in order.
    """
    with log.open("ab") as out:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            start_new_session=True,
            pass_fds=() if keep is None else (keep,),
            preexec_fn=die_with(os.getpid(), on_death),
            **as_account(account),
        )


def die_with(starter: int, on_death: signal.Signals) -> Callable[[], None]:
    """What the child does before it becomes the server. Python runs it after the change of account: that resets it."""

    def ask_for_the_signal() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, on_death)
            if os.getppid() != starter:  # gone between fork and prctl
                os.kill(os.getpid(), signal.SIGKILL)

    return ask_for_the_signal


def end_with_parent(by: signal.Signals) -> None:
    """Ask for `by` when whoever started us is gone: `make` may be killed as well."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, by)


def stop(child: subprocess.Popen[bytes], *, by: signal.Signals = signal.SIGTERM, within: float = 20.0) -> int:
    """Ask, wait `within` seconds, then kill. The exit code, negative for a signal."""
    if child.poll() is None:
        child.send_signal(by)
        try:
            child.wait(within)
        except subprocess.TimeoutExpired:
            child.kill()
    return child.wait()


def server_account() -> pwd.struct_passwd | None:
    """Postgres refuses to run as root: the account to drop to, or None when we are an ordinary user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise CannotStartError("Postgres does not run as root and there is no account 'nobody': start as an ordinary user.")


def as_account(account: pwd.struct_passwd | None) -> AsAccount:
    if account is None:
        return {"user": None, "group": None, "extra_groups": None, "cwd": None}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}


def last_lines(log: Path, count: int = 5) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:]) if log.exists() else ""
