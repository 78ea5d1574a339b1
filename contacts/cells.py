"""Rows as a table file that a spreadsheet opens with a double click, and never calculates."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from django.utils.translation import get_language

Cell = str | int | None

#: What makes a spreadsheet take a text for a formula, the full-width forms included.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would calculate gets an apostrophe in front, which makes it a text again."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell


def written(rows: Iterable[Sequence[Cell]]) -> str:
    """Texts in quotes, numbers bare, lines ended as RFC 4180 asks; no cell is a formula.

    It begins with a byte order mark, and is divided by semicolons for German readers: so a double click in the
    reader's Excel shows letters and columns as they are.
    """
    file = StringIO()
    file.write("\ufeff")
    german = (get_language() or "").startswith("de")
    writer = csv.writer(file, delimiter=";" if german else ",", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([["" if cell is None else harmless(cell) for cell in row] for row in rows])
    return file.getvalue()
