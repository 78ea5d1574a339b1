"""Files on their way in: checked, written to private storage, then named in a row."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from tickets import filetypes
from tickets.models import Attachment, DraftFile, Message, Ticket, stored_under

log = logging.getLogger(__name__)


class Refused(Exception):
    """A file that may not be attached, and why, in the reader's words."""


class NotStored(Exception):
    """There is no room for a file, or its place cannot be written to: nothing of it is left behind."""

    def __str__(self) -> str:
        return _(
            "The files cannot be stored at the moment, and nothing was sent. What you typed is kept. Try again later."
        )


@dataclass(frozen=True)
class Upload:
    """A file that has passed the checks."""

    file: File[Any]
    name: str
    content_type: str
    size: int


def check(files: Sequence[File[Any]]) -> list[Upload]:
    """Every file against count, size, name and content. Raises Refused with the first fault."""
    check_count(len(files))
    return [_checked(file) for file in files]


def check_count(count: int) -> None:
    if count > settings.ATTACHMENTS_MAX_COUNT:
        raise Refused(_("At most %d files at once. Send the rest with an answer.") % settings.ATTACHMENTS_MAX_COUNT)


def sift(files: Iterable[File[Any]]) -> tuple[list[Upload], list[str]]:
    """The files that may be attached, and what is wrong with each of the others."""
    good: list[Upload] = []
    faults: list[str] = []
    for file in files:
        try:
            good.append(_checked(file))
        except Refused as refused:
            faults.append(str(refused))
    return good, faults


def _checked(file: File[Any]) -> Upload:
    name = filetypes.safe_name(file.name or "")
    size = file.size or 0
    if size > settings.ATTACHMENT_MAX_BYTES:
        limit = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
        raise Refused(_("%(name)s is larger than %(limit)s. Pack it or cut it.") % {"name": name, "limit": limit})
    if not size:
        raise Refused(_("%(name)s is empty. Choose it again.") % {"name": name})
    head = file.read(8192)
    file.seek(0)
    kind = filetypes.recognise(name, head)
    if kind is None:
        raise Refused(
            _(
                "%(name)s cannot be attached: its kind is not allowed, or its content is not what its name says. "
                "Allowed are: %(allowed)s."
            )
            % {"name": name, "allowed": ", ".join(sorted(ending.lstrip(".") for ending in filetypes.ALLOWED))}
        )
    return Upload(file, name, kind.content_type, size)


def attach(ticket: Ticket, uploads: Iterable[Upload], message: Message | None = None) -> None:
    """Write the files, then their rows, in the caller's transaction. Raises NotStored, and then nothing is left."""
    uploads = list(uploads)
    if not uploads:
        return
    places = store(uploads)
    try:
        Attachment.objects.bulk_create(
            Attachment(
                ticket=ticket,
                message=message,
                file=place,
                name=upload.name,
                content_type=upload.content_type,
                size=upload.size,
            )
            for place, upload in zip(places, uploads, strict=True)
        )
    except Exception:
        remove(places)
        raise


def store(uploads: Iterable[Upload]) -> list[str]:
    """Write each file under a name of our own. Raises NotStored; then none of them is left, not even a half of one."""
    places: list[str] = []
    try:
        for upload in uploads:
            places.append(stored_under(None, upload.name))
            default_storage.save(places[-1], upload.file)
    except OSError as error:
        log.exception("A file could not be stored.")
        remove(places)
        raise NotStored from error
    return places


def hand_on(files: Iterable[DraftFile], ticket: Ticket) -> None:
    """The files of a draft become its ticket's: same place on the disk, another row. The draft goes with its own."""
    Attachment.objects.bulk_create(
        Attachment(
            ticket=ticket,
            file=file.file.name,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            created_at=file.created_at,
        )
        for file in files
    )


def remove_once_committed(places: Iterable[str]) -> None:
    """Files whose rows go in the caller's transaction. A crash between leaves orphans, which are swept up."""
    places = list(places)
    transaction.on_commit(lambda: remove(places), robust=True)


def remove(places: Iterable[str]) -> None:
    """Take files off the disk; one that cannot be removed is left to the sweep."""
    for place in places:
        try:
            default_storage.delete(place)
        except OSError:
            log.exception("A file could not be removed.")
