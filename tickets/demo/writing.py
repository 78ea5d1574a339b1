"""Lives become rows, a kind at a time, in a dozen statements however many there are."""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Model

from tickets.demo.life import Life
from tickets.models import Attachment, ChecklistEntry, Escalation, Event, Example, Message, Ticket
from tickets.workflow.files import Upload
from tickets.workflow.gate import indexed
from tickets.workflow.opening import checked, searchable


def numbers(count: int) -> list[int]:
    """The next ticket numbers, taken for good."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('tickets_ticket', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [number for (number,) in cursor.fetchall()]


def write(lives: Sequence[Life]) -> None:
    """Every row of these lives; the caller's transaction makes it all or nothing."""
    for life in lives:
        _index(life)
    Ticket.objects.bulk_create(life.ticket for life in lives)
    _write_lists(lives)
    Example.objects.bulk_create(
        Example(ticket=life.ticket, position=position, **example)
        for life in lives
        for position, example in enumerate(life.opening.examples, 1)
    )
    ChecklistEntry.objects.bulk_create(entry for life in lives for entry in checked(life.ticket, life.opening))
    Message.objects.bulk_create(message for life in lives for message in life.messages)
    Event.objects.bulk_create(_events(lives))
    Escalation.objects.bulk_create(escalation for life in lives for escalation in life.escalations)
    Attachment.objects.bulk_create(_attachments(lives))


def _index(life: Life) -> None:
    """The text index as the workflow leaves it: notes apart from what both sides read."""
    public = [message.body for message in life.messages if not message.internal]
    notes = [message.body for message in life.messages if message.internal]
    files = [upload.name for upload, _message, _at in life.files]
    resolutions = [event.data["resolution"] for event in life.events if event.kind == Event.Kind.RESOLVED]
    texts = [*searchable(life.ticket.opened_by, life.opening), *public, *files, *resolutions]
    life.ticket.search = indexed(*texts)
    life.ticket.search_notes = indexed(*notes) if notes else None


def _write_lists(lives: Iterable[Life]) -> None:
    rows: list[Model] = []
    for life in lives:
        ticket = life.ticket
        rows += [Ticket.tenants.through(ticket=ticket, tenant=tenant) for tenant in life.opening.tenants]
        rows += [Ticket.services.through(ticket=ticket, service=service) for service in life.opening.services]
        rows += [Ticket.contact_persons.through(ticket=ticket, contact=who) for who in life.opening.contact_persons]
        for other in life.related:
            rows += [Ticket.related.through(from_ticket=ticket, to_ticket=other)]
            rows += [Ticket.related.through(from_ticket=other, to_ticket=ticket)]
    for kind in {type(row) for row in rows}:
        kind._default_manager.bulk_create(row for row in rows if type(row) is kind)


def _events(lives: Iterable[Life]) -> Iterable[Event]:
    """Each with the key of the message it tells of, which is known by now."""
    for life in lives:
        for event in life.events:
            if message := life.said.get(event.version):
                event.data["message"] = message.pk
            yield event


def _attachments(lives: Iterable[Life]) -> Iterable[Attachment]:
    for life in lives:
        for upload in life.opening.attachments:
            yield _attachment(upload, ticket=life.ticket, created_at=life.ticket.opened_at)
        for upload, message, at in life.files:
            yield _attachment(upload, ticket=life.ticket, message=message, created_at=at)


def _attachment(upload: Upload, **values: object) -> Attachment:
    row = Attachment(name=upload.name, content_type=upload.content_type, size=upload.size, **values)
    row.file.save(upload.name, upload.file, save=False)
    return row
