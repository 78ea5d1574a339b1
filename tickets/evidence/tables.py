"""Rows with named columns: CSV and its relatives, and the fields of an XML file."""

import csv
import re
from collections.abc import Sequence

from tickets.evidence.rows import Row, from_fields, known

DELIMITERS = (";", "\t", ",", "|")
#: So many lines one quoted cell may run over.
LINES_OF_A_CELL = 10
CELLS_MAX_COUNT = 100
FIELD = re.compile(r"<(\w{2,30})>([^<>]{0,500})</(\w{2,30})>")


class Table:
    """A header row that was recognised; reads the rows under it."""

    def __init__(self, names: list[str], delimiter: str) -> None:
        self.names, self.delimiter = names, delimiter

    @classmethod
    def under(cls, line: str) -> "Table | None":
        """None when this line is no header: two different columns must be known by their names."""
        for delimiter in DELIMITERS:
            if delimiter in line:
                names = split(line, delimiter)
                if known(names) >= 2 and not any("@" in name or len(name) > 60 for name in names):
                    return cls(names, delimiter)
        return None

    def read(self, lines: Sequence[str], start: int) -> tuple[Row | None, int]:
        """The row that begins at `start`, and how many lines it takes; None when it does not fit the header.

        A cell too few shifts the others by one, so such a row is not guessed at.
        """
        if self.delimiter not in lines[start]:
            return None, 1
        count = self._lines(lines, start)
        text = "\n".join(lines[start : start + count])
        cells = split(text, self.delimiter) if text.count(self.delimiter) >= len(self.names) - 1 else []
        fits = len(cells) >= len(self.names) and not any(cells[len(self.names) :])
        return (from_fields(zip(self.names, cells, strict=False)) if fits else None), count

    def _lines(self, lines: Sequence[str], start: int) -> int:
        """A cell in quotes may hold line ends; a quote that is never closed belongs to its own line only."""
        quotes = 0
        for count, line in enumerate(lines[start : start + LINES_OF_A_CELL], 1):
            quotes += line.count('"')
            if quotes % 2 == 0:
                return count
        return 1


def split(text: str, delimiter: str) -> list[str]:
    """The cells of one row; empty when quotes and text are beyond reading."""
    try:
        cells = next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [cell.strip() for cell in cells] if len(cells) <= CELLS_MAX_COUNT else []


def fields(line: str) -> list[tuple[str, str]]:
    """`<JobID>17</JobID><Status>OK</Status>` as names and values."""
    return [(name, value) for name, value, end in FIELD.findall(line) if name == end] if "</" in line else []
