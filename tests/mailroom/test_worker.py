"""From commit to mailbox through a real broker and real workers, and without the broker."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from mailroom.models import Delivery
from partnerdesk.local.valkey import Valkey
from tests.mailroom.rows import queued
from tests.processes import HANG, MAIL_SECONDS, SmtpSink, Worker, eventually

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["mailroom"])


def addresses(*names: str) -> Counter[str]:
    """One mail for each."""
    return Counter(f"{name}@alpine.example" for name in names)


def all_sent() -> bool:
    return not Delivery.objects.filter(sent_at=None).exists()


def test_a_commit_wakes_the_worker_which_sends(worker: Worker, smtp_sink: SmtpSink) -> None:
    with transaction.atomic():
        queued("alice")
        queued("bob")
        time.sleep(0.3)
        assert smtp_sink.mails == []  # nothing leaves before the commit
    assert eventually(all_sent) < 5  # and without the clock
    assert smtp_sink.taken == addresses("alice", "bob")


def test_a_change_that_is_rolled_back_sends_nothing(worker: Worker, smtp_sink: SmtpSink) -> None:
    with transaction.atomic():
        queued("mallory")
        transaction.set_rollback(True)
    queued("alice")
    eventually(lambda: smtp_sink.taken == addresses("alice"), clock=True)
    assert list(Delivery.objects.values_list("to", flat=True)) == ["alice@alpine.example"]


def test_the_same_key_queued_twice_leaves_once(worker: Worker, smtp_sink: SmtpSink) -> None:
    queued("alice")
    eventually(all_sent)
    queued("alice", "bob")
    eventually(lambda: "bob@alpine.example" in smtp_sink.taken, clock=True)
    assert smtp_sink.taken == addresses("alice", "bob")


def test_one_that_hangs_does_not_hold_up_the_others(worker: Worker, smtp_sink: SmtpSink) -> None:
    names = [f"reader{number}" for number in range(40)]
    smtp_sink.does.at_data["bob@alpine.example"] = [HANG]
    smtp_sink.does.at_rcpt["anna@alpine.example"] = [HANG]
    began = time.monotonic()
    queued("bob", "anna", *names)
    eventually(lambda: set(addresses(*names)) <= set(smtp_sink.taken))  # no clock: the worker itself asks to go on
    assert time.monotonic() - began < 5 * MAIL_SECONDS  # two that hang, and then it flows
    eventually(all_sent, clock=True)
    assert smtp_sink.taken == addresses("bob", "anna", *names)


@pytest.fixture
def broker(valkey: Valkey) -> Iterator[Valkey]:
    """The broker, to be maltreated; well again afterwards."""
    yield valkey
    if valkey.process is None:
        valkey.start()
    os.kill(valkey.process.pid, signal.SIGCONT)


@pytest.mark.parametrize("fault", ["stopped", "frozen"])
def test_without_the_broker_nobody_waits_and_nothing_is_lost(
    fault: str, worker: Worker, smtp_sink: SmtpSink, broker: Valkey
) -> None:
    queued("alice")
    eventually(all_sent, clock=True)
    assert broker.process is not None
    broker.stop() if fault == "stopped" else os.kill(broker.process.pid, signal.SIGSTOP)
    began = time.monotonic()
    for number in range(50):
        queued(f"reader{number}")
    assert time.monotonic() - began < 3  # fifty pages together; each alone would wait longer for the broker
    time.sleep(3)
    broker.start() if fault == "stopped" else os.kill(broker.process.pid, signal.SIGCONT)
    eventually(all_sent, within=30, clock=True)
    assert smtp_sink.taken == addresses("alice", *(f"reader{number}" for number in range(50)))


def test_a_database_that_cuts_all_connections_in_mid_round_loses_and_repeats_nothing(
    worker: Worker, smtp_sink: SmtpSink
) -> None:
    names = [f"reader{number}" for number in range(10)]
    smtp_sink.does.seconds_a_mail = 0.2
    queued(*names)
    eventually(lambda: len(smtp_sink.mails) > 1, clock=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] > 0
    eventually(all_sent, clock=True)
    assert smtp_sink.taken == addresses(*names)
