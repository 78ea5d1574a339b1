"""What machines say in their mails: that no person wrote (RFC 3834), and what became of ours (RFC 3464)."""

import re

from mailroom.reading import charsets, headers, text
from mailroom.reading.parsed import Automatic, Notice
from mailroom.reading.structure import Part, head

NOTICES_MAX = 50
MESSAGE_ID = re.compile(r"<[^<>\s\x00-\x20\x7f-\x9f]{1,300}>")
OUR_ID_LINE = re.compile(rb"^message-id:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\s]{1,300}>)", re.IGNORECASE | re.MULTILINE)
BLOCKS = re.compile(r"\n[ \t]*\n+")
FIELD = re.compile(r"^([A-Za-z-]{1,60})[ \t]*:[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


def automatic(root: Part, envelope_from: str | None) -> Automatic:
    """`envelope_from` is None where the source does not know it: then Return-Path tells."""

    def said(name: str, characters: int = 100) -> str:
        return headers.line(root.get(name), characters) if root.get(name) else ""

    path = root.get("return-path").strip()
    return Automatic(
        auto_submitted=said("auto-submitted").partition(";")[0].strip().lower(),
        precedence=said("precedence").lower().replace("-", "_"),
        list_id=said("list-id", 200) or said("list-unsubscribe", 200) or said("list-post", 200),
        null_sender=envelope_from in {"", "<>"} if envelope_from is not None else path == b"<>",
        suppress=said("x-auto-response-suppress").lower() or said("x-autoreply") or said("x-autorespond"),
        loop=said("x-loop", 200),
        feedback=root.type == "multipart/report"
        and root.parameters.get("report-type", "").lower() == "feedback-report",
    )


def notices(root: Part) -> tuple[list[Notice], str]:
    """What a mail server reports on each recipient, and the Message-ID of the mail it speaks of."""
    found: list[Notice] = []
    message_id = ""
    for part in root.walk():
        if part.type == "message/delivery-status":
            found += recipients(text.clean(charsets.decode(part.data)))
        elif part.type in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}:
            message_id = message_id or first_id(head(part.data).get("message-id"))
    if found and not message_id:
        message_id = quoted_id(root)
    return found[:NOTICES_MAX], message_id


def recipients(said: str) -> list[Notice]:
    found = []
    for block in BLOCKS.split(said.replace("\r\n", "\n").strip()):
        fields = {name.lower(): " ".join(value.split()) for name, value in FIELD.findall(block)}
        to = fields.get("final-recipient") or fields.get("original-recipient")
        if to is None:
            continue
        status = STATUS.search(fields.get("status", ""))
        found.append(
            Notice(
                recipient=to.rpartition(";")[2].strip(" <>")[:320],
                action=fields.get("action", "").partition(" ")[0].lower()[:20],
                status=status.group() if status else "",
                diagnostic=fields.get("diagnostic-code", "")[:1000],
            )
        )
    return found


def quoted_id(root: Part) -> str:
    """Some servers return the headers of our mail as plain text."""
    for part in root.walk():
        if part.type == "text/plain" and (found := OUR_ID_LINE.search(part.data)):
            return found.group(1).decode("utf-8", "replace")
    return ""


def ids(value: bytes, limit: int = 100) -> list[str]:
    """Message-IDs with their brackets. Of many the last ones: they are the nearest."""
    return MESSAGE_ID.findall(headers.unfold(value).decode("utf-8", "replace"))[-limit:]


def first_id(value: bytes) -> str:
    found = ids(value)
    if found:
        return found[0]
    bare = headers.line(value, 250)
    return f"<{bare}>" if "@" in bare and " " not in bare and "<" not in bare else ""
