"""One decision for several tickets: each through the workflow, in its own transaction, with its own answer."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import User
from tickets import workflow
from tickets.admin.staff import agent
from tickets.models import Ticket
from tickets.status import IllegalTransition, NotNow, Status

#: More than an agent can have looked at.
AT_MOST = 100

#: What a workflow function answers when it will not; each says why in the reader's words.
REFUSALS = (
    workflow.NotAuthorized,
    workflow.Stale,
    workflow.VerdictMissing,
    workflow.NotJoinable,
    workflow.NotJoined,
    NotNow,
    IllegalTransition,
)

Deed = Callable[[Ticket, User, int | None], object]


class Bulk(admin.ModelAdmin[Ticket]):
    actions = ["assign_to_me", "assign_to_nobody", "set_open", "set_waiting", "set_closed"]

    @admin.action(description=gettext_lazy("Assign to me"), permissions=["change"])
    def assign_to_me(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        self._each(request, queryset, lambda ticket, by, seen: workflow.assign(ticket, by=by, to=by, seen=seen))

    @admin.action(description=gettext_lazy("Assign to nobody"), permissions=["change"])
    def assign_to_nobody(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        self._each(request, queryset, lambda ticket, by, seen: workflow.assign(ticket, by=by, to=None, seen=seen))

    @admin.action(description=gettext_lazy("Set status: with Retarus"), permissions=["change"])
    def set_open(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        self._each(request, queryset, change_to(Status.OPEN))

    @admin.action(description=gettext_lazy("Set status: waiting for partner"), permissions=["change"])
    def set_waiting(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        self._each(request, queryset, change_to(Status.WAITING))

    @admin.action(description=gettext_lazy("Set status: closed"), permissions=["change"])
    def set_closed(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        self._each(request, queryset, lambda ticket, by, seen: workflow.close(ticket, by=by, seen=seen))

    def _each(self, request: HttpRequest, queryset: QuerySet[Ticket], deed: Deed) -> None:
        tickets = list(queryset[: AT_MOST + 1])
        if len(tickets) > AT_MOST:
            said = _("At most %(n)d tickets at once. Choose fewer; nothing has been changed.") % {"n": AT_MOST}
            messages.error(request, said)
            return
        done = [ticket.number for ticket in tickets if _did(request, ticket, deed)]
        if done:
            messages.success(request, _("Done: %(numbers)s.") % {"numbers": ", ".join(done)})


def change_to(status: Status) -> Deed:
    return lambda ticket, by, seen: workflow.change_status(ticket, status, by=by, seen=seen)


def _did(request: HttpRequest, ticket: Ticket, deed: Deed) -> bool:
    """Do it to one ticket; a refusal becomes a message that names the ticket."""
    seen = request.POST.get(f"seen-{ticket.pk}", "")
    try:
        deed(ticket, agent(request), int(seen[:9]) if seen.isdecimal() else None)
    except REFUSALS as refused:
        messages.error(request, f"{ticket.number}: {refused}")
        return False
    return True
