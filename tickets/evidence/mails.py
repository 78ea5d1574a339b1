"""Mail headers and bounces: an .eml file, a delivery report (RFC 3464), or the part of one that somebody copied."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tickets.evidence.lines import Parts, addresses, as_row
from tickets.evidence.rows import Row, error_in, from_fields, known, row

HEADER = re.compile(r"([A-Za-z][A-Za-z0-9 _\-]{0,40}):(?:[ \t]+(.*)|)\Z", re.DOTALL)
LINES_OF_A_BLOCK = 300
DAEMONS = ("mailer-daemon@", "postmaster@", "mail-daemon@")
#: Headers by which a block is part of a mail and no list of somebody's own fields.
OF_A_MAIL = {
    "received", "return-path", "message-id", "mime-version", "subject", "delivered-to", "in-reply-to", "content-type",
    "x-failed-recipients", "x-postfix-sender", "received-from-mta", "reporting-mta", "arrival-date", "final-recipient",
    "original-recipient", "diagnostic-code",
}  # fmt: skip
OF_A_REPORT = {"reporting-mta", "arrival-date", "x-postfix-sender", "received-from-mta"}


@dataclass
class Block:
    """Headers that stand together. Names in small letters; the first of a name counts."""

    lines: list[str]
    pairs: list[tuple[str, str]]

    def __post_init__(self) -> None:
        self.headers = {name.lower(): value for name, value in reversed(self.pairs)}

    def __getitem__(self, name: str) -> str:
        return self.headers.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self.headers

    def address(self, *names: str) -> str:
        """The last address of the first of these headers that has one: a name may look like an address too."""
        found = (addresses(self[name]) for name in names)
        return next((pairs[-1][0] for pairs in found if pairs), "")

    @property
    def is_mail(self) -> bool:
        return not OF_A_MAIL.isdisjoint(self.headers) or ("from" in self and "to" in self and "date" in self)

    @property
    def is_recipient(self) -> bool:
        return "final-recipient" in self or "original-recipient" in self or "diagnostic-code" in self

    @property
    def is_report(self) -> bool:
        return not self.is_recipient and not OF_A_REPORT.isdisjoint(self.headers)

    @property
    def names_known(self) -> int:
        return known(name for name, _value in self.pairs)

    def own_row(self) -> Row | None:
        return from_fields(self.pairs)


def block_at(lines: Sequence[str], start: int) -> Block | None:
    """The headers that begin in this line, folded ones joined; None when it is no header."""
    if not HEADER.match(lines[start]):
        return None
    pairs: list[tuple[str, str]] = []
    end = start
    for line in lines[start : start + LINES_OF_A_BLOCK]:
        found = HEADER.match(line)
        if found:
            pairs.append((found[1], found[2] or ""))
        elif line[:1] in (" ", "\t") and line.strip() and pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {line.strip()}")
        else:
            break
        end += 1
    return Block(list(lines[start:end]), pairs)


@dataclass
class Mail:
    """One mail as it is gone through: its headers, what a bounce says in words, its report, the mail it was about."""

    outer: Block | None = None
    report: Block | None = None
    recipients: list[Block] = field(default_factory=list)
    said: list[tuple[Parts, str]] = field(default_factory=list)
    original: Block | None = None

    @classmethod
    def begun_with(cls, block: Block) -> "Mail":
        """Somebody may have copied the report alone."""
        mail = cls() if block.is_recipient or block.is_report else cls(outer=block)
        if mail.outer is None:
            mail.takes(block)
        return mail

    def takes(self, block: Block) -> bool:
        """Adds the block; False when it must be the beginning of another mail."""
        if block.is_recipient:
            self.recipients.append(block)
        elif block.is_report:
            if self.recipients:
                return False
            self.report = block
        elif "from" in block and not self._is_about(block):
            return False
        elif "from" in block:
            self.original = block
        return True

    def _is_about(self, block: Block) -> bool:
        """A bounce ends with the headers of the mail that did not arrive."""
        reported = self.recipients or self.said or self.is_bounce
        return bool(reported) and self.original is None and not is_daemon(block)

    @property
    def is_bounce(self) -> bool:
        return self.outer is not None and is_daemon(self.outer)

    def rows(self) -> list[Row]:
        """What came back for whom; without a bounce the mail itself."""
        if self.recipients:
            found = [self._reported(block) for block in self.recipients]
        elif self.said:
            found = [self._told(parts, line) for parts, line in self.said]
        else:
            found = self._plain()
        return [row for row in found if row["sender"] or row["recipient"]]

    def _reported(self, block: Block) -> Row:
        return row(
            occurred=self._moment(block),
            sender=self._sender(),
            recipient=block.address("final-recipient", "original-recipient") or (self._to() if self._lone() else ""),
            status=reported_status(block),
            log_extract="\n".join(block.lines),
        )

    def _told(self, found: Parts, line: str) -> Row:
        told = as_row(found, line)
        told |= {"occurred": told["occurred"] or self._moment(), "sender": told["sender"] or self._sender()}
        return row(**told)

    def _plain(self) -> list[Row]:
        """The headers as a row; a bounce that names nobody is about its original, if it has one."""
        block = self.original or self.outer
        if block is None or not block.address("from", "to"):
            return []
        if is_daemon(block):
            failed = block.address("x-failed-recipients")
            return [row(occurred=block["date"], sender=block.address("to"), recipient=failed)]
        return [
            row(
                occurred=block["date"],
                sender=block.address("from", "return-path"),
                recipient=block.address("to", "delivered-to"),
                log_extract="\n".join(_shown(block)),
            )
        ]

    def _moment(self, block: Block | None = None) -> str:
        own = block["last-attempt-date"] if block else ""
        arrived = self.report["arrival-date"] if self.report else ""
        return own or arrived or (self.outer["date"] if self.outer else "")

    def _sender(self) -> str:
        """Who sent what came back: the report or the original says it, else the bounce went to them."""
        named = self.report.address("x-postfix-sender") if self.report else ""
        original = self.original.address("from", "return-path") if self.original else ""
        return named or original or (self.outer.address("to", "delivered-to") if self.outer else "")

    def _to(self) -> str:
        return self.original.address("to") if self.original else ""

    def _lone(self) -> bool:
        return len(self.recipients) == 1


def is_daemon(block: Block) -> bool:
    return block.address("from").lower().startswith(DAEMONS) or block["return-path"].strip() == "<>"


def reported_status(block: Block) -> str:
    """`550 5.1.1 user unknown`: the other server's words, with the report's own code before them if they have none."""
    code, said = block["status"].strip(), block["diagnostic-code"].partition(";")
    words = (said[2] if said[1] else said[0]).strip()
    error = error_in(words) or words
    action = block["action"].strip()
    return error if code and code in error else f"{code or action} {error}".strip()


def _shown(block: Block) -> list[str]:
    """What helps to find the mail."""
    return [f"{name}: {value}" for name, value in block.pairs if name.lower() in ("subject", "message-id")]
