"""The bond between a ticket and a known issue: tied under the issue's lock, so that nobody joins what is resolved."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from contacts.models import User
from tickets.models import Event, KnownIssue, KnownIssueJoin, Ticket
from tickets.workflow.gate import record


class NotJoinable(Exception):
    """A known issue that can be joined no more, or a ticket that belongs to one already."""


def bind(ticket: Ticket, issue: KnownIssue, *, by: User, now: datetime) -> Event:
    """Tie a ticket that the caller holds to an issue that `by` sees. Raises KnownIssue.DoesNotExist or NotJoinable."""
    fresh = KnownIssue.objects.visible_to(by).select_for_update(of=("self",)).get(pk=issue.pk)
    if fresh.resolved_at:
        raise NotJoinable(_("%(number)s has been resolved meanwhile.") % {"number": fresh.number})
    join, made = KnownIssueJoin.objects.get_or_create(
        ticket=ticket, defaults={"issue": fresh, "by": by, "joined_at": now}
    )
    if not made:
        raise NotJoinable(_("This ticket belongs to a known issue already."))
    event = record(ticket, Event.Kind.JOINED, by=by, fields=[], now=now, **said_of(fresh))
    ticket.join = join
    return event


def said_of(issue: KnownIssue) -> dict[str, Any]:
    """What an event's sentence needs to name the issue to any reader."""
    return {"number": issue.number, "title_en": issue.title_en, "title_de": issue.title_de}
