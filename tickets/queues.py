"""The agents' queues: what stands open, seen from several sides, and how much there is of each.

A queue is a name for filters of the agents' list, so the number beside it and the list behind it use the same rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, F, Q
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from tickets.models import Ticket, TicketQuerySet
from tickets.status import Status

#: What is due within this time is shown before what is due later.
SOON = timedelta(hours=4)

Rule = Callable[[User, datetime], Q]

#: What the clock says, by the value of the list's filter.
DUE: Mapping[str, tuple[Promise, Rule]] = {
    "overdue": (_("Overdue"), lambda user, now: Q(due_at__lte=now)),
    "soon": (_("Due within 4 hours"), lambda user, now: Q(due_at__gt=now, due_at__lte=now + SOON)),
    "stands": (_("Clock stands"), lambda user, now: Q(due_at__isnull=True)),
}
#: Whose the ticket is, by the value of the list's filter; any other value is an agent's key.
HOLDERS: Mapping[str, tuple[Promise, Rule]] = {
    "me": (_("Me"), lambda user, now: Q(assignee=user)),
    "nobody": (_("Nobody"), lambda user, now: Q(assignee__isnull=True)),
}
ESCALATED: Mapping[str, tuple[Promise, Rule]] = {
    "yes": (_("Escalated"), lambda user, now: Q(escalated_at__isnull=False)),
    "no": (_("Not escalated"), lambda user, now: Q(escalated_at__isnull=True)),
}


@dataclass(frozen=True)
class Queue:
    """`query` are the filters of the list, `rule` is the same in terms of the table; unsettled tickets only."""

    name: str
    label: Promise
    query: Mapping[str, str]
    rule: Rule = field(repr=False)

    @property
    def query_string(self) -> str:
        return urlencode(self.query)


QUEUES = (
    Queue("mine", _("Mine"), {"assignee": "me"}, HOLDERS["me"][1]),
    Queue("unassigned", _("Unassigned"), {"assignee": "nobody"}, HOLDERS["nobody"][1]),
    Queue("overdue", _("Overdue"), {"due": "overdue"}, DUE["overdue"][1]),
    Queue("soon", _("Due within 4 hours"), {"due": "soon"}, DUE["soon"][1]),
    Queue("escalated", _("Escalated"), {"escalated": "yes"}, ESCALATED["yes"][1]),
    Queue("waiting", _("Waiting for partner"), {"status": "waiting"}, lambda user, now: Q(status=Status.WAITING)),
)

#: The queue's order: the longest overdue first, then by what is due next, then what waits; P1 before P4 at a tie.
URGENT_FIRST = (F("due_at").asc(nulls_last=True), F("priority").asc(), F("id").asc())
NEWEST_FIRST = (F("opened_at").desc(), F("id").desc())

#: What a row of a list or of the start page shows; the long texts stay in the database.
COLUMNS = (
    "pk", "type", "subject", "status", "priority", "opened_at", "touched_at", "due_at", "responded_at", "paused_at",
    "escalated_at", "spoken_by_partner", "version", "partner__name", "partner__customer_id", "assignee__name",
    "assignee__email",
)  # fmt: skip


def count(user: User, now: datetime) -> list[tuple[Queue, int]]:
    """Every queue with its number of tickets, in one statement that reads unsettled tickets only."""
    numbers = {queue.name: Count("pk", filter=queue.rule(user, now)) for queue in QUEUES}
    counted = Ticket.objects.visible_to(user).unsettled().aggregate(**numbers)
    return [(queue, counted[queue.name]) for queue in QUEUES]


def newest(user: User, at_most: int = 10) -> TicketQuerySet:
    """The tickets opened last, settled or not."""
    return in_rows(Ticket.objects.visible_to(user)).order_by(*NEWEST_FIRST)[:at_most]


def in_rows(tickets: TicketQuerySet) -> TicketQuerySet:
    return tickets.select_related("partner", "assignee").only(*COLUMNS)
