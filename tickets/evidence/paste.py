"""What somebody pasted, as rows of affected transactions: reports, logs, bounces, mail headers, job IDs.

`read` proposes and never refuses: what it cannot read it names by line. It looks at each line a bounded number of
times and at a bounded piece of it, so its time grows with the text and ends with the limits below.
"""

import re
from dataclasses import dataclass

from tickets.evidence import lines as log
from tickets.evidence.lines import Parts
from tickets.evidence.mails import Block, Mail, block_at
from tickets.evidence.rows import Row, from_fields
from tickets.evidence.tables import Table, fields

CHARACTERS_MAX = 5_000_000
LINES_MAX_COUNT = 60_000
LINE_CHARACTERS = 2_000
ROWS_MAX_COUNT = 50
#: So many line numbers are named; the rest is counted.
NAMED_LINES = 5
#: A shorter line outside a table identifies nothing.
LINE_CHARACTERS_MIN = 6
LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Reading:
    """Rows with every column of `columns.ALL`; the numbers of the first lines that say nothing (from 1), and how many
    there are; whether text was left unread because the limits were reached."""

    rows: list[Row]
    unread_lines: list[int]
    unread_count: int
    truncated: bool

    @property
    def unnamed_count(self) -> int:
        """How many of the lines that say nothing are counted only."""
        return self.unread_count - len(self.unread_lines)


def read(text: str) -> Reading:
    """Never raises. Text of any kind, as it was pasted."""
    reader = _Reader(text)
    reader.go()
    return Reading(reader.rows[:ROWS_MAX_COUNT], reader.unread, reader.unread_count, reader.truncated)


class _Reader:
    """Goes through the lines once. Each `_try` takes the lines it understands and says how many."""

    def __init__(self, text: str) -> None:
        lines = LINE_END.split(text[:CHARACTERS_MAX], LINES_MAX_COUNT)
        self.truncated = len(text) > CHARACTERS_MAX or len(lines) > LINES_MAX_COUNT
        self.lines = [line[:LINE_CHARACTERS] for line in lines[:LINES_MAX_COUNT]]
        self.rows: list[Row] = []
        self.unread: list[int] = []
        self.unread_count = 0
        self.table: Table | None = None
        self.mail: Mail | None = None
        self.queued: dict[str, tuple[Parts, str]] = {}
        self.told: set[str] = set()
        self.no_header_before = 0
        self.fields: list[tuple[str, str]] = []

    def go(self) -> None:
        at = 0
        while at < len(self.lines) and self._count() < ROWS_MAX_COUNT:
            at += self._short(at) or self._in_table(at) or self._block(at) or self._field(at) or self._line(at)
        self._end_fields()
        self._end_mail()
        self.rows += [log.as_row(*queued) for queue, queued in self.queued.items() if queue not in self.told]
        self.truncated |= any(self.lines[at:]) or len(self.rows) > ROWS_MAX_COUNT

    def _count(self) -> int:
        return len(self.rows) + (len(self.mail.recipients) + len(self.mail.said) if self.mail else 0)

    def _short(self, at: int) -> int:
        """A blank line ends a table; another short one is read in a table only."""
        line = self.lines[at]
        if len(line) >= LINE_CHARACTERS_MIN and not line.isspace():
            return 0
        if not line.strip():
            self.table = None
        elif self.table and self.table.delimiter in line:
            return 0
        elif not self.mail:
            self._unread(at)
        return 1

    def _in_table(self, at: int) -> int:
        if self.table:
            row, count = self.table.read(self.lines, at)
            if row:
                self.rows.append(row)
            elif len(self.lines[at]) < LINE_CHARACTERS_MIN:
                self._unread(at)
            return count if row else int(len(self.lines[at]) < LINE_CHARACTERS_MIN)
        self.table = None if self.mail else Table.under(self.lines[at])
        return 1 if self.table else 0

    def _block(self, at: int) -> int:
        block = None if self.table or at < self.no_header_before else block_at(self.lines, at)
        if block is None:
            return 0
        if block.is_mail:
            self._take(block)
            return len(block.lines)
        own = block.own_row() if self.mail is None and block.names_known >= 2 else None
        if own is None:
            self.no_header_before = at + len(block.lines)  # looked at as a whole, once
            return 0
        self.rows.append(own)
        return len(block.lines)

    def _take(self, block: Block) -> None:
        if self.mail is None or not self.mail.takes(block):
            self._end_mail()
            self.mail = Mail.begun_with(block)

    def _field(self, at: int) -> int:
        """Fields of an XML file make one row until one of them comes again."""
        found = fields(self.lines[at])
        for name, value in found:
            if any(name == other for other, _value in self.fields):
                self._end_fields()
            self.fields.append((name, value))
        return 1 if found else 0

    def _line(self, at: int) -> int:
        line = self.lines[at]
        found = log.parts(line)
        if self.mail:
            self._in_mail(found, line)
        elif found.is_row:
            self._add(found, line)
        elif not line.lstrip().startswith("<"):  # the frame of an XML file says nothing and hides nothing
            self._unread(at)
        return 1

    def _in_mail(self, found: Parts, line: str) -> None:
        """A mail's text is no evidence, except what a bounce says and log lines pasted under it."""
        if found.is_row and found.error and self.mail:
            if found.occurred:
                self._add(found, line)
            elif found.recipients and not self.mail.original:
                self.mail.said.append((found, line.strip()))

    def _add(self, found: Parts, line: str) -> None:
        """Mail servers write sender and recipient in two lines of one number: they become one row."""
        earlier = self.queued.get(found.queue) if found.queue else None
        if found.queue and found.senders and not found.recipients and not found.error:
            self.queued[found.queue] = (found, line)
            return
        if earlier and not found.senders:
            found.senders, line = earlier[0].senders, f"{earlier[1]}\n{line}"
        self.told.add(found.queue)
        self.rows.append(log.as_row(found, line))

    def _unread(self, at: int) -> None:
        self.unread_count += 1
        if len(self.unread) < NAMED_LINES:
            self.unread.append(at + 1)

    def _end_fields(self) -> None:
        row = from_fields(self.fields)
        self.fields = []
        if row:
            self.rows.append(row)

    def _end_mail(self) -> None:
        if self.mail:
            self.rows += self.mail.rows()
        self.mail = None
