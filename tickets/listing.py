"""The partner's list of tickets: what it can be filtered and sorted by."""

from dataclasses import dataclass
from typing import Any

import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from contacts.choices import Choices
from tickets import numbers
from tickets.models import Ticket, TicketQuerySet
from tickets.priority import Priority
from tickets.requirements import TicketType
from tickets.status import SETTLED, Status

OPEN = _("Open")
GROUPS = [("settled", _("Resolved and closed")), ("all", _("All")), *Status.choices]

SORTS: dict[str, tuple[Any, ...]] = {
    "": (F("opened_at").desc(),),
    "activity": (F("touched_at").desc(),),
    "due": (F("due_at").asc(nulls_last=True), F("opened_at").desc()),
    "priority": (F("priority").asc(), F("opened_at").desc()),
}
NEWEST = _("Newest first")
SORT_NAMES = [
    ("activity", _("Last activity")),
    ("due", _("Due first")),
    ("priority", _("Priority")),
]


ROWS = 25


@dataclass(frozen=True)
class Page:
    """One page of a list that nobody has counted: counting a partner's tickets costs more than showing some."""

    rows: list[Ticket]
    number: int
    has_next: bool

    @classmethod
    def of(cls, tickets: TicketQuerySet, number: str | None) -> "Page":
        """The page with this number as it came in the URL; the first one for anything that is no number."""
        wanted = int(number) if number and number.isascii() and number.isdigit() and len(number) < 6 else 1
        start = (max(wanted, 1) - 1) * ROWS
        rows = list(tickets[start : start + ROWS + 1])
        return cls(rows[:ROWS], max(wanted, 1), len(rows) > ROWS)

    @property
    def first(self) -> int:
        return (self.number - 1) * ROWS + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def next_page(self) -> int:
        return self.number + 1

    @property
    def previous_page(self) -> int:
        return self.number - 1


class TicketFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter has no type marker
    """Filters over tickets that are visible already; it never widens what it is given."""

    q = django_filters.CharFilter(label=_("Number, customer ID or words"), method="find", max_length=200)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=GROUPS, empty_label=OPEN, method="group")
    type = django_filters.ChoiceFilter(label=_("Type"), choices=TicketType.choices, empty_label=_("All types"))
    priority = django_filters.ChoiceFilter(label=_("Priority"), choices=Priority.choices, empty_label=_("Any priority"))
    tenant = django_filters.ChoiceFilter(label=_("Tenant"), field_name="tenants", empty_label=_("All tenants"))
    service = django_filters.ChoiceFilter(label=_("Service"), field_name="services", empty_label=_("All services"))
    sort = django_filters.ChoiceFilter(label=_("Sort"), choices=SORT_NAMES, empty_label=NEWEST, method="same")

    class Meta:
        model = Ticket
        fields: list[str] = []

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["tenant"].extra["choices"] = [(row.pk, str(row)) for row in choices.tenants]
        self.filters["service"].extra["choices"] = [(row.pk, row.name) for row in choices.services]

    @property
    def page_of(self) -> TicketQuerySet:
        """The rows, sorted; unsettled ones unless a status or a text was asked for."""
        values = self.form.cleaned_data if self.form.is_valid() else {}
        rows: TicketQuerySet = self.qs if self.form.is_valid() else self.queryset.none()
        if not values.get("status") and not values.get("q"):
            rows = rows.unsettled()
        return rows.order_by(*SORTS[values.get("sort") or ""], "-pk")

    def find(self, rows: TicketQuerySet, name: str, text: str) -> TicketQuerySet:
        number = numbers.parse(text)
        if number is not None:
            return rows.filter(pk=number) if number >= numbers.FIRST else rows.of_customer(str(number))
        return rows.search(text)

    def group(self, rows: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        if value == "all":
            return rows
        return rows.filter(status__in=SETTLED) if value == "settled" else rows.filter(status=value)

    def same(self, rows: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        return rows
