"""How a partner's ticket joins a known issue, leaves it, and says whether the fix has helped."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from contacts.bilingual import in_language
from contacts.models import Contact, Service, Tenant, User
from tickets import notifications
from tickets.models import Event, KnownIssue, KnownIssueJoin, Message, Ticket
from tickets.moments import Moment
from tickets.priority import Impact, Urgency
from tickets.requirements import Item, Matrix, TicketType
from tickets.status import Deed, Status
from tickets.workflow.binding import bind, said_of
from tickets.workflow.files import Upload
from tickets.workflow.gate import indexed_beside, lock, move, opener, record, say, wind
from tickets.workflow.opening import Incomplete, Opening, check_own, store_once, terms_for
from tickets.workflow.talking import after_reply

#: What a light ticket asks for, as far as the matrix calls it necessary for an incident. The rest the vendor knows.
ASKED = (Item.TENANTS, Item.AFFECTED_COUNT, Item.EXAMPLES, Item.PHONE)


class NotJoined(Exception):
    """The ticket belongs to no known issue, or nobody asked whether it is fixed."""

    def __str__(self) -> str:
        return _("This ticket belongs to no known issue whose fix is to be confirmed. Look at what changed.")


@dataclass(frozen=True)
class Joining:
    """What a contact says to join a known issue with a light ticket; `submission` makes a second sending harmless."""

    submission: uuid.UUID
    phone: str
    tenants: Sequence[Tenant] = ()
    affected_count: int | None = None
    examples: Sequence[dict[str, str]] = ()
    remark: str = ""
    attachments: Sequence[Upload] = field(default=(), repr=False)


def join_known_issue(issue: KnownIssue, *, by: User, joining: Joining) -> Ticket:
    """Open a light ticket that belongs to the issue. Sent again with the same `submission`, it is the one that stands.

    Raises KnownIssue.DoesNotExist, NotAuthorized, Incomplete or NotJoinable.
    """
    contact = opener(by)
    issue = KnownIssue.objects.visible_to(by).get(pk=issue.pk)
    services = list(Service.objects.visible_to(by).filter(known_issues=issue))
    opening = opening_of(issue, services, contact, joining)
    check_own(by, contact, opening)
    terms = terms_for(contact, opening)
    lacking = missing(terms.matrix, {item.value: getattr(joining, item.value) for item in ASKED})
    if lacking:
        raise Incomplete(lacking)
    return store_once(by, contact, opening, terms)


def missing(matrix: Matrix, answers: Mapping[str, object]) -> list[Item]:
    """What a light ticket lacks, by the same cells as a whole one."""
    return [item for item in matrix.missing(TicketType.INCIDENT, [], answers) if item in ASKED]


def opening_of(issue: KnownIssue, services: Sequence[Service], contact: Contact, joining: Joining) -> Opening:
    """A whole incident: what the vendor has declared, in the contact's language, and what the contact adds."""
    reader = contact.user.language
    offset = issue.starts_at.astimezone(ZoneInfo(contact.user.time_zone)).utcoffset() or timedelta()
    body, title = in_language(issue, "body", reader), in_language(issue, "title", reader)
    with override(reader):
        impact = _("As described in the known issue %(number)s.") % {"number": issue.number}
    return Opening(
        type=TicketType.INCIDENT,
        submission=joining.submission,
        subject=title,
        description="\n\n".join(filter(None, [body, joining.remark])),
        impact_description=impact,
        impact=Impact(issue.impact),
        urgency=Urgency(issue.urgency),
        phone=joining.phone,
        tenants=joining.tenants,
        services=services,
        started=Moment(issue.starts_at, int(offset.total_seconds() // 60)),
        data_centre=issue.data_centres[0] if len(issue.data_centres) == 1 else "",
        error_pattern=", ".join(issue.patterns),
        affected_count=joining.affected_count,
        known=True,
        known_reference=issue.number,
        known_issue=issue,
        examples=joining.examples,
        attachments=joining.attachments,
    )


@transaction.atomic
def link_known_issue(ticket: Ticket, issue: KnownIssue, *, by: User, seen: int | None = None) -> Event:
    """A ticket that stands is about the known issue. Raises KnownIssue.DoesNotExist or NotJoinable."""
    ticket = lock(ticket, by=by, deed=Deed.JOIN, seen=seen)
    event = bind(ticket, issue, by=by, now=timezone.now())
    notifications.joined(ticket, event)
    return event


@transaction.atomic
def leave_known_issue(ticket: Ticket, *, by: User, body: str, seen: int | None = None) -> Event:
    """Not this one after all: what is different is said in a message that both sides read."""
    ticket = lock(ticket, by=by, deed=Deed.LEAVE, seen=seen)
    return _part(ticket, Event.Kind.LEFT, by=by, body=body, asked=False)


@transaction.atomic
def deny_fixed(ticket: Ticket, *, by: User, body: str, seen: int | None = None) -> Event:
    """Not fixed here: the ticket leaves the known issue and is the vendor's again, with what is still wrong."""
    ticket = lock(ticket, by=by, deed=Deed.DENY, seen=seen)
    return _part(ticket, Event.Kind.DENIED, by=by, body=body, asked=True)


@transaction.atomic
def confirm_fixed(ticket: Ticket, *, by: User, seen: int | None = None) -> Event:
    """It is fixed here too: the ticket is resolved at once, with verdict and resolution of the known issue."""
    ticket = lock(ticket, by=by, deed=Deed.CONFIRM, seen=seen)
    join = _join(ticket, asked=True)
    now = timezone.now()
    fields = settle(ticket, join.issue, now)
    ticket.search = indexed_beside("search", ticket.resolution)
    KnownIssueJoin.objects.filter(pk=join.pk).update(answered_at=now)
    event = record(
        ticket,
        Event.Kind.CONFIRMED,
        by=by,
        fields=[*fields, "search"],
        now=now,
        resolution=ticket.resolution,
        **said_of(join.issue),
    )
    notifications.confirmed(ticket, event)
    return event


def settle(ticket: Ticket, issue: KnownIssue, now: datetime) -> list[str]:
    """Resolve the ticket in memory, in the words of the issue; the names of the fields that may have changed."""
    ticket.verdict = issue.verdict
    ticket.resolution = in_language(issue, "resolution", ticket.opened_by.user.language)
    ticket.responded_at = ticket.responded_at or now
    return ["verdict", "resolution", "responded_at", *move(ticket, Status.RESOLVED, now)]


def _part(ticket: Ticket, kind: Event.Kind, *, by: User, body: str, asked: bool) -> Event:
    """The bond ends with a message; by a partner's word the ticket is the vendor's again."""
    join = _join(ticket, asked=asked)
    join.delete()
    now = timezone.now()
    message: Message = say(ticket, body, by=by, now=now)
    ticket.search = indexed_beside("search", body)
    before = Status(ticket.status)
    after = Status.OPEN if asked else after_reply(before, by_partner=not by.is_staff, wait=False)
    if by.is_staff:
        ticket.responded_at = ticket.responded_at or now
    fields = ["spoken_by_partner", "search", "responded_at"]
    fields += move(ticket, after, now) if after != before else wind(ticket)
    event = record(ticket, kind, by=by, fields=fields, now=now, message=message.pk, **said_of(join.issue))
    notifications.parted(ticket, event, message, resolver=join.issue.resolved_by)
    return event


def _join(ticket: Ticket, *, asked: bool) -> KnownIssueJoin:
    """The bond of a ticket that the caller holds. Raises NotJoined."""
    join = KnownIssueJoin.objects.select_related("issue__resolved_by").filter(ticket=ticket).first()
    if join is None or (asked and not join.is_asked):
        raise NotJoined
    return join
