"""Who is told what. Each function queues Delivery rows in the caller's transaction and sends nothing itself.

Mail goes to authorized contacts of the ticket's partner who may see it, and to the vendor's staff; never to anybody
else (guide, section 3: no direct support to end-customers).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from contacts import licence
from contacts.bilingual import in_language
from contacts.licence import Action, Matter
from contacts.models import Contact, User
from mailroom.models import Delivery
from tickets.models import Draft, Escalation, Event, KnownIssue, KnownIssueUpdate, Message, Ticket, matters
from tickets.priority import Priority

#: Who may be told about a ticket: a contact, asked about by the licence, or one of the vendor's staff.
Reader = Contact | User

#: Names of the groups of the vendor's staff, as the migration makes them.
AGENTS, LEADS, MANAGERS = "3rd-level agents", "3rd-level leads", "Vendor managers"


def opened(ticket: Ticket, event: Event, *, by: Contact, persons: Sequence[Contact]) -> None:
    """Confirm the number to the one who opened it and to the persons named on it; a P1 wakes the leads."""
    readers: list[Contact] = _partners_side(ticket) if persons else [by]
    _queue(ticket, event, readers, "opened", opened_by=by.user.name)
    if ticket.priority == Priority.P1:
        _queue(ticket, event, _staff(LEADS), "urgent", partner=str(by.partner))


def replied(ticket: Ticket, event: Event, message: Message) -> None:
    readers = _vendors_side(ticket) if message.by_partner else _partners_side(ticket)
    waiting = event.data["after"] == "waiting"
    _queue(ticket, event, readers, "replied", author=message.author.name, text=message.body, waiting=waiting)


def status_changed(ticket: Ticket, event: Event) -> None:
    _queue(ticket, event, _partners_side(ticket), "status")


def priority_changed(ticket: Ticket, event: Event) -> None:
    _queue(ticket, event, _partners_side(ticket), "priority", text=event.data["reason"], **event.data)


def expected(ticket: Ticket, event: Event) -> None:
    _queue(ticket, event, _partners_side(ticket), "expected", text=event.data["reason"], **event.data)


def resolved(ticket: Ticket, event: Event) -> None:
    _queue(ticket, event, _partners_side(ticket), "resolved", text=ticket.resolution)


def closed(ticket: Ticket, event: Event) -> None:
    readers: list[Reader] = [*_partners_side(ticket), *_vendors_side(ticket)]
    _queue(ticket, event, readers, "closed", by=str(event.actor), text=event.data["reason"])


def reopened(ticket: Ticket, event: Event, message: Message) -> None:
    readers = _vendors_side(ticket) if message.by_partner else _partners_side(ticket)
    _queue(ticket, event, readers, "reopened", author=message.author.name, text=message.body)


def assigned(ticket: Ticket, event: Event) -> None:
    readers = [ticket.assignee] if ticket.assignee else []
    _queue(ticket, event, readers, "assigned", partner=str(ticket.partner))


def escalated(ticket: Ticket, event: Event, *, reason: str) -> None:
    """The leads and the assignee must act; the partner's side sees that it was heard."""
    by = str(event.actor)
    _queue(ticket, event, [*_staff(LEADS), *_assignee(ticket)], "escalated", to_vendor=True, text=reason, by=by)
    _queue(ticket, event, _partners_side(ticket), "escalated", to_vendor=False, text=reason, by=by)


def overdue(ticket: Ticket, event: Event, *, step: Escalation.Step) -> None:
    """The assignee, or all agents while there is none, and the leads."""
    readers = [*(_assignee(ticket) or _staff(AGENTS)), *_staff(LEADS)]
    _queue(ticket, event, readers, "overdue", step=step, due_at=event.data["due_at"], partner=str(ticket.partner))


def joined(ticket: Ticket, event: Event) -> None:
    """The other side learns that the ticket is about a known issue."""
    by_vendor = bool(event.actor and event.actor.is_staff)
    readers: Sequence[Reader] = _partners_side(ticket) if by_vendor else _vendors_side(ticket)
    for reader in readers:
        login = reader.user if isinstance(reader, Contact) else reader
        german = event.data["title_de"] if login.language == "de" else ""
        title = german or event.data["title_en"]
        _queue(ticket, event, [reader], "joined", issue=event.data["number"], title=title)


def parted(ticket: Ticket, event: Event, message: Message, *, resolver: User | None) -> None:
    """Not this one, or not fixed: whoever looks after the ticket must know, and whoever thought it was fixed."""
    said = {"author": message.author.name, "text": message.body, "issue": event.data["number"]}
    if not message.by_partner:
        _queue(ticket, event, _partners_side(ticket), "left", **said)
        return
    denied = event.kind == Event.Kind.DENIED
    readers = [*_vendors_side(ticket), *([resolver] if resolver and resolver.is_active and denied else [])]
    _queue(ticket, event, readers, "denied" if denied else "left", **said)


def confirmed(ticket: Ticket, event: Event) -> None:
    """The colleagues of the one who said so, and the assignee."""
    readers: list[Reader] = [*_partners_side(ticket), *_vendors_side(ticket)]
    _queue(ticket, event, readers, "confirmed", by=str(event.actor), issue=event.data["number"])


def told(update: KnownIssueUpdate, tickets: Sequence[Ticket]) -> None:
    """One mail for each reader, however many tickets of theirs have joined. All tickets are of one partner."""
    _queue_known(update.issue, tickets, f"known:{update.pk}", kind=update.kind, of=update)


def settled(issue: KnownIssue, tickets: Sequence[Ticket], now: datetime) -> None:
    _queue_known(issue, tickets, f"known-settled:{issue.pk}:{now:%Y%m%d%H%M%S}", kind="settled", of=None)


def _queue_known(
    issue: KnownIssue, tickets: Sequence[Ticket], key: str, *, kind: str, of: KnownIssueUpdate | None
) -> None:
    """Each reader hears of their own tickets only, and of nobody else's at all."""
    Delivery.objects.queue(
        Delivery(
            key=f"{key}:{reader.pk}",
            to=reader.email,
            language=reader.language,
            time_zone=reader.time_zone,
            template="known_issue",
            context={
                "kind": kind,
                "number": issue.number,
                "title": in_language(issue, "title", reader.language),
                "text": in_language(of, "body", reader.language) if of else "",
                "expected_at": of.expected_at if of else None,
                "tickets": [{"number": ticket.number, "subject": ticket.subject} for ticket in own],
                "url": _url(own[0], reader) if len(own) == 1 else _issue_url(issue),
            },
            about=issue.number,
            thread=issue.number,
        )
        for reader, own in readers_of(tickets)
    )


def readers_of(tickets: Sequence[Ticket]) -> list[tuple[User, list[Ticket]]]:
    """Who is told about these tickets of one partner, each with those they may see; three statements for any number."""
    keys = [ticket.pk for ticket in tickets]
    named = set(Ticket.contact_persons.through.objects.filter(ticket__in=keys).values_list("ticket_id", "contact_id"))
    about, now = matters(keys), timezone.now()
    wanted = {contact_id for _ticket, contact_id in named} | {ticket.opened_by_id for ticket in tickets}
    contacts = Contact.objects.filter(pk__in=wanted, user__is_active=True).with_grants()
    found = []
    for contact in contacts.select_related("user", "partner").order_by("user__name", "pk"):
        of_theirs = [each for each in tickets if each.opened_by_id == contact.pk or (each.pk, contact.pk) in named]
        own = [ticket for ticket in of_theirs if _may_read(contact, about[ticket.pk], now)]
        if own:
            found.append((contact.user, own))
    return found


def draft_expires(draft: Draft, now: datetime) -> None:
    """Its owner, as long as they may still send it."""
    owner = draft.contact.user
    if not owner.is_active or licence.refusal(draft.contact.standing(), Action.OPEN, now):
        return
    Delivery.objects.queue(
        [
            Delivery(
                key=f"draft:{draft.pk}:{draft.version}:{draft.expires_at:%Y%m%d%H%M}",
                to=owner.email,
                language=owner.language,
                time_zone=owner.time_zone,
                template="draft",
                context={
                    "subject": draft.subject,
                    "type": draft.type,
                    "changed_at": draft.updated_at,
                    "expires_at": draft.expires_at,
                    "url": f"{settings.SITE_URL}{reverse('tickets:create')}?draft={draft.submission}",
                },
            )
        ]
    )


def _queue(ticket: Ticket, event: Event, readers: Iterable[Reader], kind: str, **values: Any) -> None:
    """One Delivery a reader, in the reader's language, under a key that makes a second call harmless.

    Whoever did it is not told about it, save that the ticket was opened.
    """
    reached = addressees(ticket, readers)
    told = {reader.pk: reader for reader in reached if reader.pk != event.actor_id or event.kind == Event.Kind.OPENED}
    context = {"number": ticket.number, "subject": ticket.subject, "priority": f"P{ticket.priority}"}
    Delivery.objects.queue(
        Delivery(
            key=f"{event.kind}:{event.pk}:{kind}:{reader.pk}",
            to=reader.email,
            language=reader.language,
            time_zone=reader.time_zone,
            template="ticket",
            context={**context, "kind": kind, "status": ticket.status, "url": _url(ticket, reader), **values},
            about=ticket.number,
            thread=ticket.number,
        )
        for reader in told.values()
    )


def _url(ticket: Ticket, reader: User) -> str:
    name = "admin:tickets_ticket_change" if reader.is_staff else "tickets:detail"
    return f"{settings.SITE_URL}{reverse(name, args=[ticket.pk])}"


def _issue_url(issue: KnownIssue) -> str:
    return f"{settings.SITE_URL}{reverse('tickets:known-issue', args=[issue.pk])}"


def addressees(ticket: Ticket, readers: Iterable[Reader]) -> list[User]:
    """The logins behind `readers` that may be mailed about this ticket: a contact whom the licence lets see it, or
    active staff. Everybody else is left out, whoever asked for it (guide, section 3: no end-customer is mailed)."""
    now = timezone.now()
    return [
        reader.user if isinstance(reader, Contact) else reader for reader in readers if _is_reached(reader, ticket, now)
    ]


def _is_reached(reader: Reader, ticket: Ticket, now: datetime) -> bool:
    if isinstance(reader, Contact):
        return _may_read(reader, ticket.matter, now)
    return reader.is_staff and reader.is_active


def _partners_side(ticket: Ticket) -> list[Contact]:
    """The opener and the further contact persons; `addressees` leaves out who may not see the ticket now."""
    wanted = Q(pk=ticket.opened_by_id) | Q(pk__in=ticket.contact_persons.values("pk"))
    contacts = Contact.objects.filter(wanted, user__is_active=True).with_grants()
    return list(contacts.select_related("user", "partner"))


def _may_read(contact: Contact, matter: Matter, now: datetime) -> bool:
    return licence.refusal(contact.standing(), Action.SEE, now, matter) is None


def _vendors_side(ticket: Ticket) -> list[User]:
    """The assignee; while there is none, the queue shows it and nobody is woken."""
    return _assignee(ticket)


def _assignee(ticket: Ticket) -> list[User]:
    return [ticket.assignee] if ticket.assignee and ticket.assignee.is_active else []


def _staff(group: str) -> list[User]:
    return list(User.objects.filter(groups__name=group, is_staff=True, is_active=True))
