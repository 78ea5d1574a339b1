"""What a contact does to a ticket. Each view finds it, validates, makes one call and answers."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts.access import LicensedRequest, licensed
from contacts.licence import Action
from tickets import workflow
from tickets.forms import TextForm
from tickets.models import Ticket
from tickets.status import IllegalTransition, NotNow
from tickets.views.filing import UNPROCESSABLE
from tickets.views.reading import find, show
from tickets.views.texts import escalation_form, reopening_form, reply_form

CONFLICT = 409


@require_POST
@licensed(Action.REPLY)
def ticket_reply(request: LicensedRequest, pk: int) -> HttpResponse:
    ticket = find(request, pk)
    form = reply_form(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, ticket, form, status=UNPROCESSABLE)
    try:
        workflow.reply(ticket, by=request.user, **form.cleaned_data)
    except (NotNow, workflow.NotAuthorized) as refused:
        form.add_error(None, str(refused))
        return show(request, find(request, pk), form, status=CONFLICT)
    messages.success(request, _("Your answer is with Retarus."))
    return redirect("tickets:detail", pk)


@require_http_methods(["GET", "POST"])
@licensed(Action.ESCALATE)
def ticket_escalate(request: LicensedRequest, pk: int) -> HttpResponse:
    ticket = find(request, pk)
    form = escalation_form(request.POST or None)
    return with_reason(
        request,
        ticket,
        form,
        "tickets/escalate.html",
        lambda reason: workflow.escalate(ticket, by=request.user, reason=reason),
        _("Your escalation is with the 3rd-level lead."),
    )


@require_http_methods(["GET", "POST"])
@licensed(Action.REOPEN)
def ticket_reopen(request: LicensedRequest, pk: int) -> HttpResponse:
    ticket = find(request, pk)
    form = reopening_form(request.POST or None)
    return with_reason(
        request,
        ticket,
        form,
        "tickets/reopen.html",
        lambda reason: workflow.reopen(ticket, by=request.user, reason=reason),
        _("The ticket is open again."),
    )


@require_POST
@licensed(Action.CLOSE)
def ticket_close(request: LicensedRequest, pk: int) -> HttpResponse:
    ticket = find(request, pk)
    try:
        workflow.close(ticket, by=request.user)
    except (NotNow, IllegalTransition) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The ticket is closed. You can reopen it if it turns out not to be solved."))
    return redirect("tickets:detail", pk)


def with_reason(
    request: LicensedRequest, ticket: Ticket, form: TextForm, template: str, act: Callable[[str], object], done: str
) -> HttpResponse:
    """Ask for the reason on a page of its own, act, go back to the ticket."""
    if form.is_valid():
        try:
            act(form.cleaned_data["body"])
        except (NotNow, IllegalTransition, workflow.NotAuthorized, workflow.NotJoined) as refused:
            form.add_error(None, str(refused))
            return render(request, template, {"ticket": ticket, "form": form}, status=CONFLICT)
        messages.success(request, done)
        return redirect("tickets:detail", ticket.pk)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, template, {"ticket": ticket, "form": form}, status=status)
