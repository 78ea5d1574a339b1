"""Install it, fill it, start it, and what its agents do, as requests."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.parse import quote, urlencode

from partnerdesk.local import processes
from tests.bench.browser import BOUNDARY, FORM, MULTIPART, Browser, Unexpected
from tests.bench.servers import READY_WITHIN, Servers, free_port, name_of
from tickets.bench.known import BEFORE, COMMON, PASSWORD, RARE

HERE = Path(__file__).parent
DATABASE = "bench_helpdesk"
ROWS = 25

STAFF = f"""
from django.contrib.auth.models import User
from helpdesk.models import Queue
User.objects.create_superuser("agent0", "agent0@desk.example", "{PASSWORD}")
for number in range(5):
    Queue.objects.create(slug=f"q{{number}}", title=f"Queue {{number}}", allow_public_submission=True)
"""

#: Out of our database, into its own: the same texts, moments and numbers of messages.
TICKETS = f"""
    SELECT id - {BEFORE}, subject, opened_at, touched_at, 'first0@p0.example',
           CASE status WHEN 'resolved' THEN 3 WHEN 'closed' THEN 4 ELSE 1 END, false, description, priority + 1,
           CASE WHEN assignee_id IS NOT NULL THEN 1 END, 1 + id % 5, md5(id::text)
    FROM tickets_ticket ORDER BY id
"""  # noqa: S608  # a number of ours
ITS_TICKETS = """helpdesk_ticket (id, title, created, modified, submitter_email, status, on_hold, description, priority,
                 assigned_to_id, queue_id, secret_key)"""
MESSAGES = f"""
    SELECT created_at, 'Comment', body, NOT internal, ticket_id - {BEFORE}, 1
    FROM tickets_message ORDER BY ticket_id, id
"""  # noqa: S608  # a number of ours
ITS_MESSAGES = "helpdesk_followup (date, title, comment, public, ticket_id, user_id)"
AFTER = """
    SELECT setval(pg_get_serial_sequence('helpdesk_ticket', 'id'), (SELECT max(id) FROM helpdesk_ticket));
    ANALYZE
"""


@dataclass(frozen=True)
class Peer:
    """It is up, and its agent is signed in. `newest` is the number of a ticket with ten messages."""

    port: int
    cookies: Mapping[str, str]
    newest: int


def install(folder: Path) -> Path:
    """Its Python. Needs the package index, so it is asked for and never part of the tests."""
    venv = folder / "helpdesk-venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    python = venv / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
    return python


def start(servers: Servers, size: int) -> Peer:
    """Filled with the tickets of our database of this size, on the same Postgres."""
    servers.say("installing django-helpdesk")
    python = install(servers.folder)
    site = servers.folder / "helpdesk-site"
    site.mkdir()
    for name in ("settings.py", "urls.py", "served.py"):
        shutil.copy(HERE / name, site)
    env = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")},
        "DJANGO_SETTINGS_MODULE": "settings",
        "PYTHONPATH": str(site),
        "PGHOST": str(servers.postgres.socket),
        "PGDATABASE": DATABASE,
        "MEDIA_ROOT": str(servers.folder / "helpdesk-files"),
    }
    servers.ask(f"CREATE DATABASE {DATABASE} TEMPLATE template0")
    servers.say(f"filling django-helpdesk with {size:,} tickets")
    for command in (["migrate", "-v0"], ["loaddata", "-v0", "emailtemplate"], ["shell", "-v0", "-c", STAFF]):
        done = subprocess.run([python, "-m", "django", *command], cwd=site, env=env, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stderr[-3000:]}")
    copy(servers, size)
    port, log = free_port(), servers.folder / "helpdesk.log"
    served = ["-m", "gunicorn", "--config", site / "served.py", "--bind", f"127.0.0.1:{port}"]
    web = processes.start([python, *served], log=log, env=env)
    servers.stop.callback(processes.stop, web)
    return Peer(port, signed_in(port, web, log), size - 1)


def copy(servers: Servers, size: int) -> None:
    for select, into in ((TICKETS, ITS_TICKETS), (MESSAGES, ITS_MESSAGES)):
        with tempfile.TemporaryFile(dir=servers.folder) as rows:
            for name, sql in ((name_of(size), f"COPY ({select}) TO STDOUT"), (DATABASE, f"COPY {into} FROM STDIN")):
                rows.seek(0)
                with closing(servers.connect(name)) as connection, connection.cursor() as cursor:
                    cursor.copy_expert(sql, rows)
    servers.ask(AFTER, name=DATABASE)


def signed_in(port: int, web: subprocess.Popen[bytes], log: Path) -> Mapping[str, str]:
    deadline = time.monotonic() + READY_WITHIN
    while True:
        browser = Browser(port)
        try:
            browser.get("/login/")
            break
        except (OSError, HTTPException):
            if web.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"It did not start:\n{processes.last_lines(log, 20)}") from None
            time.sleep(0.2)
    who = {"username": "agent0", "password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    status, _page = browser.send("POST", "/login/", urlencode(who).encode(), FORM)
    if status != 302:
        raise Unexpected(f"signing in to django-helpdesk: {status}")
    return browser.close()


def need(condition: bool, what: str, page: bytes) -> None:
    if not condition:
        raise Unexpected(f"django-helpdesk, {what}: {page[:1000]!r}")


def open_form(browser: Browser, peer: Peer) -> None:
    status, page = browser.get("/tickets/submit/")
    need(status == 200 and b'name="body"' in page, "form", page)


def file_ticket(browser: Browser, peer: Peer) -> None:
    log = "2019-08-27 11:02:13 bench postfix/smtp: status=bounced (550 5.1.1)\n" * 310
    fields = {
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
        "queue": "1",
        "title": "Mail to one provider comes back",
        "body": "Since this morning all mail to one provider comes back. " * 36,
        "priority": "2",
        "due_date": "",
        "submitter_email": "first0@p0.example",
        "assigned_to": "",
    }
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    file = 'Content-Disposition: form-data; name="attachment"; filename="mail.txt"\r\nContent-Type: text/plain'
    parts.append(f"--{BOUNDARY}\r\n{file}\r\n\r\n{log}\r\n--{BOUNDARY}--\r\n")
    status, page = browser.send("POST", "/tickets/submit/", "".join(parts).encode(), MULTIPART)
    need(status == 302, f"filing {status}", page)


def read_ticket(browser: Browser, peer: Peer) -> None:
    status, page = browser.get(f"/tickets/{peer.newest}/")
    need(status == 200 and page.count(b"Comment") >= 9, "ticket", page)


def listed(words: str = "") -> Callable[[Browser, Peer], None]:
    """The page of the list, then the call by which its script gets the rows: an agent waits for both."""
    filtering = {} if words else {"status__in": [1, 2]}
    asked = {"filtering": filtering, "filtering_null": {}, "search_string": words, "sorting": "created"}
    query = quote(base64.b64encode(json.dumps({**asked, "sortreverse": True}).encode()).decode())
    order = urlencode({"draw": 1, "start": 0, "length": ROWS, "order[0][column]": 5, "order[0][dir]": "desc"})

    def act(browser: Browser, peer: Peer) -> None:
        status, page = browser.get("/tickets/" + (f"?{urlencode({'q': words})}" if words else ""))
        need(status == 200, "list", page)
        status, page = browser.get(f"/datatables_ticket_list/{query}?{order}")
        need(status == 200 and len(json.loads(page)["data"]) >= 20, "rows", page)

    return act


def report(browser: Browser, peer: Peer) -> None:
    status, page = browser.get("/reports/queuemonth/")
    need(status == 200 and b"Queue 4" in page, "report", page)


#: By the key of our own operation, the nearest thing an agent does there.
DOES: Mapping[str, Callable[[Browser, Peer], None]] = {
    "form": open_form,
    "file": file_ticket,
    "queue": listed(),
    "desk": read_ticket,
    "rare": listed(RARE),
    "common": listed(COMMON),
    "reports": report,
}
