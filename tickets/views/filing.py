"""Filing a ticket: one page, the type first, and nothing typed is lost on the way."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
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
from tickets.models import Draft, KnownIssue, Ticket
from tickets.offer import Offer, offer_for
from tickets.requirements import TicketType
from tickets.views.deflection import keep_unsolved, standing_in_form
from tickets.views.drafts import Kept, keep, kept_when_signed_out, number_in
from tickets.views.typed import (
    NO_ANSWERS,
    as_columns,
    key_for,
    key_in,
    said_in,
    typed,
    typing_of,
    values,
    writer_of,
)

#: Something was sent that cannot be worked on (RFC 9110, 15.5.21).
UNPROCESSABLE = 422
CONFLICT = 409


#: What the articles in the form say beside its fields.
ABOUT_ARTICLES = ("shown", "steps", "unsolved")
#: Buttons that send the form to have it shown again.
SHOWN_AGAIN = frozenset(("switch", "more", "read", "save", "remove", "overwrite", "look", "not_solved"))


@require_http_methods(["GET", "POST"])
@kept_when_signed_out
@licensed(Action.OPEN)
def ticket_create(request: LicensedRequest) -> HttpResponse:
    contact = own_contact(request)
    if request.method == "GET":
        return go_on(request, contact) if "draft" in request.GET else begun(request, contact)
    offer, ticket_type = offer_for(contact), chosen_type(request)
    if "not_solved" in request.POST:
        keep_unsolved(request)
    if SHOWN_AGAIN & set(request.POST):
        return shown_again(request, ticket_type, offer)
    tried = articles.tried(request.user, Said.of(request.POST))
    form = OpeningForm(request.POST, request.FILES, ticket_type=ticket_type, offer=offer, tried=tried)
    ticket = send(request, form)
    if ticket is None:
        kept = keep(request.user, typing_of(request.POST, ticket_type), request.FILES.getlist("attachments"))
        return page(request, form, kept, status=CONFLICT if kept.changed_elsewhere else UNPROCESSABLE)
    messages.success(
        request, _("%(number)s is with Retarus. You get every answer by mail too.") % {"number": ticket.number}
    )
    return redirect("tickets:detail", ticket.pk)


def send(request: LicensedRequest, form: OpeningForm) -> Ticket | None:
    """The ticket; None when something is missing or refused, and then the form says what."""
    if not form.is_valid():
        return None
    try:
        return workflow.open_ticket(by=request.user, opening=form.opening(), writer=writer_of(request.POST))
    except (workflow.NotAuthorized, workflow.Incomplete, workflow.NotStored) as refused:
        form.add_error(None, str(refused))
    except (workflow.NotJoinable, KnownIssue.DoesNotExist) as refused:
        form.add_error("known_issue", str(refused))
    except workflow.UnknownRelated as unknown:
        form.add_error("related", str(unknown))
    except workflow.Refused as refused:
        form.add_error("attachments", str(refused))
    except workflow.ChangedElsewhere:
        pass  # the line about the draft says it, with the choice
    return None


def begun(request: LicensedRequest, contact: Contact) -> HttpResponse:
    """A fresh form; drafts that wait are offered beside it."""
    offer = offer_for(contact)
    form = OpeningForm(
        ticket_type=chosen_type(request), offer=offer, initial=known_beforehand(request, contact, offer.choices)
    )
    return page(request, form, offered=offer.drafts)


def go_on(request: LicensedRequest, contact: Contact) -> HttpResponse:
    """The draft as it was left. One that was sent meanwhile is its ticket."""
    submission = key_in(request.GET["draft"])
    draft = Draft.objects.visible_to(request.user).filter(submission=submission).first()
    if draft is None:
        sent = get_object_or_404(Ticket.objects.visible_to(request.user), submission=submission, opened_by=contact)
        messages.info(request, str(workflow.AlreadySent(sent)))
        return redirect("tickets:detail", sent.pk)
    offer, said = offer_for(contact), values(said_in(draft))
    first = known_beforehand(request, contact, offer.choices) if draft.answers == "{}" else {}
    initial = said | first | {"submission": draft.submission}
    form = OpeningForm(ticket_type=TicketType(draft.type), offer=offer, initial=initial)
    return page(request, form, Kept(draft))


def shown_again(request: LicensedRequest, ticket_type: TicketType, offer: Offer) -> HttpResponse:
    """The form with another type, more rows or without a file; all that stands in it is kept first."""
    typing = typing_of(request.POST, ticket_type)
    form = form_with_rows_read(request, ticket_type, offer)
    if "read" in request.POST:
        typing = replace(typing, answers={**(typing.answers or {}), **as_columns(form.initial["examples"])})
    kept = keep(request.user, typing, request.FILES.getlist("attachments"))
    if "remove" in request.POST:
        workflow.drop_file(by=request.user, submission=typing.submission, file=number_in(request.POST["remove"]))
    if kept.draft and "switch" in request.POST:  # what was typed under the new type before is there again
        form.initial = values(said_in(kept.draft)) | {"submission": kept.draft.submission}
    if "save" in request.POST and kept.draft and not (kept.fault or kept.file_faults):
        messages.success(request, _("The draft is saved. You find it on the start page, for 30 days."))
        return redirect(f"{reverse('tickets:create')}?draft={kept.draft.submission}")
    return page(request, form, kept, status=CONFLICT if kept.changed_elsewhere else 200)


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
    form = OpeningForm(ticket_type=TicketType.INCIDENT, offer=offer, initial=typed(request))
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


def known_beforehand(request: HttpRequest, contact: Contact, choices: Choices) -> dict[str, Any]:
    """What stands in a fresh form."""
    service = request.GET.get("service", "")
    return {
        "submission": uuid.uuid4(),
        "phone": phones.display(contact.phone),
        "tenants": [row.pk for row in choices.tenants] if len(choices.tenants) == 1 else [],
        "services": [row.pk for row in choices.services if row.code == service or len(choices.services) == 1],
    }


def form_with_rows_read(request: HttpRequest, ticket_type: TicketType, offer: Offer) -> OpeningForm:
    """The form as it was typed; when asked for, with the rows found in the pasted text and in the file beside it."""
    initial = typed(request)
    readings = rows_read(request, initial) if "read" in request.POST else []
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


def page(
    request: LicensedRequest,
    form: OpeningForm,
    kept: Kept | None = None,
    offered: Sequence[Draft] = (),
    status: int = 200,
) -> HttpResponse:
    kept = kept or Kept()
    necessary = [
        item
        for item in form.matrix.asked(form.ticket_type)
        if item in form.fields and form.matrix.marked(form.ticket_type, item)
    ]
    submission = key_in(str(form["submission"].value()))
    context = {
        "form": form,
        "types": TicketType.choices,
        "type": form.ticket_type,
        "necessary": [form[item] for item in necessary],
        "definitions": [(level.label, text) for level, text in priority.DEFINITION.items()],
        "known_issues": form.known_issues if form.ticket_type == TicketType.INCIDENT else [],
        "articles": standing_in_form(request, said_in(kept.draft) if request.method == "GET" and kept.draft else None),
        "kept": kept,
        "files": kept.draft.files.order_by("pk") if kept.draft else (),
        "file_faults": () if "attachments" in form.errors else kept.file_faults,
        "offered": offered,
        "page": uuid.uuid4(),
        "seen": writer_of(request.POST).seen if kept.changed_elsewhere or not kept.draft else kept.draft.version,
        "asked": " ".join([*(name for name in form.fields if name not in NO_ANSWERS), *ABOUT_ARTICLES]),
        "draft_key": key_for(own_contact(request), submission),
    }
    return render(request, "tickets/create.html", context, status=status)
