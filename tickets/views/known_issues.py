"""Known issues as partners see them: the list, one with its updates, and the short page that joins it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from contacts import phones
from contacts.access import LicensedRequest, licensed
from contacts.licence import Action
from tickets import workflow
from tickets.joining import JoiningForm
from tickets.models import KnownIssue, KnownIssueUpdate, Ticket
from tickets.offer import Offer, offer_for
from tickets.views.filing import UNPROCESSABLE, own_contact, rows_read
from tickets.views.typed import typed

#: What stood in the whole form and has no field here travels on unseen, so that the way back loses nothing.
OWN_FIELDS = frozenset({*JoiningForm.base_fields, "join", "read", "more", "switch", "type", "csrfmiddlewaretoken"})
#: A form has some forty fields; this many lists of values are no form of ours.
CARRIED_MAX = 300


@require_safe
@licensed(Action.SEE)
def known_issues(request: LicensedRequest) -> HttpResponse:
    """Those of the own services: what is being worked on, and what was resolved lately."""
    rows = KnownIssue.objects.visible_to(request.user).current(timezone.now()).with_services()
    found = list(rows.order_by("-starts_at", "-pk"))
    context = {
        "open": [issue for issue in found if not issue.resolved_at],
        "resolved": [issue for issue in found if issue.resolved_at],
    }
    return render(request, "tickets/known_issues.html", context)


@require_safe
@licensed(Action.SEE)
def known_issue(request: LicensedRequest, issue_pk: int) -> HttpResponse:
    """One with its updates and the own tickets that joined it; nobody else's."""
    issue = _find(request, issue_pk)
    own = Ticket.objects.visible_to(request.user).filter(join__issue=issue).select_related("join")
    updates = KnownIssueUpdate.objects.visible_to(request.user).filter(issue=issue)
    context = {
        "issue": issue,
        "updates": updates.order_by("-created_at", "-pk"),
        "own": [] if request.user.is_staff else own.only("subject", "status", "join").order_by("-pk")[:50],
        "may_join": not request.user.is_staff and request.user.may(Action.OPEN) and not issue.resolved_at,
    }
    return render(request, "tickets/known_issue.html", context)


@require_http_methods(["GET", "POST"])
@licensed(Action.OPEN)
def known_issue_join(request: LicensedRequest, issue_pk: int) -> HttpResponse:
    """A light ticket. What came from the whole form stands in it already, the rest travels on."""
    issue = _find(request, issue_pk)
    offer = offer_for(own_contact(request))
    if issue.resolved_at:
        messages.error(request, _("%(number)s has been resolved meanwhile.") % {"number": issue.number})
        return redirect("tickets:known-issue", issue.pk)
    if "join" not in request.POST:
        return _page(request, _unsent(request, issue, offer))
    form = JoiningForm(request.POST, request.FILES, issue=issue, offer=offer)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE)
    try:
        ticket = workflow.join_known_issue(issue, by=request.user, joining=form.joining())
    except KnownIssue.DoesNotExist:
        raise Http404 from None
    except (workflow.NotAuthorized, workflow.Incomplete, workflow.NotJoinable, workflow.Refused) as refused:
        form.add_error(None, str(refused))
        return _page(request, form, status=UNPROCESSABLE)
    said = _("%(number)s has joined the known issue. What is new, you hear by mail too.")
    messages.success(request, said % {"number": ticket.number})
    return redirect("tickets:detail", ticket.pk)


def _find(request: LicensedRequest, issue_pk: int) -> KnownIssue:
    return get_object_or_404(KnownIssue.objects.visible_to(request.user).with_services(), pk=issue_pk)


def _unsent(request: LicensedRequest, issue: KnownIssue, offer: Offer) -> JoiningForm:
    """As it was typed, here or in the whole form, or with what is known beforehand."""
    if request.method != "POST":
        own = offer.choices.tenants
        initial = {
            "submission": uuid.uuid4(),
            "phone": phones.display(own_contact(request).phone),
            "tenants": [row.pk for row in own] if len(own) == 1 else [],
        }
        return JoiningForm(issue=issue, offer=offer, initial=initial)
    initial = typed(request, JoiningForm)
    initial["remark"] = initial["remark"] or request.POST.get("description", "")
    readings = rows_read(request, initial) if "read" in request.POST else []
    form = JoiningForm(issue=issue, offer=offer, initial=initial)
    table: Any = form.fields["examples"].widget
    table.readings = readings
    return form


def _page(request: LicensedRequest, form: JoiningForm, status: int = 200) -> HttpResponse:
    table: Any = form.fields["examples"].widget
    table.address = request.path
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in OWN_FIELDS and not name.startswith("examples-")
        for value in values
    ]
    context = {
        "form": form,
        "issue": form.issue,
        "carried": carried[:CARRIED_MAX],
        "services": [] if any(name == "services" for name, _value in carried) else form.issue.service_ids,
        "from_form": "description" in request.POST,
        "files_lost": "attachments" in request.FILES,
    }
    return render(request, "tickets/join.html", context, status=status)
