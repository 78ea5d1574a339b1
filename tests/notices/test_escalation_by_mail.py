"""From a due moment that passed, or a contact's click, to the mailbox: through the real worker, broker and server."""

from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import User
from mailroom.models import Delivery
from partnerdesk.celery import app
from tests.processes import SmtpSink, Taken, Worker, eventually
from tests.tickets.openings import opened
from tickets.models import Ticket
from tickets.tasks import sweep

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def overdue(ticket: Ticket) -> Ticket:
    """As if it had been opened six hours ago; two hours late for its first answer."""
    past = timezone.now() - timedelta(hours=6)
    Ticket.objects.filter(pk=ticket.pk).update(opened_at=past, due_at=past + timedelta(hours=4))
    ticket.refresh_from_db()
    return ticket


def told(sink: SmtpSink) -> list[Taken]:
    """What was taken but the confirmation that each opening sends to alice."""
    return [taken for taken in sink.mails if "has opened this ticket" not in text_of(taken)]


def text_of(taken: Taken) -> str:
    return taken.mail.get_body(("plain",)).get_content()


def test_an_overdue_ticket_is_noticed_once_in_each_readers_language(worker: Worker, smtp_sink: SmtpSink, cast) -> None:
    User.objects.filter(pk=cast.lea.pk).update(language="de")
    ticket = overdue(opened(cast, subject="Übergroße Anhänge <b>fehlen</b>"))
    sweep.delay()
    sweep.delay()
    eventually(lambda: len(told(smtp_sink)) == 2, clock=True)
    sweep.delay()
    eventually(lambda: not Delivery.objects.filter(sent_at=None).exists(), clock=True)
    assert Counter(taken.to for taken in told(smtp_sink)) == Counter({"carol@desk.example": 1, "lea@desk.example": 1})
    mails = {taken.to: taken.mail for taken in told(smtp_sink)}
    english, german = mails["carol@desk.example"], mails["lea@desk.example"]
    assert english["Subject"].strip() == f"Overdue: {ticket.number} Übergroße Anhänge <b>fehlen</b>"
    assert german["Subject"].strip() == f"Überfällig: {ticket.number} Übergroße Anhänge <b>fehlen</b>"
    text = english.get_body(("plain",)).get_content()
    html = english.get_body(("html",)).get_content()
    assert "The first answer to Alpine Mail GmbH (73125) is overdue." in text
    assert f"/admin/tickets/ticket/{ticket.pk}/change/" in text
    assert "&lt;b&gt;fehlen&lt;/b&gt;" in html
    assert "<b>fehlen" not in html
    assert english["Message-ID"] != german["Message-ID"]
    assert english["References"] == german["References"]  # one thread a ticket in every mailbox


def test_what_was_closed_meanwhile_is_not_noticed(worker: Worker, smtp_sink: SmtpSink, cast) -> None:
    late, closed = overdue(opened(cast)), overdue(opened(cast))
    Ticket.objects.filter(pk=closed.pk).update(status="closed", due_at=None, paused_at=timezone.now())
    sweep.delay()
    eventually(lambda: len(told(smtp_sink)) == 2, clock=True)
    assert {taken.mail["Subject"].split()[1] for taken in told(smtp_sink)} == {late.number}


def test_a_contacts_escalation_reaches_the_lead_with_its_reason(
    worker: Worker, smtp_sink: SmtpSink, cast, client: Client
) -> None:
    ticket = opened(cast)
    client.force_login(cast.bob)
    client.post(f"/tickets/{ticket.pk}/escalate/", {"body": "The whole hotel waits.\r\nBcc: x@y.example"})
    eventually(lambda: len(told(smtp_sink)) == 2, clock=True)
    assert Counter(taken.to for taken in told(smtp_sink)) == Counter({"lea@desk.example": 1, "alice@alpine.example": 1})
    mail = next(taken.mail for taken in told(smtp_sink) if taken.to == "lea@desk.example")
    assert "The whole hotel waits." in mail.get_body(("plain",)).get_content()
    assert (mail["Bcc"], mail["Auto-Submitted"]) == (None, "auto-generated")


def test_beat_is_told_to_sweep_every_minute() -> None:
    schedule = {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}
    assert schedule["tickets.tasks.sweep"] == 60.0
    assert schedule["mailroom.tasks.deliver"] <= 60.0
