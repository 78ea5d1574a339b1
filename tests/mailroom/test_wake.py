"""The hint to the workers: it never holds up, never fails, and many become few."""

import os
import time

import pytest
import redis
from django.db import transaction

from mailroom.models import Delivery
from mailroom.wake import DELIVER, bells, wake
from partnerdesk.local.valkey import Valkey
from tests.mailroom.rows import queued
from tests.processes import eventually


def hints(valkey: Valkey) -> list[bytes]:
    return redis.Redis(unix_socket_path=str(valkey.socket)).lrange("celery", 0, -1)


@pytest.fixture
def quiet(valkey: Valkey) -> Valkey:
    """A broker without hints, and nobody on the way to it."""
    wake()
    eventually(lambda: not bells[DELIVER].asked.is_set())  # also when it still pauses after an earlier failure
    time.sleep(0.1)
    redis.Redis(unix_socket_path=str(valkey.socket)).flushall()
    return valkey


def test_many_calls_at_once_become_few_hints_and_cost_next_to_nothing(quiet: Valkey) -> None:
    began = time.monotonic()
    for _ in range(1000):
        wake()
    assert time.monotonic() - began < 0.1
    eventually(lambda: len(hints(quiet)) > 0)
    time.sleep(0.1)
    assert len(hints(quiet)) < 10
    assert DELIVER.encode() in hints(quiet)[0]


def test_a_fork_wakes_by_itself(quiet: Valkey) -> None:
    """Celery's children and gunicorn's workers are forks; a thread is not copied into them."""
    wake()
    eventually(lambda: len(hints(quiet)) == 1)
    child = os.fork()
    if child == 0:
        wake()
        time.sleep(1)
        os._exit(0)
    eventually(lambda: len(hints(quiet)) == 2)
    os.waitpid(child, 0)


@pytest.mark.django_db(transaction=True, available_apps=["mailroom"])
def test_a_transaction_with_several_mails_wakes_after_the_commit(quiet: Valkey) -> None:
    with transaction.atomic():
        queued("alice")
        queued("bob")
        time.sleep(0.1)
        assert hints(quiet) == []
    eventually(lambda: len(hints(quiet)) > 0)


@pytest.mark.django_db(transaction=True, available_apps=["mailroom"])
def test_nothing_queued_wakes_nobody(quiet: Valkey) -> None:
    Delivery.objects.queue([])
    with transaction.atomic():
        queued("alice")
        transaction.set_rollback(True)
    time.sleep(0.2)
    assert hints(quiet) == []
