"""The clock's part in known issues: every joined ticket hears what is new, and silence is taken for consent.

One partner at a time, in one transaction with a number of statements that does not depend on the number of tickets.
Two workers at once share the work: rows are skipped that the other one holds. A killed one leaves a partner told
whole or not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from contacts.models import Partner, User
from tickets import notifications
from tickets.models import Event, KnownIssue, KnownIssueJoin, KnownIssueNotice, KnownIssueUpdate, Ticket
from tickets.models.known_issues import unanswered
from tickets.status import Status
from tickets.workflow.binding import said_of
from tickets.workflow.gate import indexed_beside, move, wind
from tickets.workflow.joining import settle
from tickets.workflow.talking import after_reply

#: Everything that an update, a question or the silence may change on a ticket, its text index excepted.
FIELDS = (
    "status", "paused", "paused_at", "resolved_at", "closed_at", "due_at", "overdue_noticed_at", "response_due_at",
    "resolution_due_at", "responded_at", "expected_at", "verdict", "resolution", "spoken_by_partner", "version",
    "touched_at",
)  # fmt: skip


@dataclass(frozen=True)
class Audience:
    """One partner whom an update would reach now, for agents before they send it."""

    partner: Partner
    tickets: list[Ticket]
    readers: list[User]


def audience_of(issue: KnownIssue) -> list[Audience]:
    """Whom the next update or the resolution will reach, partner by partner; four statements for any number."""
    joined = Ticket.objects.unsettled().filter(join__issue=issue).select_related("partner")
    groups: dict[int, Audience] = {}
    for ticket in joined.order_by("partner__name", "pk"):
        groups.setdefault(ticket.partner_id, Audience(ticket.partner, [], [])).tickets.append(ticket)
    tickets = [ticket for group in groups.values() for ticket in group.tickets]
    for reader, own in notifications.readers_of(tickets):
        groups[own[0].partner_id].readers.append(reader)
    return list(groups.values())


def tell_known_issues(now: datetime, *, at_most: int = 100) -> int:
    """Tell partners of updates they have not heard yet. Returns how many were told."""
    told = 0
    while told < at_most and _tell_next(now):
        told += 1
    return told


def settle_confirmed_by_silence(now: datetime, *, at_most: int = 100) -> int:
    """Resolve joined tickets whose partners were asked three days ago and are silent. Returns how many tickets."""
    settled = 0
    for _round in range(at_most):
        count = _settle_next(now)
        if not count:
            break
        settled += count
    return settled


@transaction.atomic
def _tell_next(now: datetime) -> bool:
    rows = KnownIssueNotice.objects.untold().select_for_update(of=("self",), skip_locked=True)
    notice = rows.select_related("update__issue", "update__by", "partner").first()
    if notice is None:
        return False
    update = notice.update
    tickets = _held(update, notice.partner)
    if tickets:
        _tell(tickets, update, now)
    notice.told_at = now
    notice.save(update_fields=["told_at"])
    return True


def _held(update: KnownIssueUpdate, partner: Partner) -> list[Ticket]:
    """The partner's open tickets that had joined when the update was written, locked. The bonds are read again behind
    the lock: whoever has left meanwhile is not told."""
    joined = Ticket.objects.unsettled().filter(
        join__issue=update.issue_id, join__joined_at__lte=update.created_at, partner=partner
    )
    rows = list(joined.select_for_update(of=("self",)).select_related("opened_by__user").order_by("pk"))
    bound = set(
        KnownIssueJoin.objects.filter(issue=update.issue_id, ticket__in=rows).values_list("ticket_id", flat=True)
    )
    return [ticket for ticket in rows if ticket.pk in bound]


def _tell(tickets: Sequence[Ticket], update: KnownIssueUpdate, now: datetime) -> None:
    asks = update.kind == KnownIssueUpdate.Kind.RESOLUTION
    for ticket in tickets:
        before = Status(ticket.status)
        after = after_reply(before, by_partner=False, wait=asks)
        ticket.responded_at = ticket.responded_at or now
        ticket.spoken_by_partner = False
        ticket.expected_at = update.expected_at or ticket.expected_at
        if after != before:
            move(ticket, after, now)
        else:
            wind(ticket)
    kind = Event.Kind.ASKED if asks else Event.Kind.KNOWN
    data = {
        **said_of(update.issue),
        "text_en": update.body_en,
        "text_de": update.body_de,
        "after_at": update.expected_at,
    }
    if asks:
        joins = KnownIssueJoin.objects.filter(issue=update.issue_id, ticket__in=tickets)
        joins.update(asked_at=now, answered_at=None)
    _write(tickets, kind, now, {ticket.pk: data for ticket in tickets}, f"{update.body_en} {update.body_de}", update)
    notifications.told(update, tickets)


@transaction.atomic
def _settle_next(now: datetime) -> int:
    due = Ticket.objects.filter(unanswered(now)).select_for_update(of=("self",), skip_locked=True)
    first = due.select_related("join").order_by("join__asked_at", "pk").first()
    if first is None:
        return 0
    same = due.filter(join__issue=first.join.issue_id, partner=first.partner_id)
    rows = {ticket.pk: ticket for ticket in same.select_related("opened_by__user").order_by("pk")}
    joins = list(KnownIssueJoin.objects.filter(ticket__in=rows, answered_at__isnull=True).select_related("issue"))
    tickets = [rows[join.ticket_id] for join in joins]
    if not tickets:
        return 0
    issue = joins[0].issue
    for ticket in tickets:
        settle(ticket, issue, now)
    KnownIssueJoin.objects.filter(pk__in=[join.pk for join in joins]).update(answered_at=now)
    data = {ticket.pk: {**said_of(issue), "resolution": ticket.resolution} for ticket in tickets}
    _write(tickets, Event.Kind.SETTLED, now, data, f"{issue.resolution_en} {issue.resolution_de}", None)
    notifications.settled(issue, tickets, now)
    return len(tickets)


def _write(
    tickets: Sequence[Ticket],
    kind: Event.Kind,
    now: datetime,
    data: Mapping[int, Mapping[str, object]],
    text: str,
    update: KnownIssueUpdate | None,
) -> None:
    """The changed tickets, what they can be found by, and an event each: three statements for any number."""
    for ticket in tickets:
        ticket.version += 1
        ticket.touched_at = now
    Ticket.objects.bulk_update(tickets, FIELDS)
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).update(search=indexed_beside("search", text))
    Event.objects.bulk_create(
        Event(
            ticket=ticket,
            kind=kind,
            actor=update.by if update else None,
            data=data[ticket.pk],
            version=ticket.version,
            created_at=now,
        )
        for ticket in tickets
    )
