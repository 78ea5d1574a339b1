"""What agents decide about a ticket, and how either side settles or reopens it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import User
from tickets import clock, notifications
from tickets.models import Event, ResponseTarget, Ticket
from tickets.priority import Priority
from tickets.status import Deed, Status
from tickets.workflow.gate import indexed_beside, lock, move, record, say, wind


class VerdictMissing(Exception):
    """A ticket is not resolved before it is said what caused it (guide, section 3, 3rd level)."""

    def __str__(self) -> str:
        return _("Say first whether Retarus caused it: set the verdict, then resolve.")


@transaction.atomic
def assign(ticket: Ticket, *, by: User, to: User | None, seen: int | None = None) -> Event:
    """Give the ticket to an agent, or to nobody."""
    ticket = lock(ticket, by=by, deed=Deed.ASSIGN, seen=seen)
    before, ticket.assignee = ticket.assignee, to
    event = record(
        ticket,
        Event.Kind.ASSIGNED,
        by=by,
        fields=["assignee"],
        internal=True,
        before=str(before or ""),
        after=str(to or ""),
    )
    notifications.assigned(ticket, event)
    return event


@transaction.atomic
def change_status(ticket: Ticket, new: Status, *, by: User, seen: int | None = None) -> Event:
    """Put the ticket into any status that may follow, except those that need a text of their own."""
    if new == Status.RESOLVED:
        raise VerdictMissing
    ticket = lock(ticket, by=by, deed=Deed.CHANGE_STATUS, seen=seen)
    now, before = timezone.now(), Status(ticket.status)
    event = record(ticket, Event.Kind.STATUS, by=by, fields=move(ticket, new, now), now=now, before=before, after=new)
    notifications.status_changed(ticket, event)
    return event


@transaction.atomic
def change_priority(ticket: Ticket, new: Priority, *, by: User, reason: str, seen: int | None = None) -> Event:
    """Another priority means other targets, counted from the opening; what the clock stood for is kept.

    An answer that has been given stays measured by the target of its time.
    """
    ticket = lock(ticket, by=by, deed=Deed.CHANGE_PRIORITY, seen=seen)
    before, ticket.priority = Priority(ticket.priority), new
    target = ResponseTarget.objects.filter(service_level=ticket.service_level, priority=new).first()
    if target:
        dues = clock.due(ticket.opened_at, target.target, ticket.paused)
        ticket.resolution_due_at = dues.resolution_due_at
        if ticket.responded_at is None:
            ticket.response_due_at = dues.response_due_at
    event = record(
        ticket,
        Event.Kind.PRIORITY,
        by=by,
        fields=["priority", *wind(ticket)],
        before=before.label,
        after=new.label,
        reason=reason,
    )
    notifications.priority_changed(ticket, event)
    return event


@transaction.atomic
def set_expected(ticket: Ticket, at: datetime, *, by: User, reason: str, seen: int | None = None) -> Event:
    """Say when the remedy is expected. Every earlier promise stays visible with its reason."""
    ticket = lock(ticket, by=by, deed=Deed.SET_EXPECTED, seen=seen)
    before, ticket.expected_at = ticket.expected_at, at
    event = record(
        ticket, Event.Kind.EXPECTED, by=by, fields=["expected_at"], before_at=before, after_at=at, reason=reason
    )
    notifications.expected(ticket, event)
    return event


@transaction.atomic
def give_verdict(ticket: Ticket, verdict: Ticket.Verdict, *, by: User, seen: int | None = None) -> Event:
    """Say whether the vendor's services caused it."""
    ticket = lock(ticket, by=by, deed=Deed.GIVE_VERDICT, seen=seen)
    before, ticket.verdict = ticket.verdict, verdict
    return record(ticket, Event.Kind.VERDICT, by=by, fields=["verdict"], before=before, after=verdict)


@transaction.atomic
def resolve(ticket: Ticket, *, by: User, resolution: str, seen: int | None = None) -> Event:
    """Give the remedy or the workaround. Raises VerdictMissing before a verdict is set."""
    ticket = lock(ticket, by=by, deed=Deed.RESOLVE, seen=seen)
    if not ticket.verdict:
        raise VerdictMissing
    now = timezone.now()
    ticket.resolution = resolution
    ticket.responded_at = ticket.responded_at or now
    ticket.spoken_by_partner = False
    ticket.search = indexed_beside("search", resolution)
    fields = ["resolution", "responded_at", "spoken_by_partner", "search", *move(ticket, Status.RESOLVED, now)]
    event = record(ticket, Event.Kind.RESOLVED, by=by, fields=fields, now=now, resolution=resolution)
    notifications.resolved(ticket, event)
    return event


@transaction.atomic
def close(ticket: Ticket, *, by: User, reason: str = "", seen: int | None = None) -> Event:
    """The ticket is done with."""
    ticket = lock(ticket, by=by, deed=Deed.CLOSE, seen=seen)
    now = timezone.now()
    event = record(ticket, Event.Kind.CLOSED, by=by, fields=move(ticket, Status.CLOSED, now), now=now, reason=reason)
    notifications.closed(ticket, event)
    return event


@transaction.atomic
def reopen(ticket: Ticket, *, by: User, reason: str, seen: int | None = None) -> Event:
    """It was not done with after all. The reason is said in a message that both sides read."""
    ticket = lock(ticket, by=by, deed=Deed.REOPEN, seen=seen)
    now = timezone.now()
    message = say(ticket, reason, by=by, now=now)
    ticket.search = indexed_beside("search", reason)
    fields = ["spoken_by_partner", "search", *move(ticket, Status.OPEN, now)]
    event = record(ticket, Event.Kind.REOPENED, by=by, fields=fields, now=now, message=message.pk)
    notifications.reopened(ticket, event, message)
    return event
