"""An agent finds the ticket that matters first, takes it, answers, promises a date and settles it."""

from datetime import timedelta

from django.utils import timezone

from tests.browser.conftest import Reader
from tests.cast import Cast
from tests.tickets.openings import opened
from tickets.models import Event, Ticket
from tickets.workflow import notice_overdue


def test_an_agent_works_a_ticket_from_the_queue_to_its_resolution(reader: Reader, cast: Cast):
    page = reader.page
    calm, urgent = opened(cast, impact="low", urgency="low"), opened(cast, impact="high", urgency="high")
    overdue(urgent)
    reader.signs_in(cast.carol)
    reader.shows("desk")
    reader.goes_to("/admin/tickets/ticket/")
    reader.shows("queue")
    first = page.locator("#result_list tbody tr").first
    assert urgent.number in first.inner_text()
    first.locator("a").first.click()
    page.wait_for_url(f"**/{urgent.pk}/change/")
    reader.shows("agents-ticket")
    page.click("#act-assign form:first-of-type button")
    reply(reader, "#act-reply", "We see the bounces and look for the cause.")
    fold(reader, "#act-expected")
    page.fill("#act-expected input[name=at]", f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}")
    page.fill("#act-expected [name=reason]", "The relay must be replaced.")
    page.click("#act-expected button[type=submit]")
    reply(reader, "#act-note", "Cause: relay 3.")
    fold(reader, "#act-resolve")
    page.select_option("#act-resolve select[name=verdict]", "vendor")
    page.fill("#act-resolve textarea", "Relay 3 was replaced. Send the mails again.")
    page.click("#act-resolve button[type=submit]")
    page.wait_for_load_state()
    reader.shows("agents-ticket-resolved")
    urgent.refresh_from_db()
    assert (urgent.status, urgent.assignee, urgent.verdict) == ("resolved", cast.carol, "vendor")
    assert list(urgent.events.order_by("pk").values_list("kind", flat=True)) == [
        *(Event.Kind.OPENED, Event.Kind.OVERDUE, Event.Kind.ASSIGNED, Event.Kind.REPLIED, Event.Kind.EXPECTED),
        *(Event.Kind.NOTED, Event.Kind.VERDICT, Event.Kind.RESOLVED),
    ]
    calm.refresh_from_db()
    assert calm.version == 1


def overdue(ticket: Ticket) -> None:
    """As if it had come in hours ago, with the clock's notice given."""
    past = timezone.now() - timedelta(hours=3)
    Ticket.objects.filter(pk=ticket.pk).update(opened_at=past, due_at=past + timedelta(hours=1))
    assert notice_overdue(timezone.now()) == 1


def fold(reader: Reader, act: str) -> None:
    if reader.page.get_attribute(act, "open") is None:
        reader.page.click(f"{act} > summary")


def reply(reader: Reader, act: str, text: str) -> None:
    fold(reader, act)
    reader.page.fill(f"{act} textarea", text)
    reader.page.click(f"{act} button[type=submit]")
    reader.page.wait_for_load_state()
