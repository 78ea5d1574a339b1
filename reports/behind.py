"""The tickets behind a figure: the same conditions as in the report's statement, as a QuerySet to list and to open."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from contacts.models import Partner, User
from reports.monthly import SETTLED_AT, visible_tickets, zone_of
from reports.months import Month
from reports.shares import Kind
from tickets.models import AskBack, Escalation, TicketQuerySet
from tickets.priority import Priority


def _within(field: str, start: datetime, end: datetime) -> Q:
    return Q((f"{field}__gte", start), (f"{field}__lt", end))


def _escalated(user: User, start: datetime, end: datetime, condition: Q) -> Q:
    rows = Escalation.objects.visible_to(user).filter(condition, _within("created_at", start, end))
    return Q(Exists(rows.filter(ticket=OuterRef("pk"))))


COLUMNS = ("type", "priority", "status", "subject", "opened_at", "partner__name")

PERSON = Q(step=Escalation.Step.PERSON)

#: By the figure's name in the report. The escalations are a list of tickets, so one may stand for several of them.
CONDITIONS: Mapping[str, Callable[[User, datetime, datetime], Q]] = {
    "opened": lambda user, start, end: _within("opened_at", start, end),
    "answered": lambda user, start, end: _within("opened_at", start, end) & Q(responded_at__isnull=False),
    "answered_in_time": lambda user, start, end: (
        _within("opened_at", start, end) & Q(responded_at__lte=F("response_due_at"))
    ),
    "settled": lambda user, start, end: _within("settled_at", start, end),
    "settled_in_time": lambda user, start, end: (
        _within("settled_at", start, end) & Q(settled_at__lte=F("resolution_due_at"))
    ),
    "open_at_end": lambda user, start, end: (
        Q(opened_at__lt=end) & (Q(settled_at__gte=end) | Q(settled_at__isnull=True))
    ),
    "complete": lambda user, start, end: _within("opened_at", start, end) & Q(missing_at_opening=[]),
    "asked_back": lambda user, start, end: Q(
        Exists(AskBack.objects.visible_to(user).filter(_within("at", start, end), ticket=OuterRef("pk")))
    ),
    "closed": lambda user, start, end: _within("closed_at", start, end),
    "by_person": lambda user, start, end: _escalated(user, start, end, PERSON),
    "by_clock": lambda user, start, end: _escalated(user, start, end, ~PERSON),
}

#: How a row of the divided figures is named on the ticket.
PLACES: Mapping[Kind, str] = {
    Kind.TYPE: "type",
    Kind.PRIORITY: "priority",
    Kind.SERVICE: "services__code",
    Kind.TENANT: "tenants__customer_id",
    Kind.PARTNER: "partner__customer_id",
}


def tickets(user: User, partner: Partner | None, month: Month, figure: str) -> TicketQuerySet:
    """The tickets that `figure` counts in `month`, the newest first. KeyError when there is no such figure."""
    zone = zone_of(partner)
    condition = CONDITIONS[figure](user, month.begins_at(zone), month.plus(1).begins_at(zone))
    return visible_tickets(user, partner).alias(settled_at=SETTLED_AT).filter(condition).order_by("-opened_at", "-pk")


def within(rows: TicketQuerySet, kind: Kind, key: str) -> TicketQuerySet:
    """Those of one row: one type, priority, service, tenant or partner; with an empty key those that name none."""
    if key == "":
        return rows.filter((f"{PLACES[kind]}__isnull", True))
    if "\x00" in key or (kind == Kind.PRIORITY and key not in map(str, Priority.values)):
        return rows.none()
    return rows.filter((PLACES[kind], key))


def in_rows(rows: TicketQuerySet) -> TicketQuerySet:
    """What a list shows of them, in one statement."""
    return rows.with_labels().select_related("partner").only(*COLUMNS)
