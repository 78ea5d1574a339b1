"""Mail out of an IMAP mailbox: fetched, stored, committed, and only then deleted there.

Nothing is remembered from one connection to the next: no UID, so a mailbox that was made anew (UIDVALIDITY) or that a
person works in confuses nobody. What stood there when a line broke is fetched again, and known by its fingerprint.
"""

import hashlib
import imaplib
import logging
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from imap_tools import MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from mailroom import intake

LINE_SECONDS = 30.0  # for each single answer of the server
BATCH = 50
BATCH_BYTES = 16 * 1024 * 1024
TOO_LARGE = "PartnerDeskTooLarge"  # a keyword on mails that stay in the mailbox and are named in the database
SIZE = re.compile(rb"UID (\d+).*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*?UID (\d+)", re.DOTALL)
UID = re.compile(rb"UID (\d+)")

#: What goes wrong on a line and may be right the next time.
AWAY = (OSError, imaplib.IMAP4.error, ImapToolsError)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Address:
    """Where the mailbox is and how to get in, out of `imaps://user:password@host:993/INBOX`."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str

    @classmethod
    def of(cls, url: str) -> "Address":
        parts = urlsplit(url)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "localhost",
            port=parts.port or (993 if parts.scheme == "imaps" else 143),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
        )

    @property
    def name(self) -> str:
        """For logs and rows: without the password."""
        return f"imap:{self.user}@{self.host}/{self.folder}"


@contextmanager
def opened(address: Address, trusted: ssl.SSLContext | None = None) -> Iterator[Any]:
    """The signed-in mailbox with its folder selected. Certificates are verified."""
    options: dict[str, Any] = {"port": address.port, "timeout": LINE_SECONDS}
    if address.scheme != "imap":
        options["ssl_context"] = trusted or ssl.create_default_context()
    kinds = {"imaps": MailBox, "imap+starttls": MailBoxStartTls, "imap": MailBoxUnencrypted}
    box = kinds[address.scheme](address.host, **options)
    try:
        box.login(address.user, address.password, initial_folder=address.folder)
        yield box
    finally:
        with suppress(*AWAY):
            box.logout()


def fetch(address: Address, seconds: float, trusted: ssl.SSLContext | None = None) -> int:
    """Take what lies in the mailbox, for so many seconds at most. The number of mails that are new to us.

    Raises one of AWAY when the server cannot be reached or breaks off; what was deleted by then is stored.
    """
    with opened(address, trusted) as box:
        return take_all(box, address, time.monotonic() + seconds)


def take_all(box: Any, address: Address, until: float) -> int:
    new = 0
    for batch in batches(box):
        if time.monotonic() > until:
            break
        mails = bodies(box, batch)
        taken = intake.take_all(mails.values(), source=address.name)
        delete(box, list(mails))
        new += sum(one.new for one in taken)
    name_large(box, address)
    return new


def waiting(box: Any) -> dict[str, int]:
    """UID and size of each mail, oldest first."""
    uids = box.uids(f"UNDELETED UNKEYWORD {TOO_LARGE}")
    sizes: dict[str, int] = {}
    for start in range(0, len(uids), 1000):
        answer = asked(box.client.uid("FETCH", ",".join(uids[start : start + 1000]), "(RFC822.SIZE)"))
        for found in SIZE.finditer(b"\n".join(line for line in answer if isinstance(line, bytes))):
            uid, size = (found.group(1), found.group(2)) if found.group(1) else (found.group(4), found.group(3))
            sizes[uid.decode()] = int(size)
    return sizes


def batches(box: Any) -> Iterator[list[str]]:
    batch: list[str] = []
    total = 0
    for uid, size in waiting(box).items():
        if size > intake.MAX_BYTES:
            continue
        if batch and (len(batch) == BATCH or total + size > BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += size
    if batch:
        yield batch


def bodies(box: Any, uids: list[str]) -> dict[str, bytes]:
    """The mails as they lie there. One that somebody else has deleted meanwhile is missing."""
    found: dict[str, bytes] = {}
    for part in asked(box.client.uid("FETCH", ",".join(uids), "(UID BODY.PEEK[])")):
        if isinstance(part, tuple) and (uid := UID.search(part[0])):
            found[uid.group(1).decode()] = part[1]
    return found


def delete(box: Any, uids: list[str]) -> None:
    """Only ours, where the server can tell (RFC 4315): a person may have marked others in the same mailbox."""
    if not uids:
        return
    named = ",".join(uids)
    asked(box.client.uid("STORE", named, "+FLAGS.SILENT", r"(\Deleted)"))
    if "UIDPLUS" in box.client.capabilities:
        asked(box.client.uid("EXPUNGE", named))
    else:
        asked(box.client.expunge())


def name_large(box: Any, address: Address) -> None:
    """What is too large stays where it is. A row tells the agents of it, a keyword tells us not to tell it again."""
    for uid, size in waiting(box).items():
        if size > intake.MAX_BYTES:
            answer = asked(box.client.uid("FETCH", uid, "(UID BODY.PEEK[HEADER])"))
            head = next((part[1] for part in answer if isinstance(part, tuple)), b"")
            digest = hashlib.sha256(b"%d\n" % size + head).hexdigest()
            intake.name_too_large(
                head[: intake.HEAD_BYTES], digest=digest, size=size, kept_in=address.name, source=address.name
            )
            asked(box.client.uid("STORE", uid, "+FLAGS.SILENT", f"({TOO_LARGE})"))


def asked(answer: tuple[str, list[Any]]) -> list[Any]:
    status, said = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"The mailbox said {status}: {said!r:.200}")
    return said
