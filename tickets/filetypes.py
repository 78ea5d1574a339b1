"""Which files may be attached: by the name's ending, and the content must agree with it.

Nothing is ever shown inside a page: every download is an attachment (see the download view), so this list is about
what agents can work with, and about refusing programs and pages in disguise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

import puremagic

TEXT = "text"


@dataclass(frozen=True)
class FileType:
    content_type: str
    signature: str  # the ending that the content's first bytes must speak for, or TEXT


ALLOWED: Mapping[str, FileType] = {
    ".txt": FileType("text/plain", TEXT),
    ".log": FileType("text/plain", TEXT),
    ".csv": FileType("text/csv", TEXT),
    ".eml": FileType("message/rfc822", TEXT),
    ".json": FileType("application/json", TEXT),
    ".xml": FileType("application/xml", TEXT),
    ".png": FileType("image/png", ".png"),
    ".jpg": FileType("image/jpeg", ".jpg"),
    ".jpeg": FileType("image/jpeg", ".jpg"),
    ".gif": FileType("image/gif", ".gif"),
    ".webp": FileType("image/webp", ".webp"),
    ".pdf": FileType("application/pdf", ".pdf"),
    ".tif": FileType("image/tiff", ".tiff"),
    ".tiff": FileType("image/tiff", ".tiff"),
    ".zip": FileType("application/zip", ".zip"),
    ".docx": FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".zip"),
    ".xlsx": FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".zip"),
    ".msg": FileType("application/vnd.ms-outlook", ".doc"),
}


def safe_name(name: str) -> str:
    """The last part of a path from any system, without control characters, 150 characters at most."""
    last = PureWindowsPath(PurePosixPath(name.replace("\\", "/")).name).name
    clean = "".join(char for char in last if char.isprintable()).strip(" .") or "file"
    stem, dot, ending = clean.rpartition(".")
    return clean if len(clean) <= 150 or not dot else f"{stem[: 149 - len(ending)]}.{ending}"[:150]


def recognise(name: str, head: bytes) -> FileType | None:
    """The type of a file by its name and its first bytes (8 kB are enough); None when it may not be attached."""
    kind = ALLOWED.get(PurePosixPath(safe_name(name)).suffix.lower())
    if kind is None:
        return None
    agrees = _is_text(head) if kind.signature == TEXT else kind.signature in _spoken_for(head)
    return kind if agrees else None


def _spoken_for(head: bytes) -> set[str]:
    """Every ending that the content's signature may stand for."""
    try:
        return {match.extension for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):  # nothing known begins so, or there is nothing
        return set()


def _is_text(head: bytes) -> bool:
    """Text in any common encoding holds no NUL, save in UTF-16, which says so in its first two bytes."""
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" not in head
