"""A ticket's story in one list: messages in full, events as one sentence each, oldest first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from contacts.bilingual import language
from contacts.models import User
from tickets.models import Attachment, Event, Message, Ticket
from tickets.status import Status


@dataclass(frozen=True)
class Entry:
    """One line of the story. `at` is aware; a message has a `body`, an event a `sentence` and perhaps a `text`."""

    at: datetime
    kind: str
    who: str
    by_partner: bool = False
    internal: bool = False
    body: str = ""
    sentence: str = ""
    text: str = ""
    moments: Mapping[str, datetime] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)


def of(ticket: Ticket, reader: User | AnonymousUser) -> list[Entry]:
    """What `reader` may see of it, in three statements however long it is."""
    messages = Message.objects.visible_to(reader).filter(ticket=ticket).select_related("author")
    events = Event.objects.visible_to(reader).filter(ticket=ticket).select_related("actor").order_by("version")
    files = Attachment.objects.visible_to(reader).filter(ticket=ticket)
    return tell(messages, [event for event in events if not _said_already(event)], files, words=_beside_its_message)


def tell(
    messages: Iterable[Message],
    events: Iterable[Event],
    files: Iterable[Attachment],
    words: Callable[[Event], str] | None = None,
) -> list[Entry]:
    """The entries of these rows, by time; events in the given words, or in a sentence each."""
    attached: dict[int | None, list[Attachment]] = {}
    for file in files:
        attached.setdefault(file.message_id, []).append(file)
    entries = [_said(message, attached.get(message.pk, [])) for message in messages]
    entries += [_happened(event, attached.get(None, []), (words or sentence)(event)) for event in events]
    return sorted(entries, key=lambda entry: entry.at)


def _said(message: Message, files: list[Attachment]) -> Entry:
    return Entry(
        at=message.created_at,
        kind="note" if message.internal else "message",
        who=message.author.name,
        by_partner=message.by_partner,
        internal=message.internal,
        body=message.body,
        attachments=files,
    )


def _happened(event: Event, files: list[Attachment], words: str) -> Entry:
    return Entry(
        at=event.created_at,
        kind="event",
        who=event.actor.name if event.actor else "",
        internal=event.internal,
        sentence=words,
        text=_text(event.data),
        moments=_moments(event.data),
        attachments=files if event.kind == Event.Kind.OPENED else [],
    )


def _text(data: Mapping[str, Any]) -> str:
    bilingual = data.get(f"text_{language()}") or data.get("text_en")
    return str(data.get("reason") or data.get("resolution") or bilingual or "")


def _moments(data: Mapping[str, Any]) -> dict[str, datetime]:
    found = {name: parse_datetime(value) for name, value in data.items() if name.endswith("_at") and value}
    return {name: at for name, at in found.items() if at}


def _said_already(event: Event) -> bool:
    """A note, and an answer that left the status as it was, are told in full by their message."""
    if event.kind == Event.Kind.REPLIED:
        return bool(event.data["before"] == event.data["after"])
    return event.kind == Event.Kind.NOTED


def _beside_its_message(event: Event) -> str:
    """The message tells the answer itself; what is left to say is what it did to the status."""
    return _status(event.data) if event.kind == Event.Kind.REPLIED else sentence(event)


def sentence(event: Event) -> str:
    """What happened, without who and when: `assigned it to Carol`."""
    if event.kind == Event.Kind.ASSIGNED and event.actor and event.data["after"] == str(event.actor):
        return _("took the ticket")
    return SENTENCES[Event.Kind(event.kind)](event.data)


def _status(data: Mapping[str, Any]) -> str:
    names = {"before": Status(data["before"]).label, "after": Status(data["after"]).label}
    return _("changed the status from “%(before)s” to “%(after)s”") % names


def _assigned(data: Mapping[str, Any]) -> str:
    return _("assigned it to %(name)s") % {"name": data["after"]} if data["after"] else _("took it from its assignee")


def _priority(data: Mapping[str, Any]) -> str:
    return _("changed the priority from %(before)s to %(after)s") % {"before": data["before"], "after": data["after"]}


def _verdict(data: Mapping[str, Any]) -> str:
    return _("gave the verdict “%(verdict)s”") % {"verdict": Ticket.Verdict(data["after"]).label}


def _named(data: Mapping[str, Any]) -> dict[str, str]:
    return {"number": data["number"], "title": data[f"title_{language()}"] or data["title_en"]}


def _overdue(data: Mapping[str, Any]) -> str:
    return _("The response is overdue") if data["step"] == "response" else _("The resolution is overdue")


SENTENCES: Mapping[Event.Kind, Callable[[Mapping[str, Any]], str]] = {
    Event.Kind.OPENED: lambda data: _("opened the ticket"),
    Event.Kind.REPLIED: lambda data: _("answered"),
    Event.Kind.NOTED: lambda data: _("wrote a note"),
    Event.Kind.ASSIGNED: _assigned,
    Event.Kind.STATUS: _status,
    Event.Kind.PRIORITY: _priority,
    Event.Kind.EXPECTED: lambda data: _("set the expected date"),
    Event.Kind.VERDICT: _verdict,
    Event.Kind.ESCALATED: lambda data: _("escalated the ticket"),
    Event.Kind.OVERDUE: _overdue,
    Event.Kind.RESOLVED: lambda data: _("resolved the ticket"),
    Event.Kind.CLOSED: lambda data: _("closed the ticket"),
    Event.Kind.REOPENED: lambda data: _("reopened the ticket"),
    Event.Kind.JOINED: lambda data: _("joined the known issue %(number)s, “%(title)s”") % _named(data),
    Event.Kind.LEFT: lambda data: _("took the ticket out of the known issue %(number)s") % _named(data),
    Event.Kind.KNOWN: lambda data: _("told what is new on %(number)s, “%(title)s”") % _named(data),
    Event.Kind.ASKED: lambda data: _("resolved %(number)s, “%(title)s”, and asks: is it fixed for you?") % _named(data),
    Event.Kind.CONFIRMED: lambda data: _("confirmed that %(number)s is fixed") % _named(data),
    Event.Kind.DENIED: lambda data: _("said that %(number)s is not fixed here") % _named(data),
    Event.Kind.SETTLED: lambda data: _("Nobody objected for three days: resolved with %(number)s") % _named(data),
}
