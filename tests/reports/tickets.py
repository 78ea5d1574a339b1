"""Tickets as rows, with moments of our own choosing: what the portal would have written by then."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from contacts.models import Contact, Partner, Service, Tenant, User
from tickets.models import Escalation, Ticket

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


def berlin(*parts: int) -> datetime:
    """A wall clock in Berlin as a moment: year, month, day, hour, minute, second."""
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)  # type: ignore[arg-type, misc]


def ticket(
    partner: Partner,
    opened_at: datetime,
    *,
    responded: datetime | None = None,
    resolved: datetime | None = None,
    closed: datetime | None = None,
    paused: timedelta = timedelta(),
    respond_by: datetime | None = None,
    resolve_by: datetime | None = None,
    tenants: Sequence[Tenant] = (),
    services: Sequence[Service] = (),
    **fields: Any,
) -> Ticket:
    """A P3 service request; due after 8 and 72 hours unless said otherwise."""
    status = "closed" if closed else "resolved" if resolved else "open"
    response_due_at = respond_by or opened_at + 8 * HOUR
    resolution_due_at = resolve_by or opened_at + 72 * HOUR + paused
    values = {
        "type": "service_request",
        "subject": "Daily report as CSV",
        "description": "Please send it.",
        "impact": "low",
        "urgency": "high",
        "priority": 3,
        "resolution": "Done." if resolved else "",
    }
    row = Ticket.objects.create(
        **values | fields,
        partner=partner,
        opened_by=Contact.objects.filter(partner=partner).first(),
        status=status,
        opened_at=opened_at,
        touched_at=opened_at,
        responded_at=responded,
        resolved_at=resolved,
        closed_at=closed,
        paused=paused,
        paused_at=None if status == "open" else resolved or closed,
        due_at=(resolution_due_at if responded else response_due_at) if status == "open" else None,
        response_due_at=response_due_at,
        resolution_due_at=resolution_due_at,
    )
    row.tenants.set(tenants)
    row.services.set(services)
    return row


def escalated_by(user: User, row: Ticket, at: datetime) -> None:
    Escalation.objects.create(ticket=row, step="person", by=user, reason="It is urgent.", created_at=at)


def escalated_by_the_clock(row: Ticket, at: datetime, *, step: str = "response") -> None:
    due_at = row.response_due_at if step == "response" else row.resolution_due_at
    Escalation.objects.create(ticket=row, step=step, due_at=due_at, created_at=at)
