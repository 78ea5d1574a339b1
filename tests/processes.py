"""Real processes for the tests of what leaves: a mail server that can be told to misbehave, and Celery workers.

Import the fixtures into the conftest.py of the folder that uses them: `smtp_sink`, `worker`, `workers`.
"""

import asyncio
import email
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from mailroom.wake import wake
from partnerdesk.local import processes
from partnerdesk.local.valkey import Valkey

MAIL_SECONDS = 2  # EMAIL_TIMEOUT of the workers here, so that a hang and a lease end while the test still waits
ROUND_SECONDS = 0.3  # how often the clock of the tests comes round

HANG, CUT, DRIP = "hang", "cut", "drip"


@dataclass(frozen=True)
class Taken:
    """A mail that the server has answered with 250."""

    to: str
    raw: bytes
    at: float  # time.monotonic()

    @property
    def mail(self) -> EmailMessage:
        parsed = email.message_from_bytes(self.raw, policy=modern)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class Behaviour:
    """What the server does next: for each recipient, answers to RCPT or DATA that are used up one by one."""

    at_rcpt: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    at_data: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    greeting: str = ""
    before_answer: Callable[[str], None] = lambda to: None
    cut_after_answer: bool = False
    seconds_a_mail: float = 0.0


class SmtpSink:
    """A mail server on a port of its own, in a thread of the tests' process. Keeps what it has taken."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.mails: list[Taken] = []
        self.connections = 0
        self.does = Behaviour()
        self.port = 0
        self.server: asyncio.Server | None = None
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.listen()

    def listen(self) -> None:
        made = self.loop.create_server(lambda: Protocol(self), "127.0.0.1", self.port)
        self.server = asyncio.run_coroutine_threadsafe(made, self.loop).result(5)
        self.port = self.server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """New connections are refused until `listen`."""
        assert self.server is not None
        self.loop.call_soon_threadsafe(self.server.close)
        eventually(lambda: self.server is not None and not self.server.is_serving())

    def reset(self) -> None:
        self.mails, self.connections, self.does = [], 0, Behaviour()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def taken(self) -> Counter[str]:
        """How many mails each recipient got."""
        return Counter(taken.to for taken in self.mails)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: "Protocol", session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await server.act(next_of(self.does.at_rcpt[address]))
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: "Protocol", session: Session, envelope: Envelope) -> str:  # noqa: N802
        to = envelope.rcpt_tos[0]
        answer = await server.act(next_of(self.does.at_data[to]))
        if answer.startswith("250"):
            await asyncio.sleep(self.does.seconds_a_mail)
            self.mails.append(Taken(to, envelope.original_content or b"", time.monotonic()))
            self.does.before_answer(to)
            return "250 Taken"
        return answer


class Protocol(SMTP):
    def __init__(self, sink: SmtpSink) -> None:
        super().__init__(sink, hostname="sink.example", loop=sink.loop)
        self.sink = sink

    async def _handle_client(self) -> None:
        self.sink.connections += 1
        if self.sink.does.greeting:
            await self.push(await self.act(self.sink.does.greeting))
            self.transport.close()
            return
        await super()._handle_client()

    async def act(self, answer: str) -> str:
        if answer == HANG:
            await asyncio.sleep(3600)
        while answer == DRIP:
            self.transport.write(b"250-still here\r\n")
            await asyncio.sleep(0.2)
        if answer == CUT:
            self.transport.abort()
        return answer

    async def push(self, status: str | bytes) -> None:
        await super().push(status)
        if self.sink.does.cut_after_answer and self.session and status == "250 Taken":
            self.transport.close()


def next_of(answers: list[str]) -> str:
    return answers.pop(0) if answers else "250 OK"


class Worker:
    """A Celery worker of two processes on the tests' database and broker."""

    def __init__(self, log: Path, email_url: str) -> None:
        self.log = log
        self.email_url = email_url
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Worker":
        ready = self.log.read_text().count(" ready.") if self.log.exists() else 0
        command = [sys.executable, "-m", "celery", "-A", "partnerdesk", "worker", "--concurrency=2", "--loglevel=INFO"]
        options = ["--without-gossip", "--without-mingle", "--without-heartbeat", f"--hostname={os.urandom(4).hex()}"]
        self.process = processes.start([*command, *options], log=self.log, env=self.environment())
        eventually(lambda: not self.runs or self.log.read_text().count(" ready.") > ready, within=60)
        assert self.runs, processes.last_lines(self.log, 20)
        return self

    def environment(self) -> dict[str, str]:
        url = urlsplit(os.environ["DATABASE_URL"])
        return os.environ | {
            "DATABASE_URL": urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}")),
            "EMAIL_URL": self.email_url,
            "EMAIL_TIMEOUT": str(MAIL_SECONDS),
            "MAIL_RETRY_SECONDS": "1",
            "LOG_LEVEL": "INFO",
        }

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """kill -9 for the whole of it, as the kernel does when memory runs out."""
        if self.process is not None and self.runs:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def eventually(condition: Callable[[], bool], within: float = 15.0, clock: bool = False) -> float:
    """Wait until it holds and say how many seconds that took. With `clock`, wake the workers as beat would."""
    began = time.monotonic()
    rounds = 0
    while not condition():
        passed = time.monotonic() - began
        assert passed < within, f"Still not so after {within} seconds."
        if clock and passed > rounds * ROUND_SECONDS:
            wake()
            rounds += 1
        time.sleep(0.02)
    return time.monotonic() - began


@pytest.fixture(scope="session")
def smtp_server() -> SmtpSink:
    return SmtpSink()


@pytest.fixture
def smtp_sink(smtp_server: SmtpSink) -> Iterator[SmtpSink]:
    """The server, with an empty memory and good manners."""
    smtp_server.reset()
    yield smtp_server
    smtp_server.does = Behaviour()


@pytest.fixture(scope="module")
def worker(
    valkey: Valkey, django_db_setup: None, smtp_server: SmtpSink, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worker]:
    """One worker for all tests of a file. Those that kill take `workers`."""
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    running = Worker(log, smtp_server.url).start()
    yield running
    running.kill()


@pytest.fixture
def workers(valkey: Valkey, transactional_db: None, smtp_sink: SmtpSink, tmp_path: Path) -> Iterator[list[Worker]]:
    """Two workers, not started yet, that the test may kill. What still runs ends with it."""
    mine = [Worker(tmp_path / f"{name}.log", smtp_sink.url) for name in ("first", "second")]
    yield mine
    for one in mine:
        one.kill()
