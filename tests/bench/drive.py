"""The same request again and again for some seconds, alone or by several at once; each answer is looked at."""

import multiprocessing
import time
from collections.abc import Mapping
from dataclasses import dataclass

from tests.bench import cpu
from tests.bench.browser import FORM, MULTIPART, Browser, Unexpected, fresh
from tests.bench.ops import Op, Who


@dataclass(frozen=True)
class Stand:
    """A server that is up, with what the requests need: cookies by who, the filled form, a ticket's number.

    `processes` are the web server and the database; the same database serves other sizes, but only one is driven.
    """

    size: int
    port: int
    processes: tuple[int, ...]
    cookies: Mapping[Who, Mapping[str, str]]
    form: bytes
    typed: bytes
    ticket: int


@dataclass(frozen=True)
class Run:
    """Seconds of each answer, for how long they were driven, and of processor time in web server and database."""

    times: tuple[float, ...]
    seconds: float
    cpu_seconds: float = 0.0


def drive(stand: Stand, op: Op, at_once: int, seconds: float) -> Run:
    """At least three answers each, however long they take. Processes: no reader waits for another one."""
    with multiprocessing.get_context("fork").Pool(at_once) as readers:
        before = cpu.seconds(stand.processes)
        done = readers.starmap(read, [(stand, op, seconds)] * at_once)
        used = cpu.seconds(stand.processes) - before
    return Run(tuple(time for run in done for time in run.times), max(run.seconds for run in done), used)


def read(stand: Stand, op: Op, seconds: float) -> Run:
    browser = Browser(stand.port, dict(stand.cookies[op.who]), learns=False)
    once(browser, stand, op)  # the connection, and what a process reads only once
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < 3 or time.perf_counter() - began < seconds:
        times.append(once(browser, stand, op))
    return Run(tuple(times), time.perf_counter() - began)


def once(browser: Browser, stand: Stand, op: Op) -> float:
    """Seconds from the request to the last byte of the right answer. Raises Unexpected for any other."""
    path, holds = op.path.replace("{ticket}", str(stand.ticket)), op.holds.replace("{ticket}", str(stand.ticket))
    body = fresh(stand.form) if op.files else stand.typed + op.adds if op.typed else None
    began = time.perf_counter()
    if body is None:
        status, page = browser.get(path)
    else:
        status, page = browser.send("POST", path, body, MULTIPART if op.files else FORM)
    passed = time.perf_counter() - began
    if status != (302 if op.files else 200) or holds.encode() not in page:
        raise Unexpected(f"{op.key} at {stand.size}: {status}, {page[:2000]!r}")
    return passed
