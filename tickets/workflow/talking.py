"""What is said on a ticket: answers that both sides read, notes that agents keep to themselves."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from contacts.models import User
from tickets import notifications
from tickets.models import AskBack, Event, Message, Ticket
from tickets.requirements import Item
from tickets.status import Deed, Status
from tickets.workflow.files import Upload, attach
from tickets.workflow.gate import indexed_beside, lock, move, record, say, wind


@transaction.atomic
def reply(
    ticket: Ticket,
    *,
    by: User,
    body: str,
    attachments: Sequence[Upload] = (),
    wait: bool = False,
    seen: int | None = None,
) -> Message:
    """Answer the other side. The vendor's first answer stops the response clock; `wait` hands the ball to the partner.

    A partner's answer brings a waiting or resolved ticket back to the vendor.
    """
    ticket = lock(ticket, by=by, deed=Deed.REPLY, seen=seen)
    now = timezone.now()
    message = say(ticket, body, by=by, now=now)
    attach(ticket, attachments, message)
    before = Status(ticket.status)
    fields = ["spoken_by_partner", "search", "responded_at"]
    ticket.search = indexed_beside("search", " ".join([body, *(upload.name for upload in attachments)]))
    if by.is_staff:
        ticket.responded_at = ticket.responded_at or now
    after = after_reply(before, by_partner=not by.is_staff, wait=wait)
    fields += move(ticket, after, now) if after != before else wind(ticket)
    event = record(
        ticket, Event.Kind.REPLIED, by=by, fields=fields, now=now, message=message.pk, before=before, after=after
    )
    notifications.replied(ticket, event, message)
    return message


@transaction.atomic
def ask_back(ticket: Ticket, *, by: User, items: Sequence[Item], body: str = "", seen: int | None = None) -> AskBack:
    """Ask for what should have been there at the opening, named as the form names it, and wait for it. Counted in the
    month's report: the guide's aim is that nobody has to ask (section 5)."""
    ticket = lock(ticket, by=by, deed=Deed.ASK_BACK, seen=seen)
    with override(ticket.opened_by.user.language):
        named = "\n".join(f"– {item.label}" for item in items)
        text = "\n\n".join([*([body] if body else [_("To go on, we need from you:")]), named])
    message = reply(ticket, by=by, body=text, wait=True)
    return AskBack.objects.create(ticket=ticket, items=list(items), by=by, at=message.created_at)


def after_reply(before: Status, *, by_partner: bool, wait: bool) -> Status:
    """The status that an answer leaves behind."""
    if by_partner:
        return before if before == Status.NEW else Status.OPEN
    if wait:
        return Status.WAITING
    return Status.OPEN if before == Status.NEW else before


@transaction.atomic
def note(
    ticket: Ticket, *, by: User, body: str, attachments: Sequence[Upload] = (), seen: int | None = None
) -> Message:
    """Write something that only agents read and only agents can search for."""
    ticket = lock(ticket, by=by, deed=Deed.NOTE, seen=seen)
    message = Message.objects.create(
        ticket=ticket, author=by, by_partner=False, internal=True, channel=Message.Channel.ADMIN, body=body
    )
    attach(ticket, attachments, message)
    ticket.search_notes = indexed_beside("search_notes", " ".join([body, *(upload.name for upload in attachments)]))
    record(ticket, Event.Kind.NOTED, by=by, fields=["search_notes"], internal=True, message=message.pk)
    return message
