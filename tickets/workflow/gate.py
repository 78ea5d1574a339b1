"""The way in and out of every change: may this person do it now, and how the change is written down."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db.models import Case, F, Func, IntegerField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.lookups import LessThan
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.licence import Action, Refusal
from contacts.models import Contact, User
from tickets import clock, status
from tickets.models import Event, Message, Ticket
from tickets.status import RUNNING, SETTLED, Deed, Status

#: Postgres takes one megabyte of index for a text; this many characters stay below it whatever they are.
INDEXED_CHARACTERS = 100_000
INDEX_MAX_BYTES = 1_000_000


class NotAuthorized(Exception):
    """Why not, and who can change it, in the reader's words."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal)

    def __str__(self) -> str:
        return str(self.refusal)


class Stale(Exception):
    """The ticket has changed since the page was made; `events` are what happened meanwhile, oldest first."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events
        super().__init__(events)

    def __str__(self) -> str:
        return _("Somebody else has changed this ticket meanwhile. Look at what changed, then save again.")


def refusal(by: User, deed: Deed, ticket: Ticket | None = None) -> Refusal | None:
    """Why `by` may not do `deed` to this ticket, or to any; None when allowed.

    Contacts are judged by licence, staff by permission.
    """
    if by.is_staff:
        if by.is_active and by.has_perm(status.STAFFS[deed]):
            return None
        return Refusal(_("Your account has no right to do this."), _("Ask the 3rd-level lead."))
    if deed not in status.PARTNERS:
        return Refusal(_("Only Retarus can do this."), _("Write an answer to ask for it."))
    return by.refusal(Action(status.PARTNERS[deed]), ticket.matter if ticket else None)


def check(by: User, deed: Deed, ticket: Ticket | None = None) -> None:
    """Raises NotAuthorized where `refusal` says why not."""
    refused = refusal(by, deed, ticket)
    if refused:
        raise NotAuthorized(refused)


def opener(by: User) -> Contact:
    """The contact who may open tickets. Raises NotAuthorized (guide, 2.1)."""
    refused = by.refusal(Action.OPEN)
    if refused or by.contact is None:
        raise NotAuthorized(refused or Refusal("", ""))
    return by.contact


def lock(ticket: Ticket, *, by: User, deed: Deed, seen: int | None) -> Ticket:
    """The ticket as it is now, locked, if `by` may see it and do this to it.

    `seen` is the version the page showed; None skips that comparison. Raises Ticket.DoesNotExist, NotAuthorized,
    status.NotNow or Stale.
    """
    check(by, deed)
    rows = Ticket.objects.visible_to(by).with_matter().select_for_update(of=("self",))
    fresh = rows.select_related("partner", "opened_by__user", "assignee", "service_level").get(pk=ticket.pk)
    check(by, deed, fresh)
    if seen is not None and fresh.version != seen:
        since = Event.objects.visible_to(by).filter(ticket=fresh, version__gt=seen)
        raise Stale(list(since.select_related("actor").order_by("version")))
    status.check_deed(deed, Status(fresh.status))
    return fresh


def move(ticket: Ticket, new: Status, now: datetime) -> list[str]:
    """Put the ticket into `new` and its clock with it; the names of the fields that may have changed.

    Time in which the ticket waits for the partner or is settled does not count against the vendor: the due moments
    move by as much; that of the answer only until it is given, so that it stays measured by what was due then. From
    resolved to closed nothing is owed, so nothing moves.
    """
    old = Status(ticket.status)
    status.check(old, new)
    if ticket.paused_at and not (old in SETTLED and new in SETTLED):
        stood = now - ticket.paused_at
        unanswered = (ticket.responded_at or now) - ticket.paused_at
        ticket.paused += stood
        ticket.resolution_due_at += stood
        ticket.response_due_at += max(unanswered, timedelta())
    if new in RUNNING:
        ticket.paused_at = None
    elif old in RUNNING or (new in SETTLED and old not in SETTLED):
        ticket.paused_at = now
    ticket.status = new
    ticket.resolved_at = now if new == Status.RESOLVED else ticket.resolved_at if new == Status.CLOSED else None
    ticket.closed_at = now if new == Status.CLOSED else None
    return ["status", "paused", "paused_at", "resolved_at", "closed_at", *wind(ticket)]


def wind(ticket: Ticket) -> list[str]:
    """Set what is due next from status, response and due moments; a new due moment has not been noticed yet."""
    due_at = clock.next_due_at(Status(ticket.status), ticket.responded_at, ticket.dues)
    if due_at != ticket.due_at:
        ticket.due_at, ticket.overdue_noticed_at = due_at, None
    return ["due_at", "overdue_noticed_at", "response_due_at", "resolution_due_at"]


def record(
    ticket: Ticket,
    kind: Event.Kind,
    *,
    by: User | None,
    fields: Iterable[str],
    now: datetime | None = None,
    internal: bool = False,
    **data: Any,
) -> Event:
    """Save the named fields and write the event beside them. `data` is what the event's sentence needs."""
    now = now or timezone.now()
    ticket.version += 1
    ticket.touched_at = now
    ticket.save(update_fields={*fields, "version", "touched_at"})
    return Event.objects.create(
        ticket=ticket, kind=kind, actor=by, internal=internal, data=data, version=ticket.version, created_at=now
    )


def say(ticket: Ticket, body: str, *, by: User, now: datetime) -> Message:
    """A public message of either side; whoever wrote it has spoken last. The caller saves the ticket."""
    ticket.spoken_by_partner = not by.is_staff
    return Message.objects.create(
        ticket=ticket,
        author=by,
        by_partner=not by.is_staff,
        channel=Message.Channel.ADMIN if by.is_staff else Message.Channel.PORTAL,
        body=body,
        created_at=now,
    )


def indexed(*texts: str) -> SearchVector:
    """The text index of these texts, words as they are: tickets are written in several languages at once."""
    text = " ".join(texts).replace("\x00", " ")[:INDEXED_CHARACTERS]
    return SearchVector(Value(text), config="simple")


def indexed_beside(column: str, text: str) -> Combinable:
    """What the index column holds already, and `text` while there is room for it.

    A ticket full of logs must still take answers. Written out, an index is never shorter than Postgres counts it.
    """
    held = Func(F(column), Value(""), function="COALESCE", template="%(function)s(%(expressions)s::tsvector)")
    both = Func(held, indexed(text), template="%(expressions)s", arg_joiner=" || ")
    written_out = [
        Func(part, function="OCTET_LENGTH", template="%(function)s(%(expressions)s::text)", output_field=IntegerField())
        for part in (held, indexed(text))
    ]
    return Case(
        When(LessThan(written_out[0] + written_out[1], INDEX_MAX_BYTES), then=both),
        default=held,
        output_field=SearchVectorField(),
    )
