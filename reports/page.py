"""What the report's page shows beside the story: four cards, every figure with its definition, three charts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import charts, words
from reports.charts import Chart, Frame, Series
from reports.figure import Figure
from reports.flow import MonthRow
from reports.monthly import FIGURES, Report
from reports.pace import Pace

NOTHING = "–"


@dataclass(frozen=True)
class Card:
    """One of the four figures on top. `spark` is its trend, drawn small; `trend` says it in words."""

    figure: Figure
    value: str
    notes: tuple[str, ...]
    trend: str
    spark: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One figure, this month and the month before. `behind` names the list of its tickets; empty when there is none."""

    figure: Figure
    value: str
    before: str
    behind: str = ""


def cards(report: Report) -> list[Card]:
    this, before = report.this, report.before
    return [
        _card(report, "opened", words.count(this.opened), (_change(this.opened, before),), lambda row: row.opened),
        _card(report, "response", _length(report.response.median), _pace(report, "response"), _answered_share),
        _card(report, "resolution", _length(report.resolution.median), _pace(report, "resolution"), _settled_share),
        _card(
            report,
            "open_at_end",
            words.count(this.open_at_end),
            (_change(this.open_at_end, before, opened=False),),
            lambda row: row.open_at_end,
        ),
    ]


def _answered_share(row: MonthRow) -> int | None:
    return row.response_share


def _settled_share(row: MonthRow) -> int | None:
    return row.resolution_share


def _card(report: Report, name: str, value: str, notes: Sequence[str], trend: Callable[[MonthRow], int | None]) -> Card:
    figure = FIGURES[name]
    values = [trend(row) for row in report.trend]
    unit = " %" if name in ("response", "resolution") else ""
    told = ", ".join(NOTHING if each is None else f"{each}{unit}" for each in values)
    title = _("Within target, twelve months: %s") if unit else _("Twelve months: %s")
    return Card(figure, value, tuple(notes), title % told, charts.spark(values))


def _change(number: int, before: MonthRow, *, opened: bool = True) -> str:
    earlier = before.opened if opened else before.open_at_end
    return _("%(n)s in %(month)s") % {"n": words.count(earlier), "month": words.month(before.month)}


def _pace(report: Report, name: str) -> tuple[str, ...]:
    this = report.this
    response = name == "response"
    pace = report.response if response else report.resolution
    whole = this.answered if response else this.settled
    part = this.answered_in_time if response else this.settled_in_time
    if pace.p90 is None:
        return (_("Nothing answered yet") if response else _("Nothing settled"),)
    share = this.response_share if response else this.resolution_share
    values = {"part": words.count(part), "whole": words.count(whole), "share": share}
    return (
        _("90 percent within %s") % words.length(pace.p90),
        ngettext(
            "%(part)s of %(whole)s within target (%(share)s %%)",
            "%(part)s of %(whole)s within target (%(share)s %%)",
            whole,
        )
        % values,
    )


def rows(report: Report) -> list[Row]:
    """Every figure that is not divided or drawn."""
    this, before, now, earlier = report.this, report.before, report.attention, report.attention_before
    found = [
        _counted(name, getattr(this, name), getattr(before, name))
        for name in ("opened", "answered", "answered_in_time", "settled", "settled_in_time", "open_at_end")
    ]
    gaps, gaps_before = report.completeness, report.completeness_before
    found.append(_counted("complete", this.opened - gaps.incomplete, before.opened - gaps_before.incomplete))
    found.append(_counted("asked_back", gaps.asked_back, gaps_before.asked_back))
    solved = report.deflection
    found.append(Row(FIGURES["solved_by_article"], words.count(solved.solved), words.count(solved.solved_before)))
    found.append(_counted("closed", now.closed, earlier.closed))
    found.append(_counted("by_person", now.by_person, earlier.by_person))
    if now.by_clock is not None:
        found.append(_counted("by_clock", now.by_clock, earlier.by_clock or 0))
    found += _lengths("response", report.response, report.response_before)
    found += _lengths("resolution", report.resolution, report.resolution_before)
    stood = words.length(report.resolution.stood), words.length(report.resolution_before.stood)
    return [*found, Row(FIGURES["stood"], *stood)]


def _counted(name: str, value: int, before: int) -> Row:
    return Row(FIGURES[name], words.count(value), words.count(before), name if value else "")


def _lengths(name: str, now: Pace, before: Pace) -> list[Row]:
    figures = {"median": (now.median, before.median), "p90": (now.p90, before.p90)}
    return [
        Row(_joined(name, figure), _length(value), _length(earlier)) for figure, (value, earlier) in figures.items()
    ]


def _joined(name: str, measure: str) -> Figure:
    """A measure of a length of time is defined by both: from when to when, and which one of many."""
    what, which = FIGURES[name], FIGURES[measure]
    return Figure(f"{what.label}: {which.label}", f"{what.definition} {which.definition}")


def _length(time: timedelta | None) -> str:
    return NOTHING if time is None else words.length(time)


def drawings(report: Report) -> list[Chart]:
    months = [words.month_briefly(row.month) for row in report.trend]
    first, last = words.month(report.trend[0].month), words.month(report.month)
    told = _("From %(first)s to %(last)s. The table below the charts holds the values.") % {
        "first": first,
        "last": last,
    }
    flow = Frame("flow", _("Opened and settled, month by month"), told, _("Tickets"), months)
    left = Frame("open", _("Open at the end of each month"), told, _("Tickets"), months)
    target = Frame("target", _("Within target, month by month"), told, _("Percent"), months)
    opened = Series(str(FIGURES["opened"].label), [row.opened for row in report.trend])
    settled = Series(str(FIGURES["settled"].label), [row.settled for row in report.trend])
    response = Series(_("First answer"), [row.response_share for row in report.trend])
    resolution = Series(_("Resolution"), [row.resolution_share for row in report.trend])
    return [
        charts.lines(flow, [opened, settled]),
        charts.columns(left, [row.open_at_end for row in report.trend]),
        charts.lines(target, [response, resolution], highest=100),
    ]
