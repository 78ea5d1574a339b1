"""Files on their way in: checked, written to private storage, then named in a row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from tickets import filetypes
from tickets.models import Attachment, Message, Ticket


class Refused(Exception):
    """A file that may not be attached, and why, in the reader's words."""


@dataclass(frozen=True)
class Upload:
    """A file that has passed the checks."""

    file: File[Any]
    name: str
    content_type: str
    size: int


def check(files: Sequence[File[Any]]) -> list[Upload]:
    """Every file against count, size, name and content. Raises Refused with the first fault."""
    if len(files) > settings.ATTACHMENTS_MAX_COUNT:
        raise Refused(_("At most %d files at once. Send the rest with an answer.") % settings.ATTACHMENTS_MAX_COUNT)
    return [_checked(file) for file in files]


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
    """Write the files, then their rows, in the caller's transaction. If a write fails, what was written is removed."""
    rows: list[Attachment] = []
    try:
        for upload in uploads:
            row = Attachment(
                ticket=ticket, message=message, name=upload.name, content_type=upload.content_type, size=upload.size
            )
            row.file.save(upload.name, upload.file, save=False)
            rows.append(row)
        if rows:
            Attachment.objects.bulk_create(rows)
    except Exception:
        for row in rows:
            row.file.delete(save=False)
        raise
