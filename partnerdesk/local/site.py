"""Everything in order: Postgres, Valkey, mail, then the data, then worker and pages; and down again, in reverse."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

from partnerdesk.local import processes
from partnerdesk.local.mail import MailSink
from partnerdesk.local.places import CHECKOUT, Places
from partnerdesk.local.postgres import Postgres
from partnerdesk.local.processes import CannotStartError
from partnerdesk.local.running import Lock, RunningError, only_one
from partnerdesk.local.valkey import Valkey

READY_WITHIN = 90.0  # seconds, on a slow machine that compiles everything for the first time

# Celery warns whoever runs it as root. The warning is about messages that carry code (pickle); our workers accept
# JSON alone (CELERY_ACCEPT_CONTENT), and outside the local start they run under an account of their own.
CELERY_WARNING = "ignore:You're running the worker with superuser privileges"

Children = dict[str, subprocess.Popen[bytes]]


@dataclass
class Site:
    """A running portal. `env` is what its processes were given; `logins` is the demo's, as text."""

    url: str
    logs: Path
    env: dict[str, str] = field(default_factory=dict)
    logins: str = ""
    children: Children = field(default_factory=dict)

    def watch(self) -> None:
        """Return never; raise when one of the processes ends by itself."""
        while True:
            for name, child in self.children.items():
                if (code := child.poll()) is not None:
                    raise CannotStartError(
                        f"{name} ended by itself (exit code {code}), so everything was stopped. Its log: {self.logs}"
                    )
            time.sleep(0.3)


@contextmanager
def serving(places: Places, port: int) -> Iterator[Site]:
    """The portal of `places` at `port` of this machine, stopped when the block is left, however it is left."""
    url = f"http://localhost:{port}"
    refuse_taken(port)
    with only_one(places.lock, url) as lock, ExitStack() as stop:
        site = Site(url, places.logs)
        site.env = settings_for(places, url) | servers(places, stop, lock, site.children)
        site.logins = prepared(site.env)
        for name, command in commands(port).items():
            child = processes.start(command, log=places.log(name), env=site.env, keep=lock.descriptor)
            stop.callback(processes.stop, child)
            site.children[name] = child
        wait_for_page(site, places)
        yield site


@contextmanager
def data_only(places: Places) -> Iterator[dict[str, str]]:
    """The environment of a command that needs the data and no pages. Beside a running portal its servers serve."""
    url = "http://localhost:8000"
    try:
        with only_one(places.lock, url) as lock, ExitStack() as stop:
            yield settings_for(places, url) | servers(places, stop, lock, {})
    except RunningError as running:
        yield {**settings_for(places, url), **running.servers}


def settings_for(places: Places, url: str) -> dict[str, str]:
    """The caller's environment with what the local start decides and what nobody has decided yet."""
    decided = {"PARTNERDESK_ENV": "local", "DJANGO_SETTINGS_MODULE": "partnerdesk.settings", "PYTHONUNBUFFERED": "1"}
    defaults = {
        "DEMO": "True",
        "SECRET_KEY": places.secret_key(),
        "SITE_URL": url,
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "MEDIA_ROOT": str(places.attachments),
        "STATIC_ROOT": str(places.static),
    }
    given = {name: value for name, value in os.environ.items() if value}
    return defaults | given | decided


def servers(places: Places, stop: ExitStack, lock: Lock, children: Children) -> dict[str, str]:
    """Start what no variable points elsewhere; the variables that point to what was started."""
    started = {}
    if not os.environ.get("DATABASE_URL"):
        socket_folder = places.sockets if processes.server_account() is None else None
        postgres = Postgres(places.cluster, socket=socket_folder, log=places.log("postgres"), keep=lock.descriptor)
        stop.callback(postgres.stop)
        children["postgres"] = postgres.start()
        started["DATABASE_URL"] = postgres.url
    if not os.environ.get("REDIS_URL"):
        valkey = Valkey(
            places.broker, socket=places.sockets / "valkey.sock", log=places.log("valkey"), keep=lock.descriptor
        )
        stop.callback(valkey.stop)
        children["valkey"] = valkey.start()
        started["REDIS_URL"] = valkey.url
    if not os.environ.get("EMAIL_URL"):
        sink = MailSink(places.mail)
        sink.start()
        started["EMAIL_URL"] = sink.url
    lock.tell(started)
    return started


def prepared(env: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "partnerdesk.local.prepare"],
        env=dict(env),
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=processes.die_with(os.getpid(), signal.SIGKILL),
        start_new_session=True,
    )
    if done.returncode:
        raise CannotStartError("The data could not be prepared; the lines above say why.")
    return done.stdout


def commands(port: int) -> dict[str, list[str | Path]]:
    """Worker before pages, so that pages stop before the worker. The clock (-B) rides on the worker here only."""
    python = [sys.executable]
    worker = [
        "--quiet",
        "-A",
        "partnerdesk",
        "worker",
        "-B",
        "--scheduler",
        "celery.beat:Scheduler",
        "--concurrency",
        "2",
    ]
    quiet = ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    return {
        "worker": [*python, "-W", CELERY_WARNING, "-m", "celery", *worker, *quiet],
        "web": [*python, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"],
    }


def refuse_taken(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotStartError(
                f"Port {port} cannot be used ({error.strerror}). Choose another one: make run PORT={port + 1}"
            ) from error


def wait_for_page(site: Site, places: Places) -> None:
    """Until the process answers and the first page, which for a stranger is the sign-in, is there."""
    deadline = time.monotonic() + READY_WITHIN
    address = site.url.replace("localhost", "127.0.0.1")  # somebody else may answer at the other localhost, [::1]
    while not (answers(f"{address}/healthz") and answers(f"{address}/")):
        for name, child in site.children.items():
            if child.poll() is not None:
                raise CannotStartError(f"{name} did not start:\n{processes.last_lines(places.log(name), 20)}")
        if time.monotonic() > deadline:
            raise CannotStartError(f"No page after {READY_WITHIN:.0f} s; see {places.logs}/web.log")
        time.sleep(0.1)


def answers(url: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=10) as response:
            return bool(response.status == 200)
    except (OSError, HTTPException):  # not there yet, or (HTTPError) an answer that is not a page
        return False
