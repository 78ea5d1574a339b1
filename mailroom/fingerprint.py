"""Are two deliveries the same mail? Then their fingerprints are equal.

A mail that comes on two ways differs in what the servers on each way have added: Received, Delivered-To, verdicts, the
folding of lines. So what counts is what the sender wrote. The same Message-ID with other words, or from somebody
else, is another mail: an ID is easily written off.
"""

import hashlib
from dataclasses import dataclass

from mailroom.reading import headers, machines, people, structure

WRITTEN_BY_THE_SENDER = (
    "from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references",
    "auto-submitted", "content-type", "content-transfer-encoding",
)  # fmt: skip


@dataclass(frozen=True)
class Marks:
    """What is known of a mail before it is read."""

    fingerprint: str
    message_id: str
    sender: str


def of(raw: bytes) -> Marks:
    head, at = structure.with_headers(raw, "text/plain")
    senders = people.read(head.get("from")) or people.read(head.get("sender"))
    return Marks(
        fingerprint=digest(raw, head, at),
        message_id=machines.first_id(head.get("message-id"))[:320],
        sender=senders[0].email.lower()[:320] if senders else "",
    )


def digest(raw: bytes, head: structure.Part, at: int) -> str:
    if not head.get("message-id").strip() and not head.get("date").strip():
        return hashlib.sha256(raw).hexdigest()  # nothing tells this mail from the next one that says the same
    known = hashlib.sha256()
    for name in WRITTEN_BY_THE_SENDER:
        for value in head.all(name):
            known.update(name.encode() + b":" + b" ".join(headers.unfold(value).split()) + b"\n")
    known.update(b"\n" + raw[at:].replace(b"\r\n", b"\n").rstrip())
    return known.hexdigest()
