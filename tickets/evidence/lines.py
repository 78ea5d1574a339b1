"""Log lines: a moment, addresses, numbers and what went wrong, wherever they stand in the line.

Every search here looks at a bounded piece of text from a bounded number of places, so a line costs what it is long.
"""

import re
from dataclasses import dataclass, field

from tickets.evidence.rows import Row, error_in, row

#: A timestamp stands at the front of a line.
FRONT_CHARACTERS = 200
ADDRESSES_MAX_COUNT = 20
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
OFFSET = r"(?: ?(?:Z|(?:UTC|GMT) ?[+\-]\d{1,2}(?::?\d{2})?|[+\-]\d{2}:?\d{2}|UTC|GMT|CES?T|MES?Z)(?!\w))?"
MOMENT = re.compile(
    rf"(?<!\d)(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}[T ]{CLOCK}{OFFSET}"
    rf"|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}(?: - |, |[ T]){CLOCK}{OFFSET}"
    rf"|\d{{1,2}} {MONTH} \d{{4}} {CLOCK}{OFFSET}"
    rf"|\d{{1,2}}/{MONTH}/\d{{4}}:{CLOCK}{OFFSET}"
    rf"|(?<!\w){MONTH} [ \d]\d {CLOCK})"
)
LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~\-]{1,64}\Z")
DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,251}[A-Za-z0-9])?")
#: `from=<a@b>`: the key belongs to the address, not to its front.
KEYS = re.compile(r"(?P<key>[A-Za-z_ \-]{1,16})(?:=|: ?)[<\"']{0,2}\Z")
#: Exim's arrows: arrived, delivered (also as a copy), deferred, failed.
ARROWS = re.compile(r"(?P<arrow><=|=>|->|==|\*\*) <?\Z")
SENDERS = {"from", "sender", "f", "mail from", "envelope-from", "return-path", "<="}
RECIPIENTS = {"to", "recipient", "rcpt", "t", "rcpt to", "envelope-to", "=>", "->", "==", "**"}
ORIGINAL = {"orig_to", "message-id", "msgid", "id"}
#: SMS jobs: "J." and 18 to 38 characters, in the vendor's interface description.
JOB = re.compile(r"(?<![\w.])J\.[A-Za-z0-9_\-]{18,38}(?![\w\-])")
PHONE = re.compile(r"(?<![\w+])\+\d{7,15}(?!\d)")
RESULT = re.compile(
    r"\b(?:SUC_ACC|SUC_FIN|INVALID_DST|BLOCKED|TIMEOUT|CON_ERR|FAILED_FIN|NOT_ACC_FIN|SEND_ERR|STATUS_ERR"
    r"|HARD_BOUNCE|SOFT_BOUNCE|INVALID_ADDRESS|FORBIDDEN_RECIPIENT|PROCESSING_FAILED|PREVIOUSLY_BOUNCED"
    r"|SUPPRESSED|VALIDATION_ERROR|DELIVERED|BOUNCED|DROPPED)\b"
)
#: By this name a mail server's lines belong together: Postfix, then Exim.
QUEUE = re.compile(r"\]: ([0-9A-Za-z]{6,20}): |(?<= )(\w{6}-\w{6,11}-\w{2,4}) ")


@dataclass
class Parts:
    """What one line holds."""

    occurred: str = ""
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    error: str = ""
    job_id: str = ""
    phones: list[str] = field(default_factory=list)
    queue: str = ""

    @property
    def is_row(self) -> bool:
        whom = self.senders or self.recipients
        return bool(self.job_id or (whom and (self.occurred or self.error)))


def moment_in(text: str) -> str:
    found = MOMENT.search(text[:FRONT_CHARACTERS])
    return found.group().strip() if found else ""


def job_in(text: str) -> str:
    found = JOB.search(text) if "J." in text else None
    return found.group() if found else ""


def addresses(text: str) -> list[tuple[str, str]]:
    """The addresses in `text` in their order, each once, with the word or arrow before it ("" for none)."""
    found: dict[str, str] = {}
    at = text.find("@")
    for _count in range(ADDRESSES_MAX_COUNT):
        if at < 0:
            break
        local = LOCAL.search(text, max(0, at - 64), at)
        domain = DOMAIN.match(text, at + 1)
        if local and domain:
            start = _start(text, local.start(), at)
            key = _key(text[max(0, start - 24) : start])
            if start < at and key not in ORIGINAL:
                found.setdefault(text[start : domain.end()], key)
        at = text.find("@", at + 1)
    return list(found.items())


def _start(text: str, start: int, at: int) -> int:
    """`to=a@b` is a key and a value, `<bounce-a=b@c>` an address."""
    key, equals, _rest = text[start:at].partition("=")
    named = equals and text[start - 1 : start] not in ("<", '"') and key.replace("_", "").replace("-", "").isalpha()
    return start + len(key) + 1 if named else start


def _key(before: str) -> str:
    found = ARROWS.search(before) or KEYS.search(before)
    if not found:
        return ""
    words = found.group("arrow" if "arrow" in found.groupdict() else "key").strip().lower()
    return words if words in ("mail from", "rcpt to") or words in SENDERS else words.rpartition(" ")[2]


def parts(line: str) -> Parts:
    """What a log line says; addresses without a word before them are sender and recipient, a lone one the recipient."""
    found = addresses(line) if "@" in line else []
    senders = [address for address, key in found if key in SENDERS]
    recipients = [address for address, key in found if key in RECIPIENTS]
    if not recipients:
        bare = [address for address, key in found if key not in SENDERS]
        senders, recipients = (senders or bare[:1], bare[1:2]) if len(bare) > 1 and not senders else (senders, bare[:1])
    queue = QUEUE.search(line[: FRONT_CHARACTERS * 2])
    job = job_in(line)
    return Parts(
        occurred=moment_in(line),
        senders=senders,
        recipients=recipients,
        error=error_in(line) or result_in(line),
        job_id=job,
        phones=PHONE.findall(line)[:2] if job and "+" in line else [],
        queue=next(filter(None, queue.groups()), "") if queue else "",
    )


def result_in(line: str) -> str:
    found = RESULT.findall(line) if "_" in line or "ED" in line or "TIMEOUT" in line else []
    return " · ".join(dict.fromkeys(found[:5]))


def as_row(found: Parts, line: str) -> Row:
    numbers = ["", *found.phones] if len(found.phones) == 1 else [*found.phones, "", ""]
    return row(
        occurred=found.occurred,
        job_id=found.job_id,
        sender=found.senders[0] if found.senders else "",
        recipient=found.recipients[0] if found.recipients else "",
        sending_account=numbers[0],
        termination_address=numbers[1],
        status=found.error,
        log_extract=line if line.strip() != found.job_id else "",
    )
