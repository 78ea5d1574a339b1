"""What does this mail say? Pure functions from bytes, without Django, so that they run where they can be killed.

structure  headers and the tree of parts       headers, people   values of headers
transfer   base64, quoted-printable, uuencode   charsets, text    bytes to text that is fit to keep
body       which parts are text, which files    plain, page       plain text, HTML
files      attachments and their names          reply             what is new, what was quoted
machines   automatic mail, delivery reports     verdict           what our server says of the sender
parsed     the result

`email` of the standard library does not take the mails apart: its modern policy is ten times slower than intake may be,
its old one leaves the decoding to us, and both take hours over mails that were made for it.
"""

import hashlib
from datetime import UTC, datetime
from email.utils import mktime_tz, parsedate_tz

from mailroom.reading import body, headers, machines, people, reply, structure, verdict
from mailroom.reading.files import Found
from mailroom.reading.parsed import Address, File, Parsed

SUBJECT_CHARACTERS = 500


def read(
    raw: bytes, *, servers: list[str] | None = None, envelope_from: str | None = None, careful: bool = False
) -> Parsed:
    """`servers`: names under which our own mail servers write Authentication-Results.

    `careful` for a mail that has killed a reader before: its HTML is stripped of markup and not understood.
    """
    root = structure.take_apart(raw)
    said = body.read(root, careful)
    hint = root.charset or next((part.charset for part in root.walk() if part.charset), "")
    from_ = people.read(root.get("from"), hint) or people.read(root.get("sender"), hint)
    sender = next((one for one in from_ if one.email), from_[0] if from_ else Address("", ""))
    notices, bounced = machines.notices(root)
    subject = headers.line(root.get("subject"), SUBJECT_CHARACTERS, hint)
    answers = bool(root.get("in-reply-to").strip() or root.get("references").strip())
    new = reply.cut(said.text, reply=reply.is_reply(subject, answers))
    return Parsed(
        sender=sender,
        reply_to=people.read(root.get("reply-to"), hint),
        to=[one for value in root.all("to") for one in people.read(value, hint)],
        cc=[one for value in root.all("cc") for one in people.read(value, hint)],
        subject=subject,
        sent_at=moment(root.get("date")),
        message_id=machines.first_id(root.get("message-id")),
        in_reply_to=machines.ids(root.get("in-reply-to")),
        references=machines.ids(root.get("references")),
        text=said.text,
        reply=new.text,
        cut=new.cut,
        has_html=said.has_html,
        tables=said.tables,
        files=[described(number, found) for number, found in enumerate(said.files)],
        automatic=machines.automatic(root, envelope_from),
        verdict=verdict.read(root, sender.email, servers or []),
        notices=notices,
        bounced_message_id=bounced,
    )


def contents(raw: bytes, *, careful: bool = False) -> list[Found]:
    """The attachments with their content, in the order of `Parsed.files`."""
    return body.read(structure.take_apart(raw), careful).files


def described(number: int, found: Found) -> File:
    digest = hashlib.sha256(found.data).hexdigest()
    return File(number, found.name, found.type, len(found.data), digest, found.cid, found.inline)


def moment(value: bytes) -> str:
    """The Date header as ISO 8601 in UTC; empty when nobody can read it."""
    try:
        parts = parsedate_tz(headers.line(value, 100))
        return datetime.fromtimestamp(mktime_tz(parts), UTC).isoformat() if parts else ""
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return ""
