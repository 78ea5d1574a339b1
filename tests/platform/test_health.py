"""What /healthz and /readyz say, with each of the things they ask about really away."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from mailroom.models import Delivery
from partnerdesk.local.valkey import Valkey


def waiting(minutes: float, **more: Any) -> Delivery:
    moment = timezone.now() - timedelta(minutes=minutes)
    return Delivery.objects.create(
        **{"key": f"{minutes}", "to": "l2@alpine.example", "created_at": moment, "next_attempt_at": moment, **more}
    )


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_healthz_asks_nobody(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"alive": True})
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_only_reading_is_allowed(client: Client) -> None:
    assert [client.post(path).status_code for path in ("/healthz", "/readyz")] == [405, 405]
    assert client.head("/healthz").status_code == 200


@pytest.mark.django_db
def test_portal_without_its_broker_is_ready_and_says_so(client: Client, settings: Any) -> None:
    settings.CELERY_BROKER_URL = "redis+socket:///nonexistent/valkey.sock"
    status, facts = ready(client)
    assert (status, facts["ready"]) == (200, True)


@pytest.mark.django_db
def test_broker_that_answers_is_told(client: Client, valkey: Valkey) -> None:
    assert ready(client) == (
        200,
        {
            "ready": True,
            "database": True,
            "broker": True,
            "oldest_unsent_seconds": None,
            "longest_wait_seconds": None,
        },
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "status"), [(14.9, 200), (15.1, 503)])
def test_mail_that_no_worker_takes_for_a_quarter_of_an_hour_is_told(
    client: Client, minutes: float, status: int
) -> None:
    waiting(minutes)
    waiting(1)
    found, facts = ready(client)
    assert (found, facts["ready"]) == (status, status == 200)
    assert facts["oldest_unsent_seconds"] == facts["longest_wait_seconds"] == pytest.approx(minutes * 60, abs=2)


@pytest.mark.django_db
def test_mail_that_waits_for_its_next_try_takes_no_portal_off_the_line(client: Client) -> None:
    waiting(600, attempts=4, next_attempt_at=timezone.now() + timedelta(minutes=20))
    status, facts = ready(client)
    assert (status, facts["longest_wait_seconds"]) == (200, None)
    assert facts["oldest_unsent_seconds"] == pytest.approx(36_000, abs=2)


@pytest.mark.django_db
def test_retry_that_no_worker_takes_is_told(client: Client) -> None:
    waiting(600, attempts=4, next_attempt_at=timezone.now() - timedelta(minutes=16))
    status, facts = ready(client)
    assert (status, facts["longest_wait_seconds"]) == (503, pytest.approx(960, abs=2))


@pytest.mark.django_db
def test_mail_that_left_or_was_given_up_waits_no_more(client: Client) -> None:
    waiting(60, sent_at=timezone.now())
    waiting(70, failed_at=timezone.now())
    status, facts = ready(client)
    assert (status, facts["oldest_unsent_seconds"], facts["longest_wait_seconds"]) == (200, None, None)


@pytest.mark.django_db(transaction=True)
def test_portal_without_its_database_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "OPTIONS", {"host": "/nonexistent"})
        away.setitem(connection.settings_dict, "HOST", "/nonexistent")
        status, facts = ready(client)
    assert status == 503
    assert {name: facts[name] for name in ("ready", "database", "oldest_unsent_seconds")} == {
        "ready": False,
        "database": False,
        "oldest_unsent_seconds": None,
    }
    connection.close()
    assert ready(client)[0] == 200
