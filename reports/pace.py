"""How long it took: the first answer and the settlement, the middle one and the slowest but one in ten."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.figure import Figure
from reports.statement import Block

FIGURES = {
    "response": Figure(
        _("First answer"),
        _("From the opening to the first answer of Retarus, for tickets opened in the month and answered."),
    ),
    "resolution": Figure(
        _("Resolution"),
        _(
            "From the opening to the settlement, for tickets settled in the month, less the time in which they waited "
            "for the partner or had been settled before they were reopened."
        ),
    ),
    "median": Figure(
        _("Median"), _("Half of them took no longer than this; of an even number, the mean of the middle two.")
    ),
    "p90": Figure(
        _("90 percent"), _("Nine in ten took no longer than this, interpolated as spreadsheets do (PERCENTILE.INC).")
    ),
    "stood": Figure(
        _("Clock stood"),
        _(
            "How long the tickets settled in the month, all together, waited for the partner or had been settled "
            "before they were reopened."
        ),
    ),
}

PACE = Block(
    "pace",
    """
    SELECT 'response' AS step, opened_at >= %(start)s AS current,
           percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (
               ORDER BY extract(epoch FROM responded_at - opened_at)::float8) AS seconds,
           0 AS stood
    FROM visible WHERE opened_at >= %(before)s AND opened_at < %(end)s AND responded_at IS NOT NULL
    GROUP BY 2
    UNION ALL
    SELECT 'resolution', settled_at >= %(start)s,
           percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (
               ORDER BY extract(epoch FROM settled_at - opened_at - paused)::float8),
           extract(epoch FROM sum(paused))
    FROM visible WHERE settled_at >= %(before)s AND settled_at < %(end)s
    GROUP BY 2
    """,
)


@dataclass(frozen=True)
class Pace:
    """Whole seconds; None where nothing was answered or settled."""

    median: timedelta | None = None
    p90: timedelta | None = None
    stood: timedelta = timedelta()


def paces(rows: list[dict[str, Any]], step: str) -> tuple[Pace, Pace]:
    """The month's pace and that of the month before."""
    found = {row["current"]: _pace(row) for row in rows if row["step"] == step}
    return found.get(True, Pace()), found.get(False, Pace())


def _pace(row: dict[str, Any]) -> Pace:
    median, p90 = (timedelta(seconds=round(seconds)) for seconds in row["seconds"])
    return Pace(median, p90, timedelta(seconds=round(row["stood"])))
