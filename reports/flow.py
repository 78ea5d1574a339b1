"""Tickets in and out, month by month: opened, answered, settled, open at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.figure import Figure
from reports.months import Month
from reports.statement import Block

FIGURES = {
    "opened": Figure(_("Opened"), _("Tickets opened in the month, whatever became of them later.")),
    "answered": Figure(
        _("Answered"), _("Of the tickets opened in the month: those that Retarus has answered, in this month or later.")
    ),
    "answered_in_time": Figure(
        _("Answered within target"),
        _(
            "Of the answered ones: those answered no later than the target of their priority allows. Time in which the "
            "ticket waited for the partner before the answer does not count."
        ),
    ),
    "settled": Figure(
        _("Settled"),
        _(
            "Tickets resolved in the month, or closed without having been resolved, whenever they were opened. A "
            "ticket that was reopened counts in the month in which it was settled for good."
        ),
    ),
    "settled_in_time": Figure(
        _("Settled within target"),
        _(
            "Of the settled ones: those settled no later than the target of their priority allows. Time in which the "
            "ticket waited for the partner, or had been settled before it was reopened, does not count."
        ),
    ),
    "open_at_end": Figure(
        _("Open at month end"),
        _(
            "Tickets opened before the end of the month, in whatever month, and not settled by then. A ticket that was "
            "reopened later counts as open for the whole time."
        ),
    ),
}

# Every ticket that matters to one of the months is settled in or after the first of them, or not settled yet: one
# range of the index by settlement. It is counted once by the month it came in and the month it went out (0 is
# earlier than the first month; one past the last, and two past for open tickets, is later), then summed up.
FLOW = Block(
    "flow",
    """
    WITH crossing AS (
        SELECT width_bucket(opened_at, %(bounds)s) AS came,
               coalesce(width_bucket(settled_at, %(bounds)s), array_length(%(bounds)s, 1) + 1) AS went,
               count(*) AS tickets,
               count(responded_at) AS answered,
               count(*) FILTER (WHERE responded_at <= response_due_at) AS answered_in_time,
               count(*) FILTER (WHERE settled_at <= resolution_due_at) AS settled_in_time
        FROM (SELECT * FROM visible WHERE settled_at >= %(first)s
              UNION ALL
              SELECT * FROM visible WHERE settled_at IS NULL AND opened_at < %(end)s) touched
        GROUP BY 1, 2
    )
    SELECT month,
           coalesce(sum(tickets) FILTER (WHERE came = month), 0) AS opened,
           coalesce(sum(answered) FILTER (WHERE came = month), 0) AS answered,
           coalesce(sum(answered_in_time) FILTER (WHERE came = month), 0) AS answered_in_time,
           coalesce(sum(tickets) FILTER (WHERE went = month), 0) AS settled,
           coalesce(sum(settled_in_time) FILTER (WHERE went = month), 0) AS settled_in_time,
           coalesce(sum(tickets) FILTER (WHERE came <= month AND went > month), 0) AS open_at_end
    FROM generate_series(1, array_length(%(bounds)s, 1) - 1) month
    LEFT JOIN crossing ON came <= month
    GROUP BY month
    """,
)


@dataclass(frozen=True)
class MonthRow:
    """One month's tickets; the definitions stand above."""

    month: Month
    opened: int = 0
    answered: int = 0
    answered_in_time: int = 0
    settled: int = 0
    settled_in_time: int = 0
    open_at_end: int = 0

    @property
    def response_share(self) -> int | None:
        """Percent answered within target, None when nothing was answered."""
        return percent(self.answered_in_time, self.answered)

    @property
    def resolution_share(self) -> int | None:
        """Percent settled within target, None when nothing was settled."""
        return percent(self.settled_in_time, self.settled)

    @property
    def is_empty(self) -> bool:
        return not (self.opened or self.settled or self.open_at_end)


def percent(part: int, whole: int) -> int | None:
    """Whole percent, rounded down, so that only all of them are 100. None for a part of nothing: no data is not 0."""
    return part * 100 // whole if whole else None


def trend(months: Sequence[Month], rows: list[dict[str, Any]]) -> tuple[MonthRow, ...]:
    """One row for each month, zeros where the database had none."""
    found = {row.pop("month"): row for row in rows}
    return tuple(MonthRow(month, **found.get(place, {})) for place, month in enumerate(months, 1))
