"""One round of the outbox against a real mail server that misbehaves, without Celery."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from mailroom import outbox
from mailroom.models import Delivery, State
from mailroom.outbox import Rest
from tests.mailroom.rows import queued
from tests.processes import CUT, DRIP, HANG, SmtpSink, eventually

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def over_smtp(settings: Settings, smtp_sink: SmtpSink) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_sink.port
    settings.EMAIL_TIMEOUT = 1


def a_round() -> Rest:
    return outbox.deliver_due(seconds=10)


def ends() -> dict[str, tuple[State, str]]:
    """How each mail stands, with its error, by the name of its reader."""
    return {row.to.partition("@")[0]: (row.state, row.error) for row in Delivery.objects.all()}


def make_due() -> None:
    Delivery.objects.unsent().update(next_attempt_at=timezone.now())


def test_what_is_due_is_sent_over_one_connection_and_marked(smtp_sink: SmtpSink) -> None:
    rows = queued("alice", "bob", "anna")
    assert a_round() is Rest.NOTHING
    assert ends() == {name: (State.SENT, "") for name in ("alice", "bob", "anna")}
    assert [taken.to for taken in smtp_sink.mails] == [row.to for row in rows]
    assert [taken.mail["Message-ID"] for taken in smtp_sink.mails] == [row.message_id for row in rows]
    assert smtp_sink.connections == 1


def test_a_sent_mail_is_never_sent_again(smtp_sink: SmtpSink) -> None:
    queued("alice")
    a_round()
    make_due()
    queued("alice")
    assert a_round() is Rest.NOTHING
    assert smtp_sink.taken == Counter({"alice@alpine.example": 1})


def test_a_mail_for_later_waits() -> None:
    queued("alice", next_attempt_at=timezone.now() + MINUTE)
    assert a_round() is Rest.NOTHING
    assert ends() == {"alice": (State.WAITING, "")}


@pytest.mark.parametrize("stage", ["at_rcpt", "at_data"])
def test_try_later_is_tried_later_with_doubled_waits_until_it_is_taken(smtp_sink: SmtpSink, stage: str) -> None:
    queued("alice")
    getattr(smtp_sink.does, stage)["alice@alpine.example"] = ["451 4.7.1 Greylisted", "421 4.3.2 Too busy"]
    waits = []
    for _ in range(2):
        assert a_round() is Rest.NOTHING
        row = Delivery.objects.get()
        waits.append(round((row.next_attempt_at - timezone.now()).total_seconds()))
        assert row.state == State.RETRYING
        make_due()
    assert (waits, Delivery.objects.get().error) == ([30, 60], "421 4.3.2 Too busy")
    a_round()
    assert (ends(), smtp_sink.taken) == ({"alice": (State.SENT, "")}, Counter({"alice@alpine.example": 1}))


@pytest.mark.parametrize("stage", ["at_rcpt", "at_data"])
def test_no_is_final_and_the_servers_words_are_kept_while_others_get_theirs(smtp_sink: SmtpSink, stage: str) -> None:
    queued("alice", "bob", "anna")
    getattr(smtp_sink.does, stage)["bob@alpine.example"] = ["550 5.1.1 No such user here"]
    a_round()
    assert ends() == {
        "alice": (State.SENT, ""),
        "bob": (State.FAILED, "550 5.1.1 No such user here"),
        "anna": (State.SENT, ""),
    }
    make_due()
    a_round()
    assert smtp_sink.taken == Counter({"alice@alpine.example": 1, "anna@alpine.example": 1})


def test_a_line_cut_in_the_middle_costs_that_mail_a_wait_and_others_nothing(smtp_sink: SmtpSink) -> None:
    queued("alice", "bob", "anna")
    smtp_sink.does.at_data["bob@alpine.example"] = [CUT]
    assert a_round() is Rest.NOTHING
    assert [state for state, _ in ends().values()] == [State.SENT, State.RETRYING, State.SENT]
    make_due()
    a_round()
    assert smtp_sink.taken == Counter(f"{name}@alpine.example" for name in ("alice", "bob", "anna"))


@pytest.mark.parametrize("stage", ["at_rcpt", "at_data"])
def test_a_mail_that_hangs_is_given_its_time_and_the_round_ends(smtp_sink: SmtpSink, stage: str) -> None:
    queued("bob", "alice")
    getattr(smtp_sink.does, stage)["bob@alpine.example"] = [HANG]
    began = time.monotonic()
    assert a_round() is Rest.MORE_DUE
    assert 0.6 < time.monotonic() - began < 4  # one second by the setting; a busy machine may add to it
    assert ends() == {"bob": (State.RETRYING, "The mail server did not finish in time."), "alice": (State.WAITING, "")}
    assert a_round() is Rest.NOTHING
    assert ends()["alice"] == (State.SENT, "")


def test_a_server_that_drips_letters_is_cut_off_as_well(smtp_sink: SmtpSink) -> None:
    queued("bob")
    smtp_sink.does.at_rcpt["bob@alpine.example"] = [DRIP]
    began = time.monotonic()
    assert a_round() is Rest.MORE_DUE
    assert 0.6 < time.monotonic() - began < 4  # one second by the setting; a busy machine may add to it
    assert ends() == {"bob": (State.RETRYING, "The mail server did not finish in time.")}


def test_a_server_that_is_away_costs_one_attempt_a_round(smtp_sink: SmtpSink) -> None:
    queued("alice", "bob")
    smtp_sink.close()
    assert a_round() is Rest.SERVER_AWAY
    assert ends() == {"alice": (State.RETRYING, "[Errno 111] Connection refused"), "bob": (State.WAITING, "")}
    smtp_sink.listen()
    make_due()
    assert a_round() is Rest.NOTHING
    assert smtp_sink.taken == Counter({"alice@alpine.example": 1, "bob@alpine.example": 1})


@pytest.mark.parametrize(
    ("greeting", "error"),
    [
        ("554 5.3.2 Closed for today", "554 5.3.2 Closed for today"),
        ("421 4.3.2 Full up", "421 4.3.2 Full up"),
        (CUT, "Connection unexpectedly closed"),
        (HANG, "timed out"),
    ],
)
def test_what_the_server_says_at_the_door_is_no_mails_fault(smtp_sink: SmtpSink, greeting: str, error: str) -> None:
    queued("alice")
    smtp_sink.does.greeting = greeting
    assert a_round() is Rest.SERVER_AWAY
    state, said = ends()["alice"]
    assert (state, error in said) == (State.RETRYING, True), said


def test_a_connection_the_server_closed_meanwhile_is_replaced_unseen(smtp_sink: SmtpSink) -> None:
    queued("alice", "bob")
    smtp_sink.does.cut_after_answer = True
    assert a_round() is Rest.NOTHING
    assert (ends(), smtp_sink.connections) == ({"alice": (State.SENT, ""), "bob": (State.SENT, "")}, 2)


def test_a_template_that_fails_is_set_aside_with_its_error_and_others_go_out(smtp_sink: SmtpSink) -> None:
    queued("bob", template="nowhere")
    queued("anna", context={"created_at": "yesterday"})
    queued("alice")
    a_round()
    assert ends() == {
        "bob": (State.FAILED, "TemplateDoesNotExist: mail/nowhere.subject.txt"),
        "anna": (State.FAILED, "ValueError: Invalid isoformat string: 'yesterday'"),
        "alice": (State.SENT, ""),
    }


@pytest.mark.parametrize(
    "to", ["bob@alpine.example\nBcc: mallory@other.example", "bob@alpine.example, x@y.example", ""]
)
def test_an_address_that_is_none_is_set_aside_and_nobody_gets_it(smtp_sink: SmtpSink, to: str) -> None:
    queued("bob", to=to)
    queued("alice")
    a_round()
    assert Delivery.objects.get(key="test:bob").state == State.FAILED
    assert smtp_sink.taken == Counter({"alice@alpine.example": 1})


def test_secrets_are_wiped_once_sent_and_never_stand_in_an_error(smtp_sink: SmtpSink) -> None:
    queued("alice", secret=True)
    queued("bob", secret=True, context={"link_at": "https://desk.example/secret"})
    queued("anna")
    a_round()
    assert dict(Delivery.objects.values_list("key", "context")) == {
        "test:alice": {},
        "test:bob": {"link_at": "https://desk.example/secret"},
        "test:anna": {"subject": "For anna", "text": "Hello anna"},
    }
    assert ends()["bob"] == (State.FAILED, "ValueError")


def test_new_mail_goes_before_repeated_attempts(smtp_sink: SmtpSink) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    queued("bob", attempts=3, first_attempt_at=long_ago, next_attempt_at=long_ago)
    queued("alice")
    a_round()
    assert [taken.to for taken in smtp_sink.mails] == ["alice@alpine.example", "bob@alpine.example"]


def test_a_day_of_trying_is_the_end_and_is_logged(smtp_sink: SmtpSink, caplog: pytest.LogCaptureFixture) -> None:
    queued("bob", attempts=20, first_attempt_at=timezone.now() - DAY)
    queued("alice", created_at=timezone.now() - DAY)  # waited as long for a worker, but was never tried
    for name in ("bob", "alice"):
        smtp_sink.does.at_rcpt[f"{name}@alpine.example"] = ["452 4.2.2 Mailbox full"]
    a_round()
    assert ends() == {
        "bob": (State.FAILED, "452 4.2.2 Mailbox full"),
        "alice": (State.RETRYING, "452 4.2.2 Mailbox full"),
    }
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "Mail given up: 452 4.2.2 Mailbox full"
    ]


def test_a_row_whose_worker_died_comes_back_when_the_lease_ends(smtp_sink: SmtpSink, settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = 30
    queued("alice")
    now = timezone.now()
    assert outbox.claim(now) is not None
    assert outbox.claim(now + timedelta(seconds=39)) is None
    again = outbox.claim(now + timedelta(seconds=41))
    assert again is not None
    assert (again.attempts, again.state) == (2, State.SENDING)


def test_a_mail_that_took_three_workers_with_it_is_set_aside(smtp_sink: SmtpSink) -> None:
    queued("bob")
    for _ in range(3):
        assert outbox.claim(timezone.now()) is not None  # and the worker dies here
        make_due()
    a_round()
    assert ends() == {"bob": (State.FAILED, "3 workers in a row died while they sent this mail.")}
    assert smtp_sink.mails == []


def test_who_lost_the_lease_cannot_undo_what_the_next_holder_did(smtp_sink: SmtpSink) -> None:
    queued("alice")
    slow = outbox.claim(timezone.now())
    make_due()
    a_round()
    assert slow is not None
    outbox.postpone(slow, "too late")
    outbox.set_aside(slow, "too late")
    assert ends() == {"alice": (State.SENT, "")}


def test_who_lost_the_lease_and_sent_nevertheless_has_sent(smtp_sink: SmtpSink) -> None:
    queued("alice")
    slow = outbox.claim(timezone.now())
    make_due()
    smtp_sink.does.at_rcpt["alice@alpine.example"] = ["550 5.1.1 No"]
    a_round()
    assert slow is not None
    outbox.mark_sent(slow)
    assert ends() == {"alice": (State.SENT, "")}


def test_a_round_ends_with_its_time_and_says_that_more_is_due(smtp_sink: SmtpSink) -> None:
    queued(*(f"reader{number}" for number in range(20)))
    smtp_sink.does.seconds_a_mail = 0.1
    assert outbox.deliver_due(seconds=0.45) is Rest.MORE_DUE
    assert 3 <= len(smtp_sink.mails) <= 6


def test_what_was_given_up_and_only_that_can_be_sent_again(smtp_sink: SmtpSink) -> None:
    queued("bob", "alice")
    smtp_sink.does.at_rcpt["bob@alpine.example"] = ["550 5.1.1 No such user here"]
    a_round()
    assert Delivery.objects.all().send_again(timezone.now()) == 1
    assert ends() == {"bob": (State.WAITING, "550 5.1.1 No such user here"), "alice": (State.SENT, "")}
    a_round()
    assert smtp_sink.taken == Counter({"bob@alpine.example": 1, "alice@alpine.example": 1})


def test_the_oldest_unsent_counts_from_when_it_could_have_left() -> None:
    now = timezone.now()
    assert Delivery.objects.oldest_unsent_at() is None
    queued("sent", sent_at=now, next_attempt_at=now - 9 * MINUTE)
    queued("failed", failed_at=now, next_attempt_at=now - 9 * MINUTE)
    assert Delivery.objects.oldest_unsent_at() is None
    queued("new", next_attempt_at=now - MINUTE)
    assert Delivery.objects.oldest_unsent_at() == now - MINUTE
    queued("tried", attempts=2, first_attempt_at=now - 5 * MINUTE, next_attempt_at=now + MINUTE)
    assert Delivery.objects.oldest_unsent_at() == now - 5 * MINUTE


def test_other_backends_of_django_work_too(settings: Settings, smtp_sink: SmtpSink) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    queued("alice")
    a_round()
    assert ([message.to for message in mail.outbox], smtp_sink.mails) == ([["alice@alpine.example"]], [])


@pytest.fixture
def a_second_line(transactional_db: None) -> Iterator[None]:
    yield
    connection.close()


@pytest.mark.django_db(transaction=True, available_apps=["mailroom"])
def test_a_database_that_restarts_between_ok_and_mark_makes_nothing_leave_twice(
    smtp_sink: SmtpSink, a_second_line: None
) -> None:
    queued("alice")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    smtp_sink.does.before_answer = lambda to: cut_off(backend)
    a_round()
    eventually(lambda: ends() == {"alice": (State.SENT, "")})
    assert smtp_sink.taken == Counter({"alice@alpine.example": 1})


def cut_off(backend: int) -> None:
    """From the thread of the mail server, so over another connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
    connection.close()
