"""A ticket that is being written: kept while it is typed, given up, told of before it ends, or sent as one ticket.

All that happens to the drafts of one contact happens one after the other: each function waits for the lock of
`_alone` first. So a form that is sent and saved in the same moment is either a ticket or a draft, never both.
"""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Contact, User
from contacts.moments import time_of_day
from tickets import evidence, notifications
from tickets.models import Draft, DraftFile, Ticket
from tickets.requirements import TicketType
from tickets.workflow.files import Upload, check_count, remove, remove_once_committed, store
from tickets.workflow.gate import NotAuthorized, opener

#: A draft that nobody touches ends after so long, and its owner is told so much earlier.
KEPT = timedelta(days=30)
TOLD_BEFORE = timedelta(days=5)
DRAFTS_MAX_COUNT = 10
#: Every text at its limit and fifty rows with full log extracts stay below this.
ANSWERS_MAX_CHARACTERS = 3_000_000
PASTED_MAX_CHARACTERS = evidence.BYTES_MAX


class ChangedElsewhere(Exception):
    """Another page has written to the draft since this one was made. `draft` is what stands now."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__(draft)

    def __str__(self) -> str:
        return _("This draft was changed at %(time)s on another device or in another tab.") % {
            "time": time_of_day(self.draft.updated_at)
        }


class AlreadySent(Exception):
    """What is to be kept has become a ticket meanwhile."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        super().__init__(ticket)

    def __str__(self) -> str:
        return _("This form has been sent already: it is ticket %(number)s.") % {"number": self.ticket.number}


class TooManyDrafts(Exception):
    def __str__(self) -> str:
        return _("Not saved: you have %d drafts already. Send or discard one of them on the start page.") % (
            DRAFTS_MAX_COUNT
        )


class TooLong(Exception):
    def __str__(self) -> str:
        return _("Not saved: the text is too long for a draft. Put the longest part into a file and attach it.")


#: Why a draft was not kept, each in the reader's words.
NotKept = (ChangedElsewhere, AlreadySent, TooManyDrafts, TooLong, NotAuthorized)


@dataclass(frozen=True)
class Writer:
    """The page that writes, and the version of the draft that it was made from: 0 without a draft. `seen` None: it
    writes over whatever stands."""

    page: uuid.UUID = field(default_factory=uuid.uuid4)
    seen: int | None = 0


@dataclass(frozen=True)
class Typing:
    """What stands in a form, as it was typed. A mail with gaps says the same in the names of the form's fields.

    `answers` holds each name with its values, as a browser sends them; None leaves them as they stand. `asked` names
    the fields that the form shows: what was typed under another type stays in the draft. None means all. `pasted` is
    the evidence that is still to be read, None likewise.
    """

    submission: uuid.UUID
    type: TicketType
    answers: Mapping[str, Sequence[str]] | None = field(default=None, repr=False)
    asked: Collection[str] | None = None
    pasted: str | None = field(default=None, repr=False)
    writer: Writer = field(default_factory=Writer)


@transaction.atomic
def keep_draft(*, by: User, typing: Typing, origin: Draft.Origin = Draft.Origin.PORTAL) -> Draft:
    """Keep what was typed so far, for the next thirty days. Asks nothing of it but a length.

    Raises NotAuthorized, ChangedElsewhere, AlreadySent, TooManyDrafts or TooLong; what stood before then still stands.
    """
    contact = opener(by)
    _alone(contact)
    draft = _standing(contact, typing.submission) or _begun(contact, typing, origin)
    if draft.pk:
        check_seen(draft, typing.writer)
        draft.version += 1
    if typing.answers is not None:
        _answer(draft, typing.answers, typing.asked)
    if typing.pasted is not None:
        draft.pasted = written(typing.pasted, PASTED_MAX_CHARACTERS)
    draft.type, draft.page = typing.type, typing.writer.page
    _touch(draft)
    draft.save()
    return draft


def attach_to_draft(*, by: User, typing: Typing, uploads: Sequence[Upload]) -> Draft:
    """Put files into the draft, which begins with them if need be. They change nothing that was typed.

    Raises Refused when they are too many, NotStored, and what `keep_draft` raises. Then none of them is kept.
    """
    contact = opener(by)
    places = store(uploads)  # before the lock: a large file must not hold up what is typed meanwhile
    try:
        return _attach(contact, typing, uploads, places)
    except Exception:
        remove(places)
        raise


@transaction.atomic
def _attach(contact: Contact, typing: Typing, uploads: Sequence[Upload], places: Sequence[str]) -> Draft:
    _alone(contact)
    draft = _standing(contact, typing.submission) or _begun(contact, typing, Draft.Origin.PORTAL)
    held = draft.files.count() if draft.pk else 0
    check_count(held + len(uploads))
    _touch(draft)
    draft.save()
    DraftFile.objects.bulk_create(
        DraftFile(draft=draft, file=place, name=upload.name, content_type=upload.content_type, size=upload.size)
        for place, upload in zip(places, uploads, strict=True)
    )
    return draft


@transaction.atomic
def drop_file(*, by: User, submission: uuid.UUID, file: int) -> None:
    """Take one file out of the own draft. One that is gone already is no fault."""
    contact = opener(by)
    _alone(contact)
    rows = DraftFile.objects.filter(draft__contact=contact, draft__submission=submission, pk=file)
    remove_once_committed(rows.values_list("file", flat=True))
    rows.delete()


@transaction.atomic
def discard_draft(*, by: User, submission: uuid.UUID) -> None:
    """Give up the own draft with its files. Raises Draft.DoesNotExist."""
    contact = opener(by)
    _alone(contact)
    _end(Draft.objects.get(contact=contact, submission=submission))


def take_draft(contact: Contact, submission: uuid.UUID, writer: Writer | None) -> Draft | None:
    """In the transaction that opens its ticket: the draft, held against every other change. None without one.

    The caller hands its files on and deletes it. Raises ChangedElsewhere.
    """
    _alone(contact)
    draft = _standing(contact, submission)
    if draft and writer:
        check_seen(draft, writer)
    return draft


def warn_of_expiry(now: datetime, *, at_most: int = 500) -> int:
    """Tell the owners of drafts that end within days, once for each time they are left alone. Returns how many."""
    told = 0
    while told < at_most and _warn_next(now):
        told += 1
    return told


@transaction.atomic
def _warn_next(now: datetime) -> bool:
    rows = Draft.objects.to_warn_about(now + TOLD_BEFORE).select_for_update(of=("self",), skip_locked=True)
    draft = rows.first()
    if draft is None:
        return False
    draft.contact = Contact.objects.with_grants().select_related("user", "partner").get(pk=draft.contact_id)
    draft.warned_at, draft.expires_at = now, max(draft.expires_at, now + TOLD_BEFORE)
    draft.save(update_fields=["warned_at", "expires_at"])
    notifications.draft_expires(draft, now)
    return True


def expire_drafts(now: datetime, *, at_most: int = 500) -> int:
    """End what nobody has touched for thirty days, with its files. Safe to run twice, late, or twice at once."""
    ended = 0
    while ended < at_most and _expire_next(now):
        ended += 1
    return ended


@transaction.atomic
def _expire_next(now: datetime) -> bool:
    draft = Draft.objects.expired(now).select_for_update(skip_locked=True).first()
    if draft is None:
        return False
    _end(draft)
    return True


def check_seen(draft: Draft, writer: Writer) -> None:
    """Raises ChangedElsewhere unless this page wrote last, or shows what was written last, or is told to write over."""
    if writer.seen is not None and draft.page != writer.page and draft.version != writer.seen:
        raise ChangedElsewhere(draft)


def _alone(contact: Contact) -> None:
    """Wait until nobody else works on this contact's drafts, and keep it so until the transaction ends.

    Not the contact's row: to lock it before its partner's would wait the wrong way round for who changes contacts.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"drafts of {contact.pk}"])


def _standing(contact: Contact, submission: uuid.UUID) -> Draft | None:
    return Draft.objects.select_for_update().filter(contact=contact, submission=submission).first()


def _begun(contact: Contact, typing: Typing, origin: Draft.Origin) -> Draft:
    """A draft that is not stored yet. Raises AlreadySent or TooManyDrafts."""
    sent = Ticket.objects.filter(submission=typing.submission, opened_by=contact).only("pk").first()
    if sent is not None:
        raise AlreadySent(sent)
    if Draft.objects.filter(contact=contact).count() >= DRAFTS_MAX_COUNT:
        raise TooManyDrafts
    return Draft(
        contact=contact,
        submission=typing.submission,
        origin=origin,
        type=typing.type,
        page=typing.writer.page,
        version=1,
    )


def _answer(draft: Draft, answers: Mapping[str, Sequence[str]], asked: Collection[str] | None) -> None:
    """Put `answers` in the place of what the draft holds of the fields in `asked`."""
    held = {} if asked is None else read_answers(draft)
    others = {name: values for name, values in held.items() if field_of(name) not in (asked or ())}
    said = others | {name: list(values) for name, values in answers.items()}
    draft.answers = written(said, ANSWERS_MAX_CHARACTERS)
    draft.subject = "".join(said.get("subject", [])[-1:]).replace("\x00", "").strip()[:200]


def field_of(name: str) -> str:
    """`examples-sender` belongs to the field `examples`."""
    return name.partition("-")[0]


def written(said: object, limit: int) -> str:
    """As JSON text that the database takes whatever was typed. Raises TooLong beyond `limit` characters."""
    text = json.dumps(said, ensure_ascii=False)
    if len(text) > limit:
        raise TooLong
    return text if text.isascii() or text.encode("utf-8", "replace").decode() == text else json.dumps(said)


def read_answers(draft: Draft) -> dict[str, list[str]]:
    """Each name with its values, as they were typed."""
    said: dict[str, list[str]] = json.loads(draft.answers)
    return said


def read_pasted(draft: Draft) -> str:
    return str(json.loads(draft.pasted)) if draft.pasted else ""


def _touch(draft: Draft) -> None:
    now = timezone.now()
    draft.updated_at, draft.expires_at, draft.warned_at = now, now + KEPT, None


def _end(draft: Draft) -> None:
    remove_once_committed(draft.files.values_list("file", flat=True))
    draft.delete()
