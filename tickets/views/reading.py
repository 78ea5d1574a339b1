"""Reading: the home page, the list, one ticket, its files, and the search box of every page."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from contacts import readiness
from contacts.access import LicensedRequest, licensed
from contacts.choices import Choices, choices_for
from contacts.licence import Action
from contacts.models import Contact, User
from tickets import numbers, timeline
from tickets.forms import ReplyForm
from tickets.listing import Page, TicketFilter
from tickets.models import Attachment, Draft, KnownIssue, KnownIssueUpdate, Ticket, TicketQuerySet
from tickets.models.checklist import entries_of, with_checklist
from tickets.requirements import TicketType
from tickets.status import WHEN, Deed, Status
from tickets.views.drafts import lines_for
from tickets.views.texts import reply_form
from tickets.workflow import gate

#: The home page shows what is open now; somebody with more goes to the list.
ROWS_AT_HOME = 30

#: What a contact may find on a ticket's page to do.
OFFERED = (
    Deed.REPLY, Deed.ESCALATE, Deed.CLOSE, Deed.REOPEN, Deed.JOIN, Deed.LEAVE, Deed.CONFIRM, Deed.DENY
)  # fmt: skip

#: What a row of a list shows; the long texts stay in the database.
COLUMNS = (
    "pk", "type", "subject", "status", "priority", "opened_at", "touched_at", "due_at", "responded_at", "paused_at",
    "expected_at", "escalated_at", "spoken_by_partner", "partner_id",
)  # fmt: skip


@require_safe
@licensed(Action.SEE)
def home(request: LicensedRequest) -> HttpResponse:
    if request.user.is_staff:
        return redirect("admin:index")
    contact = request.user.contact
    drafts = lines_for(contact, Draft.objects.visible_to(request.user)) if contact else []
    rows = list(in_rows(Ticket.objects.visible_to(request.user).unsettled()).order_by("-touched_at")[:ROWS_AT_HOME])
    yours = [row for row in rows if row.status == Status.WAITING]
    return render(
        request,
        "home.html",
        {
            "drafts": drafts,
            "yours": yours,
            "waiting": len(yours) + len(drafts),
            "theirs": [row for row in rows if row.status != Status.WAITING],
            "more": len(rows) == ROWS_AT_HOME,
            **steps(request.user.contact),
        },
    )


def steps(contact: Contact | None) -> dict[str, list[readiness.Duty]]:
    """What the contact has still to do for the onboarding, and which of it keeps new tickets closed."""
    if contact is None:
        return {}
    return {
        "duties": readiness.open_duties(contact.training),
        "owed": readiness.lacking(contact.training, timezone.now()),
    }


@require_safe
@licensed(Action.SEE)
def ticket_list(request: LicensedRequest) -> HttpResponse:
    if request.user.is_staff:
        return redirect("admin:tickets_ticket_changelist")
    contact = request.user.contact
    choices = choices_for(contact) if contact else Choices([], [], [])
    listing = TicketFilter(request.GET, queryset=Ticket.objects.visible_to(request.user), choices=choices)
    page = Page.of(in_rows(listing.page_of), request.GET.get("page"))
    filtered = any(request.GET.get(name) for name in listing.filters if name != "sort")
    return render(request, "tickets/list.html", {"form": listing.form, "page": page, "filtered": filtered})


def in_rows(tickets: TicketQuerySet) -> TicketQuerySet:
    return tickets.with_labels().only(*COLUMNS)


@require_safe
@licensed(Action.SEE)
def search(request: LicensedRequest) -> HttpResponse:
    """A number jumps to its ticket, words go to the list."""
    text = request.GET.get("q", "").replace("\x00", " ").strip()
    number = numbers.parse(text)
    if number is not None and Ticket.objects.visible_to(request.user).filter(pk=number).exists():
        return redirect("tickets:detail", number)
    if request.user.is_staff:
        return redirect_to("admin:tickets_ticket_changelist", q=text)
    return redirect_to("tickets:list", q=text)


def redirect_to(name: str, **query: str) -> HttpResponse:
    response = redirect(name)
    response["Location"] += "?" + urlencode(query)
    return response


@require_safe
@licensed(Action.SEE)
def ticket_detail(request: LicensedRequest, pk: int) -> HttpResponse:
    if request.user.is_staff:
        return redirect("admin:tickets_ticket_change", pk)
    return show(request, find(request, pk), reply_form())


def find(request: LicensedRequest, pk: int) -> Ticket:
    """The ticket, if the reader may see it; 404 otherwise, as if it did not exist."""
    visible = Ticket.objects.visible_to(request.user)
    related = visible.filter(related=OuterRef("pk")).order_by("pk").values(json=JSONObject(pk="pk", subject="subject"))
    known = KnownIssue.objects.visible_to(request.user).in_force(timezone.now()).about(OuterRef(OuterRef("pk")))
    rows = with_checklist(visible.with_labels().with_matter().with_tried(request.user)).annotate(
        related_labels=ArraySubquery(related), known_rows=known.as_array()
    )
    return get_object_or_404(rows.select_related("partner", "opened_by__user", "assignee", "join__issue"), pk=pk)


def show(request: LicensedRequest, ticket: Ticket, form: ReplyForm, status: int = 200) -> HttpResponse:
    """The ticket's page, with the answer typed so far."""
    examples = list(ticket.examples.order_by("position"))
    context = {
        "ticket": ticket,
        "entries": timeline.of(ticket, request.user),
        "examples": examples,
        "checklist": entries_of(ticket.checklist_rows),
        "form": form,
        "may": {deed.name.lower(): can(request.user, deed, ticket) for deed in OFFERED},
    }
    context |= known_to(request.user, ticket)
    return render(request, "tickets/detail.html", context, status=status)


def known_to(user: User, ticket: Any) -> dict[str, Any]:
    """The known issue it has joined with what is new, or those it could join; `ticket` comes from `find`."""
    if hasattr(ticket, "join"):
        updates = KnownIssueUpdate.objects.visible_to(user).filter(issue=ticket.join.issue_id)
        return {"join": ticket.join, "newest": updates.order_by("-created_at", "-pk").first()}
    if not can(user, Deed.JOIN, ticket) or ticket.type != TicketType.INCIDENT:
        return {}
    return {"joinable": [KnownIssue.of(row) for row in ticket.known_rows]}


def can(user: User, deed: Deed, ticket: Ticket) -> bool:
    """Whether to offer the deed: it makes sense now and this person may do it."""
    return Status(ticket.status) in WHEN[deed] and gate.refusal(user, deed, ticket) is None


@require_safe
@licensed(Action.SEE)
def attachment(request: LicensedRequest, pk: int, attachment_pk: int) -> FileResponse:
    """A file, always to be saved and never shown: what a stranger made is not to run on our address."""
    row = get_object_or_404(Attachment.objects.visible_to(request.user), pk=attachment_pk, ticket=pk)
    response = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name, content_type=row.content_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store, private"
    return response
