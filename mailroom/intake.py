"""Raw first: a mail is committed as it came before anybody looks into it, and only then leaves its source."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mailroom import fingerprint
from mailroom.models import InboundMail
from mailroom.wake import READ, wake

MAX_BYTES = 40 * 1024 * 1024  # mail servers send no more; a mail of this size can still be read in our memory
HEAD_BYTES = 256 * 1024  # of a larger mail: enough to say from whom it is and what about
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Envelope:
    """What the mail server said beside the mail. `sender` is empty for a bounce and None where nobody knows."""

    sender: str | None = None
    recipient: str = ""


@dataclass(frozen=True)
class Taken:
    """`new` is false for a mail that we have already."""

    pk: int
    new: bool


UNKNOWN = Envelope()


def take(raw: bytes, *, source: str, envelope: Envelope = UNKNOWN) -> Taken:
    """Store one mail in a transaction of its own. When this returns, the source may forget it.

    Raises what the database raises when it cannot store: then the source must keep the mail.
    """
    return take_all([raw], source=source, envelope=envelope)[0]


def take_all(raws: Iterable[bytes], *, source: str, envelope: Envelope = UNKNOWN) -> list[Taken]:
    """Several mails of one source in one transaction: all of them, or none."""
    rows = [row_of(raw, source, envelope) for raw in raws]
    new: dict[int, bool] = {}
    with transaction.atomic(durable=True):
        for number in sorted(range(len(rows)), key=lambda at: rows[at].fingerprint):  # two takers never wait in a ring
            new[number] = InboundMail.objects.store(rows[number])
    if any(new.values()):
        wake(READ)
    return [Taken(row.pk, new[number]) for number, row in enumerate(rows)]


def row_of(raw: bytes, source: str, envelope: Envelope) -> InboundMail:
    marks = fingerprint.of(raw)
    return InboundMail(
        fingerprint=marks.fingerprint,
        raw=raw,
        size=len(raw),
        message_id=marks.message_id,
        sender=marks.sender,
        envelope_from=envelope.sender[:320] if envelope.sender is not None else None,
        envelope_to=envelope.recipient[:320],
        source=source[:100],
        received_at=timezone.now(),
    )


def take_from(stream: BinaryIO, *, source: str, envelope: Envelope = UNKNOWN) -> Taken:
    """Store what the stream holds. A mail that is too large goes to a file, and a row names it."""
    raw = stream.read(MAX_BYTES + 1)
    if not raw:
        raise EOFError("There is no mail: the input is empty.")
    if len(raw) <= MAX_BYTES:
        return take(raw, source=source, envelope=envelope)
    kept, size, digest = spool(raw, stream)
    return name_too_large(raw[:HEAD_BYTES], digest=digest, size=size, kept_in=kept, source=source, envelope=envelope)


def name_too_large(
    head: bytes, *, digest: str, size: int, kept_in: str, source: str, envelope: Envelope = UNKNOWN
) -> Taken:
    """A row for a mail of which only the beginning is stored; `kept_in` says where the whole of it lies."""
    row = row_of(head, source, envelope)
    row.fingerprint, row.size, row.kept_in = digest, size, kept_in[:300]
    with transaction.atomic(durable=True):
        new = InboundMail.objects.store(row)
    return Taken(row.pk, new)


def spool(beginning: bytes, stream: BinaryIO) -> tuple[str, int, str]:
    """Path, size and hash of the whole mail, safe on disk."""
    folder = Path(settings.MEDIA_ROOT) / "large-mails"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    known, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".coming-", delete=False) as file:
        try:
            chunk = beginning
            while chunk:
                known.update(chunk)
                size += file.write(chunk)
                chunk = stream.read(CHUNK)
            file.flush()
            os.fsync(file.fileno())
            path = folder / f"{known.hexdigest()}.eml"
            os.replace(file.name, path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return str(path), size, known.hexdigest()
