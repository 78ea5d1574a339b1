"""More attention, asked for by a person or by the clock."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from contacts.models import User
from tickets import notifications
from tickets.models import Escalation, Event, Ticket
from tickets.status import Deed
from tickets.workflow.gate import lock, record


@transaction.atomic
def escalate(ticket: Ticket, *, by: User, reason: str, seen: int | None = None) -> Escalation:
    """An authorized contact or an agent asks for more attention, in text form (guide, 2.1)."""
    ticket = lock(ticket, by=by, deed=Deed.ESCALATE, seen=seen)
    now = timezone.now()
    ticket.escalated_at = now
    escalation = Escalation.objects.create(
        ticket=ticket, step=Escalation.Step.PERSON, by=by, reason=reason, created_at=now
    )
    event = record(ticket, Event.Kind.ESCALATED, by=by, fields=["escalated_at"], now=now, reason=reason)
    notifications.escalated(ticket, event, reason=reason)
    return escalation


def notice_overdue(now: datetime, *, at_most: int = 500) -> int:
    """Tell who must know of every ticket whose due moment has passed; each due moment once. Returns how many.

    Two sweeps at once share the work: rows are skipped that the other one holds. A sweep that comes late names the
    true due moment. Escalation, mails and mark are one transaction a ticket, so a crash leaves each done or due.
    """
    noticed = 0
    while noticed < at_most and _notice_next(now):
        noticed += 1
    return noticed


@transaction.atomic
def _notice_next(now: datetime) -> bool:
    rows = Ticket.objects.due(now).select_for_update(of=("self",), skip_locked=True)
    ticket = rows.select_related("partner", "assignee", "opened_by__user").first()
    if ticket is None:
        return False
    due_at = ticket.due_at
    step = Escalation.Step.RESOLUTION if ticket.responded_at else Escalation.Step.RESPONSE
    ticket.overdue_noticed_at = now
    Escalation.objects.bulk_create(
        [Escalation(ticket=ticket, step=step, due_at=due_at, created_at=now)], ignore_conflicts=True
    )
    event = record(
        ticket,
        Event.Kind.OVERDUE,
        by=None,
        fields=["overdue_noticed_at"],
        now=now,
        internal=True,
        step=step,
        due_at=due_at,
    )
    notifications.overdue(ticket, event, step=step)
    return True
