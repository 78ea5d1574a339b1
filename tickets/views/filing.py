"""Filing a ticket: one page, the type first, and nothing typed is lost on the way."""

import uuid
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from contacts import phones
from contacts.access import LicensedRequest, licensed
from contacts.choices import Choices
from contacts.licence import Action
from contacts.models import Contact
from tickets import articles, evidence, priority, workflow
from tickets.articles import Said
from tickets.forms import OpeningForm
from tickets.models import KnownIssue
from tickets.offer import Offer, offer_for
from tickets.requirements import TicketType
from tickets.views.deflection import keep_unsolved, standing_in_form

#: Something was sent that cannot be worked on (RFC 9110, 15.5.21).
UNPROCESSABLE = 422

#: Buttons that bring the form back as it was typed, with something changed in it.
AGAIN = frozenset({"switch", "more", "look", "not_solved"})


@require_http_methods(["GET", "POST"])
@licensed(Action.OPEN)
def ticket_create(request: LicensedRequest) -> HttpResponse:
    contact = own_contact(request)
    offer = offer_for(contact)
    ticket_type = chosen_type(request)
    if "read" in request.POST:
        return page(request, form_with_rows_read(request, ticket_type, offer))
    if "not_solved" in request.POST:
        keep_unsolved(request)
    if request.method == "GET" or not AGAIN.isdisjoint(request.POST):
        return page(
            request, OpeningForm(ticket_type=ticket_type, offer=offer, initial=begin(request, contact, offer.choices))
        )
    tried = articles.tried(request.user, Said.of(request.POST))
    form = OpeningForm(request.POST, request.FILES, ticket_type=ticket_type, offer=offer, tried=tried)
    if not form.is_valid():
        return page(request, form, status=UNPROCESSABLE)
    try:
        ticket = workflow.open_ticket(by=request.user, opening=form.opening())
    except (workflow.NotAuthorized, workflow.Incomplete) as refused:
        form.add_error(None, str(refused))
        return page(request, form, status=UNPROCESSABLE)
    except (workflow.NotJoinable, KnownIssue.DoesNotExist) as refused:
        form.add_error("known_issue", str(refused))
        return page(request, form, status=UNPROCESSABLE)
    except workflow.UnknownRelated as unknown:
        form.add_error("related", str(unknown))
        return page(request, form, status=UNPROCESSABLE)
    messages.success(
        request, _("%(number)s is with Retarus. You get every answer by mail too.") % {"number": ticket.number}
    )
    return redirect("tickets:detail", ticket.pk)


@require_POST
@licensed(Action.OPEN)
def ticket_examples(request: LicensedRequest) -> HttpResponse:
    """The example rows alone, with the columns of the services ticked meanwhile, what was typed so far and, when asked
    for, what was read from a text."""
    contact = own_contact(request)
    offer = offer_for(contact)
    if "read" in request.POST:
        form = form_with_rows_read(request, TicketType.INCIDENT, offer)
        response = render(request, "tickets/_examples.html", {"field": form["examples"]})
        return trigger_client_event(response, "rows-read", after="settle")  # what is missing is looked at again
    form = OpeningForm(ticket_type=TicketType.INCIDENT, offer=offer, initial=begin(request, contact, offer.choices))
    return render(request, "tickets/_examples.html", {"field": form["examples"]})


def own_contact(request: LicensedRequest) -> Contact:
    """The contact that `licensed` has let through."""
    contact = request.user.contact
    assert contact is not None  # noqa: S101  # staff are not let through to filing
    return contact


def chosen_type(request: HttpRequest) -> TicketType:
    """By the button just pressed, by what the form was, or by the link; an incident when none says."""
    wanted = request.POST.get("switch") or request.POST.get("type") or request.GET.get("type", "")
    return TicketType(wanted) if wanted in TicketType.values else TicketType.INCIDENT


def begin(request: HttpRequest, contact: Contact, choices: Choices) -> dict[str, Any]:
    """What stands in an unsent form: what was typed under another type, or what is known beforehand."""
    if request.method == "POST":
        return typed(request)
    service = request.GET.get("service", "")
    return {
        "submission": uuid.uuid4(),
        "phone": phones.display(contact.phone),
        "tenants": [row.pk for row in choices.tenants] if len(choices.tenants) == 1 else [],
        "services": [row.pk for row in choices.services if row.code == service or len(choices.services) == 1],
    }


def typed(request: HttpRequest, form: type[Form] = OpeningForm) -> dict[str, Any]:
    """Every field's text as it was sent, unchecked, to be shown again."""
    return {
        name: field.widget.value_from_datadict(request.POST, request.FILES, name)
        for name, field in form.base_fields.items()
        if name != "attachments"
    }


def form_with_rows_read(request: HttpRequest, ticket_type: TicketType, offer: Offer) -> OpeningForm:
    """The form as it was typed, with the rows found in the pasted text and in the file beside it added."""
    initial = typed(request)
    readings = rows_read(request, initial)
    form = OpeningForm(ticket_type=ticket_type, offer=offer, initial=initial)
    if "examples" in form.fields:
        table: Any = form.fields["examples"].widget
        table.readings = readings
    return form


def rows_read(request: HttpRequest, initial: dict[str, Any]) -> list[tuple[str, evidence.Reading]]:
    """Add the rows found in the pasted text and in the file beside it to `initial`; what was read where."""
    readings = [("", evidence.read(initial["pasted"]))] if initial["pasted"] else []
    file = request.FILES.get("evidence_file")
    if file:
        readings.append((file.name or "", evidence.read(evidence.decode(file.read(evidence.BYTES_MAX + 1)))))
    rows = list(initial["examples"])
    for _name, reading in readings:
        rows += [row for row in reading.rows if row not in rows]
    initial["examples"] = rows[: evidence.ROWS_MAX_COUNT]
    return readings


def page(request: LicensedRequest, form: OpeningForm, status: int = 200) -> HttpResponse:
    necessary = [
        item
        for item in form.matrix.asked(form.ticket_type)
        if item in form.fields and form.matrix.marked(form.ticket_type, item)
    ]
    context = {
        "form": form,
        "types": TicketType.choices,
        "type": form.ticket_type,
        "necessary": [form[item] for item in necessary],
        "definitions": [(level.label, text) for level, text in priority.DEFINITION.items()],
        "files_lost": "attachments" in request.FILES,
        "known_issues": form.known_issues if form.ticket_type == TicketType.INCIDENT else [],
        "articles": standing_in_form(request),
    }
    return render(request, "tickets/create.html", context, status=status)
