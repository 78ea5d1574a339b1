"""A ticket's page: what is asked, by whom, how long, and everything that can be done about it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from contacts.models import User
from tickets import clockface, timeline
from tickets.admin.acts import ACTS, ASSIGN, NOTE, REPLY, Act
from tickets.admin.forms import ActForm
from tickets.admin.staff import agent, agents
from tickets.fields import EXAMPLE_COLUMNS
from tickets.matching import Fit, Said, fit
from tickets.models import Event, KnownIssue, KnownIssueUpdate, Requirement, Ticket
from tickets.models.checklist import entries_of, with_checklist
from tickets.timeline import Entry

TEMPLATE = "admin/tickets/ticket/change_form.html"


@dataclass(frozen=True)
class Offer:
    """A deed that this agent may do now, with its form; it stands `open` when it was sent and came back."""

    act: Act
    form: ActForm
    url: str
    open: bool


@dataclass(frozen=True)
class Attempt:
    """What was sent and could not be done: the form as typed, why not, and what others did meanwhile."""

    act: Act
    form: ActForm
    refused: str = ""
    meanwhile: tuple[Event, ...] = ()


def find(user: User, pk: int | str) -> Ticket:
    """The ticket with what its page shows of partner, contact, checklist and known issues. Raises Http404."""
    known = KnownIssue.objects.visible_to(user).in_force(timezone.now()).about(OuterRef(OuterRef("pk")))
    rows = with_checklist(Ticket.objects.visible_to(user).with_labels().with_tried(user))
    rows = rows.select_related("partner", "service_level", "opened_by__user", "assignee", "join__issue")
    try:
        asked = Requirement.objects.items_of_ticket()
        ticket = rows.annotate(known_rows=known.as_array(), asked_items=asked).get(pk=pk)  # type: ignore[no-redef]
    except (Ticket.DoesNotExist, ValueError, OverflowError):
        raise Http404 from None
    ticket.joinable = [KnownIssue.of(row) for row in ticket.known_rows]  # type: ignore[attr-defined]  # annotated above
    return ticket


def show(
    site: AdminSite, request: HttpRequest, ticket: Ticket, attempt: Attempt | None = None, status: int = 200
) -> HttpResponse:
    user = agent(request)
    entries = timeline.of(ticket, user)
    offers = _offers(ticket, user, attempt)
    context = {
        **site.each_context(request),
        "opts": Ticket._meta,
        "original": ticket,
        "ticket": ticket,
        "title": str(ticket),
        "face": clockface.read(ticket, timezone.now()),
        "why": clockface.why(ticket),
        "entries": entries,
        "promises": [entry for entry in entries if "after_at" in entry.moments],
        "opening_files": [file for entry in entries if entry.kind == "event" for file in entry.attachments],
        "examples": examples(ticket),
        "checklist": entries_of(ticket.checklist_rows),
        "persons": ticket.contact_persons.exclude(pk=ticket.opened_by_id).select_related("user"),
        "related": Ticket.objects.visible_to(user).filter(related=ticket).only("pk", "subject", "status"),
        "composers": [offer for offer in offers.values() if offer.act in (REPLY, NOTE)],
        "assign": offers.get(ASSIGN.name),
        "on_the_side": [offer for offer in offers.values() if offer.act not in (REPLY, NOTE, ASSIGN)],
        "attempt": attempt,
        "not_offered": attempt and attempt.act.name not in offers,
        "meanwhile": meanwhile(attempt),
        **known_to(ticket, user),
    }
    request.current_app = site.name
    return TemplateResponse(request, TEMPLATE, context, status=status)


@dataclass(frozen=True)
class Examples:
    """The affected transactions as a table; columns that no row fills are left out."""

    headings: list[Any]
    rows: list[tuple[list[str], str]]  # the cells, and the log extract


def examples(ticket: Ticket) -> Examples:
    rows = list(ticket.examples.order_by("position"))
    columns = [name for name in EXAMPLE_COLUMNS if name != "log_extract" and any(getattr(row, name) for row in rows)]
    cells = [([getattr(row, name) for name in columns], row.log_extract) for row in rows]
    return Examples([EXAMPLE_COLUMNS[name] for name in columns], cells)


def known_to(ticket: Ticket, user: User) -> dict[str, Any]:
    """The known issue it has joined with what is new, or those it looks like, the likely ones first."""
    if hasattr(ticket, "join"):
        updates = KnownIssueUpdate.objects.visible_to(user).filter(issue=ticket.join.issue_id)
        return {"newest": updates.order_by("-created_at", "-pk").first()}
    if ticket.is_settled:
        return {}
    texts = [ticket.subject, ticket.description, ticket.error_pattern]
    fits = {issue.pk: fit(issue.scope, Said(issue.service_ids, ticket.data_centre, texts)) for issue in ticket.joinable}
    alike = [issue for issue in ticket.joinable if fits[issue.pk] != Fit.NONE]
    return {"alike": sorted(alike, key=lambda issue: fits[issue.pk], reverse=True)}


def meanwhile(attempt: Attempt | None) -> list[Entry]:
    """What others did since the page was made, as sentences."""
    return timeline.tell([], attempt.meanwhile, []) if attempt else []


def _offers(ticket: Ticket, user: User, attempt: Attempt | None) -> dict[str, Offer]:
    acts = [act for act in ACTS.values() if act.offered(ticket, user)]
    people = list(agents()) if ASSIGN in acts else []
    tried = attempt.act if attempt else None
    unfolded = tried if tried == NOTE else REPLY
    return {
        act.name: Offer(
            act,
            attempt.form if attempt and act == tried else blank(act, ticket, people),
            reverse(f"admin:tickets_ticket_{act.name}", args=[ticket.pk]),
            open=act in (tried, unfolded),
        )
        for act in acts
    }


def blank(act: Act, ticket: Ticket, people: list[User], *data: Any) -> ActForm:
    return act.form(*data, ticket=ticket, agents=people, auto_id=f"{act.name}-%s")
