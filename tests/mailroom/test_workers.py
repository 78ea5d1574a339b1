"""Workers that are killed, or compete: nothing is lost, and nothing leaves twice but in the one moment it must."""

import random
import time
from collections import Counter

import pytest
import redis

from mailroom.models import Delivery
from partnerdesk.local.valkey import Valkey
from tests.mailroom.rows import queued
from tests.processes import SmtpSink, Worker, eventually

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["mailroom"])


def addresses(*names: str) -> Counter[str]:
    """One mail for each."""
    return Counter(f"{name}@alpine.example" for name in names)


def all_sent() -> bool:
    return not Delivery.objects.filter(sent_at=None).exists()


def test_two_workers_at_once_send_each_mail_once(smtp_sink: SmtpSink, workers: list[Worker]) -> None:
    for one in workers:
        one.start()
    names = [f"reader{number}" for number in range(100)]
    smtp_sink.does.seconds_a_mail = 0.02
    for name in names:
        queued(name)
    eventually(all_sent, clock=True)
    assert smtp_sink.taken == addresses(*names)


def test_a_worker_killed_between_ok_and_mark_repeats_that_mail_once_and_the_same(
    smtp_sink: SmtpSink, workers: list[Worker]
) -> None:
    first, second = workers
    smtp_sink.does.before_answer = lambda to: first.kill() if to.startswith("bob") else None
    first.start()
    queued("bob")  # alone, or its other process might be in that same instant with another mail
    eventually(lambda: not first.runs)
    queued("alice")
    second.start()
    eventually(all_sent, clock=True)
    assert smtp_sink.taken == addresses("alice", "bob", "bob")
    assert len({taken.raw for taken in smtp_sink.mails if taken.to == "bob@alpine.example"}) == 1


def test_workers_killed_at_any_moment_lose_nothing(smtp_sink: SmtpSink, workers: list[Worker]) -> None:
    names = [f"reader{number}" for number in range(120)]
    smtp_sink.does.seconds_a_mail = 0.01
    worker, kills = workers[0], 3
    queued(*names)
    for _ in range(kills):
        worker.start()
        before = len(smtp_sink.mails)
        eventually(lambda before=before: len(smtp_sink.mails) > before + 5, clock=True)
        time.sleep(random.uniform(0, 0.1))  # noqa: S311  # chance is the point
        worker.kill()
    worker.start()
    eventually(all_sent, within=20, clock=True)
    times = smtp_sink.taken
    assert set(times) == set(addresses(*names))
    assert times.total() - len(names) <= 2 * kills  # each of its two processes may have been between OK and mark
    ids = {(taken.to, taken.mail["Message-ID"]) for taken in smtp_sink.mails}
    assert len(ids) == len(names)


def test_a_flushed_broker_loses_nothing(smtp_sink: SmtpSink, workers: list[Worker], valkey: Valkey) -> None:
    queued("alice", "bob")
    time.sleep(0.2)
    redis.Redis(unix_socket_path=str(valkey.socket)).flushall()
    workers[0].start()
    eventually(all_sent, clock=True)
    assert smtp_sink.taken == addresses("alice", "bob")
