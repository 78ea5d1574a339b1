"""What a contact does with a ticket and a known issue: join, leave, and say whether the fix has helped."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts.access import LicensedRequest, licensed
from contacts.licence import Action
from tickets import workflow
from tickets.models import KnownIssue
from tickets.status import NotNow
from tickets.views.acting import with_reason
from tickets.views.reading import find
from tickets.views.texts import denial_form, leaving_form

REFUSALS = (NotNow, workflow.NotAuthorized, workflow.NotJoinable, workflow.NotJoined)


@require_POST
@licensed(Action.REPLY)
def ticket_link(request: LicensedRequest, pk: int, issue_pk: int) -> HttpResponse:
    """The ticket that stands is about the known issue."""
    ticket = find(request, pk)
    try:
        workflow.link_known_issue(ticket, KnownIssue(pk=issue_pk), by=request.user)
    except KnownIssue.DoesNotExist:
        raise Http404 from None
    except REFUSALS as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your ticket has joined the known issue. What is new, you hear by mail too."))
    return redirect("tickets:detail", pk)


@require_http_methods(["GET", "POST"])
@licensed(Action.REPLY)
def ticket_leave(request: LicensedRequest, pk: int) -> HttpResponse:
    ticket = find(request, pk)
    return with_reason(
        request,
        ticket,
        leaving_form(request.POST or None),
        "tickets/leave.html",
        lambda body: workflow.leave_known_issue(ticket, by=request.user, body=body),
        _("Your ticket is one of its own again."),
    )


@require_POST
@licensed(Action.REPLY)
def ticket_fixed(request: LicensedRequest, pk: int) -> HttpResponse:
    ticket = find(request, pk)
    try:
        workflow.confirm_fixed(ticket, by=request.user)
    except REFUSALS as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Thank you. The ticket is resolved. You can reopen it if it comes back."))
    return redirect("tickets:detail", pk)


@require_http_methods(["GET", "POST"])
@licensed(Action.REPLY)
def ticket_not_fixed(request: LicensedRequest, pk: int) -> HttpResponse:
    ticket = find(request, pk)
    return with_reason(
        request,
        ticket,
        denial_form(request.POST or None),
        "tickets/not_fixed.html",
        lambda body: workflow.deny_fixed(ticket, by=request.user, body=body),
        _("The ticket is with Retarus again, with what you wrote."),
    )
