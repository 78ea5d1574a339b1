"""`make run`, as its own process with real servers: what it says, and what is left when it ends, however it ends."""

import json
import os
import re
import signal
import socket
import stat
import urllib.request
from collections.abc import Iterator

import psycopg2
import pytest
from celery import Celery

from contacts import demo
from partnerdesk.catalogs import LOCALE
from partnerdesk.local import processes
from partnerdesk.local.postgres import DATABASE
from partnerdesk.local.valkey import Valkey
from tests.platform.starting import Start, comes_true, descendants, get, left_of, sign_in


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """One for all tests of this file, which follow each other as a day with it would. Compiled translations are
    taken away first, because a fresh clone has none."""
    for compiled in LOCALE.glob("*/LC_MESSAGES/*.mo"):
        compiled.unlink()
    start = Start()
    yield start
    start.close()


def keep(start: Start, statement: str) -> list[tuple[object, ...]]:
    host = start.places.sockets if processes.server_account() is None else start.places.cluster / "socket"
    connection = psycopg2.connect(host=str(host), user="postgres", dbname=DATABASE)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def test_first_start_says_where_it_answers_and_the_sign_in_page_is_there(start: Start) -> None:
    said = start.run()
    assert f"PartnerDesk answers at {start.url} " in said
    assert demo.PASSWORD in said
    assert re.findall(r"^ +(\S+@\S+)", said, re.MULTILINE) == [
        "l1@alpine.example",
        "l2@alpine.example",
        "admin@alpine.example",
        "manager@alpine.example",
        "l2@nordwind.example",
        "agent@desk.example",
        "lead@desk.example",
        "manager@desk.example",
    ]
    assert get(f"{start.url}/healthz") == (200, '{"alive": true}')
    status, page = get(f"{start.url}/")
    assert (status, 'type="password"' in page) == (200, True)
    assert json.loads(get(f"{start.url}/readyz")[1]) == {
        "ready": True,
        "database": True,
        "broker": True,
        "oldest_unsent_seconds": None,
        "longest_wait_seconds": None,
    }


def test_demo_login_leads_to_a_page_that_knows_its_reader(start: Start) -> None:
    assert "l2@alpine.example" in sign_in(start.url, "l2@alpine.example", demo.PASSWORD)


def test_a_german_browser_is_greeted_in_german(start: Start) -> None:
    asked = urllib.request.Request(f"{start.url}/account/login/", headers={"Accept-Language": "de"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert '<html lang="de">' in (page := answer.read().decode())
    assert "Anmelden" in page


def test_what_it_keeps_is_private(start: Start) -> None:
    assert stat.S_IMODE(start.state.stat().st_mode) == 0o700
    assert stat.S_IMODE(start.places.secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(start.places.cluster.stat().st_mode) == 0o700
    assert len(os.fsencode(start.places.sockets / "valkey.sock")) <= 107


def test_second_start_says_where_the_first_runs(start: Start) -> None:
    second = start.command("run", PORT=str(start.port + 1))
    assert start.process is not None
    assert (second.returncode, second.stdout) == (
        0,
        f"PartnerDesk is already running at {start.url} (process {start.process.pid}).\n",
    )


def test_running_portal_is_not_deleted(start: Start) -> None:
    assert "already running" in start.command("reset").stdout
    assert start.places.secret.exists()


def test_every_line_of_the_web_log_is_json_with_a_request_id(start: Start) -> None:
    get(f"{start.url}/healthz")
    lines = [json.loads(line) for line in (start.places.logs / "web.log").read_text().splitlines()]
    requests = [line for line in lines if line["logger"] == "partnerdesk.request"]
    assert len({line["request_id"] for line in requests}) == len(requests) > 2


def test_worker_names_the_task_in_its_log(start: Start) -> None:
    broker = f"redis+socket://{start.places.sockets}/valkey.sock"
    task = Celery(broker=broker, set_as_current=False).send_task("mailroom.tasks.deliver", ignore_result=True)
    log = start.places.logs / "worker.log"
    assert comes_true(lambda: f'"task_id": "{task.id}"' in log.read_text())
    assert [line for line in log.read_text().splitlines() if not json.loads(line)["logger"]] == []


def test_ctrl_c_ends_everything_with_exit_code_0(start: Start) -> None:
    keep(start, "CREATE TABLE kept AS SELECT 'before Ctrl-C' AS what, count(*) AS tickets FROM tickets_ticket")
    assert start.process is not None
    children = descendants(start.process.pid)
    assert len(children) > 6
    assert start.end(signal.SIGINT) == 0
    assert left_of(children) == set()


def test_killed_start_leaves_no_process_and_the_next_one_finds_the_data(start: Start) -> None:
    start.run()
    assert keep(start, "SELECT what FROM kept") == [("before Ctrl-C",)]
    assert keep(start, "SELECT count(*) FROM tickets_ticket") == keep(start, "SELECT tickets FROM kept")
    assert start.process is not None
    children = descendants(start.process.pid)
    keep(start, "INSERT INTO kept VALUES ('before kill -9')")
    assert start.end(signal.SIGKILL) == -signal.SIGKILL
    start.run()  # at once: it waits for what is still leaving
    assert left_of(children) == set()
    assert keep(start, "SELECT what FROM kept") == [("before Ctrl-C",), ("before kill -9",)]
    assert start.end(signal.SIGTERM) == 0


def test_management_command_runs_on_the_local_data(start: Start) -> None:
    assert start.command("manage", "shell", "-v0", "-c", "print(6 * 7)").stdout == "42\n"


def test_taken_port_is_said_in_one_sentence(start: Start) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        second = start.command("run", PORT=str(port))
    assert (second.returncode, second.stdout) == (
        1,
        f"\nPort {port} cannot be used (Address already in use). Choose another one: make run PORT={port + 1}\n",
    )


def test_port_that_is_no_number_is_said_in_one_sentence(start: Start) -> None:
    assert start.command("run", PORT="eighty").stdout == "\nPORT must be a number from 1 to 65535, not 'eighty'.\n"


def test_reset_deletes_what_was_made_and_nothing_else(start: Start) -> None:
    (start.state / "mine.txt").write_text("not the portal's")
    assert start.command("reset").returncode == 0
    assert [path.name for path in start.state.iterdir()] == ["mine.txt"]
    assert not start.places.cluster.exists()
    (start.state / "mine.txt").unlink()
    start.state.rmdir()
    assert start.command("reset").stdout == "There is nothing to delete.\n"


@pytest.mark.usefixtures("django_db_modify_db_settings")
def test_variables_that_point_elsewhere_start_no_servers(start: Start, valkey: Valkey) -> None:
    """The tests' own servers are the elsewhere; their database `partnerdesk` is otherwise unused."""
    start.run(
        DATABASE_URL=os.environ["DATABASE_URL"], REDIS_URL=valkey.url, EMAIL_URL="smtp://127.0.0.1:9", DEMO="False"
    )
    assert json.loads(get(f"{start.url}/readyz")[1])["broker"] is True
    assert not start.places.cluster.exists()
    assert sorted(path.name for path in start.places.logs.iterdir()) == ["web.log", "worker.log"]
    assert start.end(signal.SIGINT) == 0
