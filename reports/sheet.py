"""The report as rows of a table file: the same figures as the page, one a line."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _

from contacts.cells import Cell
from contacts.models import Partner
from reports.monthly import FIGURES, Report
from reports.months import Month

Row = tuple[Cell, ...]


def table(report: Report, partner: Partner | None) -> list[Row]:
    """A head and one line a figure: month, partner, section, row, figure, unit, value, value of the month before.

    Lengths of time are whole seconds. An empty cell is no data, which is not 0.
    """
    head = (_("Month"), _("Partner"), _("Section"), _("Row"), _("Figure"), _("Unit"), _("Value"), _("Month before"))
    who = partner.customer_id if partner else _("all")
    lines = [*_totals(report), *_lengths(report), *_shares(report), *_deflected(report), *_trend(report)]
    return [head, *((str(report.month), who, *line) for line in lines)]


def filename(partner: Partner | None, month: Month) -> str:
    """Of letters, digits and hyphens only."""
    return f"partnerdesk-report-{partner.customer_id if partner else 'all'}-{month}.csv"


def _label(figure: str) -> str:
    return str(FIGURES[figure].label)


def _totals(report: Report) -> Iterator[Row]:
    for name in ("opened", "answered", "answered_in_time", "settled", "settled_in_time", "open_at_end"):
        yield _("All"), "", _label(name), _("tickets"), getattr(report.this, name), getattr(report.before, name)
    now, before = report.attention, report.attention_before
    gaps, gaps_before = report.completeness, report.completeness_before
    complete = report.this.opened - gaps.incomplete, report.before.opened - gaps_before.incomplete
    yield _("All"), "", _label("complete"), _("tickets"), *complete
    yield _("All"), "", _label("asked_back"), _("times"), gaps.asked_back, gaps_before.asked_back
    solved = report.deflection
    yield _("All"), "", _label("solved_by_article"), _("forms"), solved.solved, solved.solved_before
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


def _deflected(report: Report) -> Iterator[Row]:
    solved = report.deflection
    for name, rows in (("by_article", solved.by_article), ("by_partner_solved", solved.by_partner)):
        for row in rows:
            yield _label(name), row.label, _("Shown"), _("forms"), row.shown, None
            yield _label(name), row.label, _("Solved"), _("forms"), row.solved, None
            yield _label(name), row.label, _("Not solved"), _("forms"), row.unsolved, None
            yield _label(name), row.label, _("Tickets after"), _("forms"), row.tickets, None


def _trend(report: Report) -> Iterator[Row]:
    for row in report.trend:
        for name in ("opened", "answered", "answered_in_time", "settled", "settled_in_time", "open_at_end"):
            yield _("Trend"), str(row.month), _label(name), _("tickets"), getattr(row, name), None
