"""The admin of tickets: the queue and the ticket's page, in the stock admin's places and under its permissions.

Nothing here writes: deeds go to `tickets.workflow`, and every stock way to add, save or delete is shut.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from tickets import queues, workflow
from tickets.admin import page
from tickets.admin.acts import ACTS, Act
from tickets.admin.bulk import REFUSALS, Bulk
from tickets.admin.columns import Columns
from tickets.admin.filters import FILTERS, OPEN, group_of
from tickets.admin.page import Attempt
from tickets.admin.paging import CAP, CappedPaginator, horizon
from tickets.admin.search import find
from tickets.admin.staff import agent, agents
from tickets.models import Ticket
from tickets.status import UNSETTLED

#: Answers of HTTP: typed wrongly, overtaken by events, not allowed.
UNPROCESSABLE, CONFLICT, FORBIDDEN = 422, 409, 403


def is_small(request: HttpRequest) -> bool:
    """Whether the list is of unsettled tickets only: few enough to be sorted by any column."""
    return group_of(request) in (OPEN, *UNSETTLED)


class TicketList(ChangeList):
    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """A sort that was asked for counts for a small list; a million rows are read in the order of their index."""
        return super().get_ordering(request, queryset) if is_small(request) else list(queues.NEWEST_FIRST)


@admin.register(Ticket)
class TicketAdmin(Columns, Bulk):
    list_filter = FILTERS
    list_per_page = 25
    list_max_show_all = 0
    show_full_result_count = False
    search_fields = ["subject"]  # only says that there is a search; get_search_results does it
    actions_on_bottom = False

    # --- the queue

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        return queues.in_rows(Ticket.objects.visible_to(agent(request)).with_labels())

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TicketList

    def get_ordering(self, request: HttpRequest) -> Any:
        """What matters first among the unsettled; among all, where that means little, the newest first."""
        return queues.URGENT_FIRST if is_small(request) else queues.NEWEST_FIRST

    def get_sortable_by(self, request: HttpRequest) -> Any:
        return self.list_display if is_small(request) else ()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return (find(queryset, search_term.replace("\x00", " ").strip()) if search_term.strip() else queryset), False

    def get_paginator(self, request: HttpRequest, *args: Any, **kwargs: Any) -> CappedPaginator:
        paginator = CappedPaginator(*args, **kwargs)
        if request.GET.get("q"):
            paginator.horizon = horizon(request.GET.get("p", ""), self.list_per_page)
        return paginator

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return any(lookup == choice.parameter_name for choice in FILTERS)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        asked = {name: value for name, value in request.GET.items() if value and name not in ("o", "p")}
        shown = {"title": _("Tickets"), "queues": queues.QUEUES, "asked": asked, "cap": CAP, **(extra_context or {})}
        return super().changelist_view(request, shown)

    # --- the ticket's page

    def get_urls(self) -> list[URLPattern]:
        deeds = [
            path(
                f"<int:pk>/{act.name}/",
                self.admin_site.admin_view(self.act_view),
                {"act": act},
                name=f"tickets_ticket_{act.name}",
            )
            for act in ACTS.values()
        ]
        return [*deeds, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return page.show(self.admin_site, request, page.find(agent(request), object_id))

    def act_view(self, request: HttpRequest, pk: int, act: Act) -> HttpResponse:
        """One deed, by POST. A link to it, as after signing in again, leads to the ticket."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method in ("GET", "HEAD"):
            return redirect("admin:tickets_ticket_change", pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        ticket = page.find(agent(request), pk)
        form = page.blank(act, ticket, list(agents()), request.POST, request.FILES)
        if not form.is_valid():
            return page.show(self.admin_site, request, ticket, Attempt(act, form), status=UNPROCESSABLE)
        return self._do(request, ticket, act, form)

    def _do(self, request: HttpRequest, ticket: Ticket, act: Act, form: Any) -> HttpResponse:
        try:
            act.run(ticket, by=agent(request), **form.cleaned_data)
        except REFUSALS as refused:
            events = tuple(refused.events) if isinstance(refused, workflow.Stale) else ()
            status = FORBIDDEN if isinstance(refused, workflow.NotAuthorized) else CONFLICT
            fresh = page.find(agent(request), ticket.pk)
            return page.show(self.admin_site, request, fresh, Attempt(act, form, str(refused), events), status=status)
        messages.success(request, str(act.done))
        return redirect("admin:tickets_ticket_change", ticket.pk)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The story of a ticket stands on its page."""
        return redirect("admin:tickets_ticket_change", object_id)

    # --- what the stock admin may not do to tickets

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Ticket, form: Any, change: bool) -> None:
        raise PermissionDenied

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        raise PermissionDenied

    def delete_model(self, request: HttpRequest, obj: Ticket) -> None:
        raise PermissionDenied

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        raise PermissionDenied
