"""The report as rows of a table file: the same figures as the page, one a line."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.models import Partner
from reports.monthly import FIGURES, Report
from reports.months import Month

Cell = str | int | None
Row = tuple[Cell, ...]

#: What makes a spreadsheet take a text for a formula, the full-width forms included.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would calculate gets an apostrophe in front, which makes it a text again."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell


def table(report: Report, partner: Partner | None) -> list[Row]:
    """A head and one line a figure: month, partner, section, row, figure, unit, value, value of the month before.

    Lengths of time are whole seconds. An empty cell is no data, which is not 0.
    """
    head = (_("Month"), _("Partner"), _("Section"), _("Row"), _("Figure"), _("Unit"), _("Value"), _("Month before"))
    who = partner.customer_id if partner else _("all")
    lines = [*_totals(report), *_lengths(report), *_shares(report), *_trend(report)]
    return [head, *((str(report.month), who, *line) for line in lines)]


def written(rows: list[Row]) -> str:
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


def filename(partner: Partner | None, month: Month) -> str:
    """Of letters, digits and hyphens only."""
    return f"partnerdesk-report-{partner.customer_id if partner else 'all'}-{month}.csv"


def _label(figure: str) -> str:
    return str(FIGURES[figure].label)


def _totals(report: Report) -> Iterator[Row]:
    for name in ("opened", "answered", "answered_in_time", "settled", "settled_in_time", "open_at_end"):
        yield _("All"), "", _label(name), _("tickets"), getattr(report.this, name), getattr(report.before, name)
    now, before = report.attention, report.attention_before
    yield _("All"), "", _label("closed"), _("tickets"), now.closed, before.closed
    yield _("All"), "", _label("by_person"), _("times"), now.by_person, before.by_person
    if now.by_clock is not None:
        yield _("All"), "", _label("by_clock"), _("times"), now.by_clock, before.by_clock


def _lengths(report: Report) -> Iterator[Row]:
    pairs = {
        "response": (report.response, report.response_before),
        "resolution": (report.resolution, report.resolution_before),
    }
    for name, (now, before) in pairs.items():
        for figure in ("median", "p90"):
            values = _seconds(getattr(now, figure)), _seconds(getattr(before, figure))
            yield _label(name), "", _label(figure), _("seconds"), *values
    stood = _seconds(report.resolution.stood), _seconds(report.resolution_before.stood)
    yield _label("resolution"), "", _label("stood"), _("seconds"), *stood


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else round(length.total_seconds())


def _shares(report: Report) -> Iterator[Row]:
    for kind, rows in report.by.items():
        for row in rows:
            yield _label(kind), row.label, _label("opened"), _("tickets"), row.opened, row.opened_before
            yield _label(kind), row.label, _label("settled"), _("tickets"), row.settled, None
            yield _label(kind), row.label, _label("open_at_end"), _("tickets"), row.open_at_end, None


def _trend(report: Report) -> Iterator[Row]:
    for row in report.trend:
        for name in ("opened", "answered", "answered_in_time", "settled", "settled_in_time", "open_at_end"):
            yield _("Trend"), str(row.month), _label(name), _("tickets"), getattr(row, name), None
