"""Everything that is measured, started for the purpose: nothing of it is reached from outside, and it ends with us."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import psycopg2.extensions

from partnerdesk.local import processes
from partnerdesk.local.places import CHECKOUT
from partnerdesk.local.postgres import Postgres
from partnerdesk.local.valkey import Valkey
from tests.bench.browser import Browser, ticket_form, token, typed_form
from tests.bench.drive import Stand
from tests.bench.ops import EMAILS, Who
from tickets.bench.known import BEFORE, CONTACT, PASSWORD

TEMPLATE = "bench_empty"
READY_WITHIN = 60.0

#: What a form of the contact is filled with.
OWN = """
    SELECT min(t.id), (SELECT id FROM contacts_service WHERE code = 'email-security')
    FROM contacts_tenant t JOIN contacts_contact c USING (partner_id) JOIN contacts_user u ON u.id = c.user_id
    WHERE u.email = %s
"""


@dataclass(frozen=True)
class World:
    """A ticket with ten messages that the contact sees, and the keys of a tenant and a service of the contact's."""

    ticket: int
    tenant: int
    service: int


@dataclass
class Servers:
    """A Postgres and a broker in `folder`, and a web server for each size."""

    folder: Path
    postgres: Postgres
    valkey: Valkey
    stop: ExitStack
    say: Callable[[str], None]

    def empty(self) -> None:
        """A migrated database to copy from."""
        self.ask(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
        self._manage(TEMPLATE, "migrate", "-v0")
        self._manage(TEMPLATE, "collectstatic", "-v0", "--no-input")

    def fill(self, size: int) -> None:
        """A database with so many tickets."""
        self.ask(f"CREATE DATABASE {name_of(size)} TEMPLATE {TEMPLATE}")
        self.say(f"filling a database with {size:,} tickets")
        self._manage(name_of(size), "seed_bench", f"--tickets={size}")

    def statements(self, size: int) -> dict[str, int]:
        """How many each operation takes."""
        command = [sys.executable, "-m", "tests.bench.statements"]
        found: dict[str, int] = json.loads(
            self._run(name_of(size), command, WORLD=json.dumps(asdict(self.world(size))))
        )
        return found

    def stand(self, size: int) -> Stand:
        """The shipped web server on this database, with everybody signed in."""
        port = free_port()
        env = self._env(name_of(size)) | {"SITE_URL": f"http://127.0.0.1:{port}", "ALLOWED_HOSTS": "127.0.0.1"}
        log = self.folder / f"web-{size}.log"
        web = processes.start([sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"], log=log, env=env)
        self.stop.callback(processes.stop, web)
        wait_for(port, web, log)
        world = self.world(size)
        browsers = {who: signed_in(port, who) for who in Who}
        _status, page = browsers[Who.CONTACT].get("/tickets/new/")
        form, typed = (make(token(page), world.tenant, world.service) for make in (ticket_form, typed_form))
        cookies = {who: browser.close() for who, browser in browsers.items()}
        return Stand(size, port, (web.pid, self.postgres_pid), cookies, form, typed, world.ticket)

    @property
    def postgres_pid(self) -> int:
        if self.postgres.process is None:
            raise RuntimeError("Postgres has not been started.")
        return self.postgres.process.pid

    def world(self, size: int) -> World:
        return World(BEFORE + size, *self.ask(OWN, [CONTACT], name=name_of(size)))

    def version(self) -> str:
        return str(self.ask("SHOW server_version")[0]).split()[0]

    def _env(self, name: str) -> dict[str, str]:
        """The shipped settings on our servers. A shell that is set up for something else is not listened to."""
        passed = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
        return passed | {
            "PARTNERDESK_ENV": "local",
            "DJANGO_SETTINGS_MODULE": "partnerdesk.settings",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DATABASE_URL": f"postgres://postgres@/{name}?host={quote(str(self.postgres.socket), safe='/')}",
            "REDIS_URL": self.valkey.url,
            "MEDIA_ROOT": str(self.folder / "attachments"),
            "STATIC_ROOT": str(self.folder / "static"),
        }

    def _manage(self, name: str, *command: str) -> None:
        self._run(name, [sys.executable, "manage.py", *command])

    def _run(self, name: str, command: list[str], **more: str) -> str:
        env = self._env(name) | more
        done = subprocess.run(command, cwd=CHECKOUT, env=env, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command[1:])}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done.stdout

    def ask(self, sql: str, values: list[object] | None = None, name: str = "postgres") -> Any:
        with closing(self.connect(name)) as connection, connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone() if cursor.description else ()

    def connect(self, name: str) -> psycopg2.extensions.connection:
        connection = psycopg2.connect(host=str(self.postgres.socket), user="postgres", dbname=name)
        connection.autocommit = True  # CREATE DATABASE refuses a transaction
        return connection


@contextmanager
def started(folder: Path, say: Callable[[str], None]) -> Iterator[Servers]:
    """Postgres with its own defaults, every commit on disk as in life."""
    postgres = Postgres(folder / "postgres", log=folder / "postgres.log")
    valkey = Valkey(folder / "valkey", socket=folder / "valkey.sock", log=folder / "valkey.log")
    with ExitStack() as stop:
        stop.callback(postgres.stop)
        postgres.start()
        stop.callback(valkey.stop)
        valkey.start()
        servers = Servers(folder, postgres, valkey, stop, say)
        servers.empty()
        yield servers


def name_of(size: int) -> str:
    return f"bench_{size}"


def signed_in(port: int, who: Who) -> Browser:
    browser = Browser(port)
    if who in EMAILS:
        browser.sign_in(EMAILS[who], PASSWORD)
    return browser


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def wait_for(port: int, web: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            if Browser(port).get("/healthz")[0] == 200:
                return
        except OSError:
            pass  # not there yet
        if web.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The web server did not start:\n{processes.last_lines(log, 20)}")
        time.sleep(0.1)
