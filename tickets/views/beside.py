"""What stands beside the form while it is filled in: what is still missing, known issues it may be about, and tickets
that may be about the same."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from contacts.access import LicensedRequest, licensed
from contacts.licence import Action
from tickets import articles, matching
from tickets.articles import Said
from tickets.forms import OpeningForm
from tickets.models import Ticket
from tickets.offer import offer_for
from tickets.priority import DEFINITION
from tickets.requirements import TicketType
from tickets.views.filing import chosen_type, own_contact

#: How many tickets are shown: enough to recognise one, few enough to be looked at.
EARLIER, SIMILAR = 5, 3


@require_POST
@licensed(Action.OPEN)
def ticket_missing(request: LicensedRequest) -> HttpResponse:
    """The items that are still missing from what was typed so far, each with the way to its field."""
    tried = articles.tried(request.user, Said.of(request.POST))
    offer = offer_for(own_contact(request))
    form = OpeningForm(request.POST, ticket_type=chosen_type(request), offer=offer, tried=tried)
    form.is_valid()
    derived = form.derived_priority
    context = {
        "missing": [form[item] for item in form.missing],
        "derived": derived,
        "definition": DEFINITION[derived] if derived else "",
    }
    return render(request, "tickets/_missing.html", context)


@require_POST
@licensed(Action.OPEN)
def ticket_beside(request: LicensedRequest) -> HttpResponse:
    """Known issues that fit, which can be joined; open tickets that read alike, which warn; and earlier ones of the
    same tenants and services, which may help."""
    offer = offer_for(own_contact(request))
    form = OpeningForm(request.POST, ticket_type=chosen_type(request), offer=offer)
    form.is_valid()
    said = form.cleaned_data
    tickets = Ticket.objects.visible_to(request.user)
    similar = tickets.alike(said.get("subject", ""), said.get("error_pattern", ""), services=said.get("services", []))[
        :SIMILAR
    ]
    earlier = tickets.about(said.get("tenants", []), said.get("services", [])).order_by("-opened_at")[:EARLIER]
    known = offer.alike(what_was_said(said)) if form.ticket_type == TicketType.INCIDENT else []
    return render(request, "tickets/_beside.html", {"known": known, "similar": similar, "earlier": earlier})


def what_was_said(said: Mapping[str, Any]) -> matching.Said:
    """The part of the form that a known issue can be recognised by, the pasted rows included."""
    rows = [value for row in said.get("examples", []) for value in row.values()]
    typed = [said.get(name) or "" for name in ("subject", "error_pattern", "description")]
    services = [service.pk for service in said.get("services", [])]
    return matching.Said(services, said.get("data_centre") or "", list(filter(None, [*typed, *rows])))
