"""`python -m partnerdesk.local run | reset | manage COMMAND …`, behind the Makefile's targets."""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

from partnerdesk.local import processes, site
from partnerdesk.local.places import CHECKOUT, Places, places
from partnerdesk.local.processes import CannotStartError
from partnerdesk.local.running import RunningError, only_one

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopError(BaseException):
    """Somebody wants us to end. Not an Exception, so that nobody on the way takes it for a failure."""


def run(here: Places) -> None:
    started = time.monotonic()
    for number in SIGNALS:
        signal.signal(number, on_signal)
    try:
        with site.serving(here, port()) as running:
            say(banner(running, here, time.monotonic() - started))
            running.watch()
    except StopError:
        say("Stopped.")


def on_signal(number: int, frame: FrameType | None) -> None:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)  # the second Ctrl-C must not cut the orderly stop
    say("\nStopping …")
    raise StopError


def port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise CannotStartError(f"PORT must be a number from 1 to 65535, not {given!r}.")
    return int(given)


def banner(running: site.Site, here: Places, seconds: float) -> str:
    lines = [f"\nPartnerDesk answers at {running.url} (after {seconds:.0f} s)", ""]
    lines += [running.logins.strip(), ""] if running.logins.strip() else []
    if "EMAIL_URL" not in os.environ:
        lines.append(f"Mail is kept in {here.mail} and sent to nobody; EMAIL_URL sends it.")
    lines.append(f"Logs are in {here.logs}, attachments and the rest in {here.state}.")
    if "DATABASE_URL" not in os.environ and (account := processes.server_account()):
        lines.append(f"You are root, so Postgres runs as {account.pw_name!r} with its data in {here.cluster}.")
    return "\n".join([*lines, "Ctrl-C stops everything and keeps the data; `make reset` deletes it."])


def reset(here: Places) -> None:
    if not (here.state.exists() or here.cluster.exists()):
        say("There is nothing to delete.")
        return
    here.make()
    with only_one(here.lock, "(make reset)"):
        deleted = here.delete()
    say("\n".join(["Deleted:", *(f"  {path}" for path in deleted)]))


def manage(here: Places, arguments: list[str]) -> int:
    """A management command on the local data. Beside a running portal its servers are used, else Postgres starts."""
    command = [sys.executable, str(CHECKOUT / "manage.py"), *arguments]
    signal.signal(signal.SIGINT, lambda number, frame: None)  # Ctrl-C is for the command
    with site.data_only(here) as env:
        return subprocess.call(command, env=env, cwd=CHECKOUT)


def say(words: str) -> None:
    print(words, flush=True)


def main(arguments: list[str]) -> int:
    os.chdir(CHECKOUT)
    try:
        here = places()
        match arguments:
            case ["run", *options]:
                here.make()
                if "--until-parent-ends" in options:
                    processes.end_with_parent(signal.SIGTERM)
                run(here)
            case ["reset"]:
                reset(here)
            case ["manage", *rest]:
                here.make()
                return manage(here, rest)
            case _:
                say(str(__doc__))
                return 2
    except RunningError as error:
        say(str(error))
    except CannotStartError as error:
        say(f"\n{error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
