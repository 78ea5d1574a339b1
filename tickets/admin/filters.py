"""What the queue can be narrowed by. Unsettled tickets are shown unless a status or a text is asked for."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.models import Partner, Service
from tickets import queues
from tickets.admin.staff import agent, agents
from tickets.models import Ticket, TicketQuerySet
from tickets.priority import Priority
from tickets.requirements import TicketType
from tickets.status import Status

OPEN, ALL = "", "all"


def group_of(request: HttpRequest) -> str:
    """The status that is asked for: "" for unsettled, "all", or a status of its own. A text searches all of them."""
    wanted = request.GET.get("status", "")
    if wanted == ALL or wanted in Status.values:
        return wanted
    return ALL if request.GET.get("q", "").strip("\x00 ") else OPEN


class Choice(admin.SimpleListFilter):
    """One field of the filter form; an empty or unknown value filters nothing."""

    template = "admin/tickets/ticket/_filter.html"
    any_label: Promise = _("Any")

    def choices(self, changelist: Any) -> Iterator[Any]:
        chosen = self.value() or ""
        yield {"value": "", "display": self.any_label, "selected": not chosen, "query_string": ""}
        for value, label in self.lookup_choices:
            yield {"value": value, "display": label, "selected": chosen == str(value), "query_string": ""}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        known = {str(value) for value, _label in self.lookup_choices}
        assert isinstance(queryset, TicketQuerySet)  # noqa: S101  # the desk gives no other
        return self.narrow(request, queryset, value) if value in known else queryset

    def narrow(self, request: HttpRequest, tickets: TicketQuerySet, value: str) -> TicketQuerySet:
        """The tickets for one of the values of `lookups`."""
        return tickets.filter(**{str(self.parameter_name): value})


class StatusFilter(Choice):
    title = _("status")
    parameter_name = "status"
    any_label = _("Open")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(ALL, _("All")), *Status.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        tickets: TicketQuerySet = super().queryset(request, queryset)  # type: ignore[assignment]
        return tickets.unsettled() if group_of(request) == OPEN else tickets

    def narrow(self, request: HttpRequest, tickets: TicketQuerySet, value: str) -> TicketQuerySet:
        return tickets if value == ALL else tickets.filter(status=value)


class RuleFilter(Choice):
    """A filter whose values are rules of `tickets.queues`."""

    rules: Mapping[str, tuple[Promise, queues.Rule]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _rule) in self.rules.items()]

    def narrow(self, request: HttpRequest, tickets: TicketQuerySet, value: str) -> TicketQuerySet:
        _label, rule = self.rules[value]
        return tickets.filter(rule(agent(request), timezone.now()))


class DueFilter(RuleFilter):
    title = _("clock")
    parameter_name = "due"
    rules = queues.DUE


class EscalatedFilter(RuleFilter):
    title = _("escalation")
    parameter_name = "escalated"
    rules = queues.ESCALATED


class AssigneeFilter(RuleFilter):
    title = _("assignee")
    parameter_name = "assignee"
    any_label = _("Anybody")
    rules = queues.HOLDERS

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*super().lookups(request, model_admin), *((str(row.pk), row.name) for row in agents())]

    def narrow(self, request: HttpRequest, tickets: TicketQuerySet, value: str) -> TicketQuerySet:
        return super().narrow(request, tickets, value) if value in self.rules else tickets.filter(assignee=int(value))


class PriorityFilter(Choice):
    title = _("priority")
    parameter_name = "priority"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(value), label) for value, label in Priority.choices]


class TypeFilter(Choice):
    title = _("type")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(TicketType.choices)


class PartnerFilter(Choice):
    title = _("partner")
    parameter_name = "partner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        rows = Partner.objects.visible_to(agent(request)).order_by("name").values_list("pk", "name", "customer_id")
        return [(str(pk), f"{name} ({customer_id})") for pk, name, customer_id in rows]


class ServiceFilter(Choice):
    title = _("service")
    parameter_name = "service"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(pk), name) for pk, name in Service.objects.order_by("position").values_list("pk", "name")]

    def narrow(self, request: HttpRequest, tickets: TicketQuerySet, value: str) -> TicketQuerySet:
        about = Ticket.services.through.objects.filter(ticket_id=OuterRef("pk"), service_id=value)
        return tickets.filter(Exists(about))


FILTERS: tuple[type[Choice], ...] = (
    StatusFilter,
    DueFilter,
    PriorityFilter,
    AssigneeFilter,
    PartnerFilter,
    ServiceFilter,
    TypeFilter,
    EscalatedFilter,
)
