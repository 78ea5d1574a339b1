"""Who is told what. Each function queues Delivery rows in the caller's transaction and sends nothing itself.

Mail goes to authorized contacts of the ticket's partner who may see it, and to the vendor's staff; never to anybody
else (guide, section 3: no direct support to end-customers).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from contacts import licence
from contacts.licence import Action
from contacts.models import Contact, User
from mailroom.models import Delivery
from tickets.models import Escalation, Event, Message, Ticket
from tickets.priority import Priority

#: Names of the groups of the vendor's staff, as the migration makes them.
AGENTS, LEADS, MANAGERS = "3rd-level agents", "3rd-level leads", "Vendor managers"


def opened(ticket: Ticket, event: Event, *, by: Contact, persons: Sequence[Contact]) -> None:
    """Confirm the number to the one who opened it and to the persons named on it; a P1 wakes the leads."""
    readers = _partners_side(ticket) if persons else [by.user]
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
    readers = [*_partners_side(ticket), *_vendors_side(ticket)]
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


def _queue(ticket: Ticket, event: Event, readers: Iterable[User], kind: str, **values: Any) -> None:
    """One Delivery a reader, in the reader's language, under a key that makes a second call harmless.

    Whoever did it is not told about it, save that the ticket was opened.
    """
    told = {reader.pk: reader for reader in readers if reader.pk != event.actor_id or event.kind == Event.Kind.OPENED}
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


def _partners_side(ticket: Ticket) -> list[User]:
    """The opener and the further contact persons, as far as they may see the ticket now."""
    wanted = Q(pk=ticket.opened_by_id) | Q(pk__in=ticket.contact_persons.values("pk"))
    contacts = Contact.objects.filter(wanted, user__is_active=True).with_tenant_ids()
    rows = contacts.select_related("user", "partner")
    return [contact.user for contact in rows if _may_read(contact, ticket)]


def _may_read(contact: Contact, ticket: Ticket) -> bool:
    if licence.refusal(contact.standing(), Action.SEE, timezone.now()) or contact.partner_id != ticket.partner_id:
        return False
    if contact.all_tenants:
        return True
    return {tenant.pk for tenant in ticket.tenants.all()} <= set(contact.tenant_ids)


def _vendors_side(ticket: Ticket) -> list[User]:
    """The assignee; while there is none, the queue shows it and nobody is woken."""
    return _assignee(ticket)


def _assignee(ticket: Ticket) -> list[User]:
    return [ticket.assignee] if ticket.assignee and ticket.assignee.is_active else []


def _staff(group: str) -> list[User]:
    return list(User.objects.filter(groups__name=group, is_staff=True, is_active=True))
