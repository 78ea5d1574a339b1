"""What was closed and what was escalated."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.figure import Figure
from reports.statement import Block

FIGURES = {
    "closed": Figure(
        _("Closed"), _("Tickets closed in the month and not reopened since, whenever they were resolved.")
    ),
    "by_person": Figure(
        _("Escalated by a person"), _("How often a contact or an agent asked for more attention in the month.")
    ),
    "by_clock": Figure(
        _("Escalated by the clock"),
        _("How often in the month a due moment passed without an answer or a settlement, so that the leads were told."),
    ),
}

ATTENTION = Block(
    "attention",
    """
    SELECT 'closed' AS what, closed_at >= %(start)s AS current, count(*) AS times
    FROM visible WHERE closed_at >= %(before)s AND closed_at < %(end)s GROUP BY 2
    UNION ALL
    SELECT CASE step WHEN 'person' THEN 'by_person' ELSE 'by_clock' END, created_at >= %(start)s, count(*)
    FROM escalated WHERE created_at >= %(before)s AND created_at < %(end)s GROUP BY 1, 2
    """,
)


@dataclass(frozen=True)
class Attention:
    """`by_clock` is the vendor's affair and None for everybody else."""

    closed: int
    by_person: int
    by_clock: int | None

    @property
    def is_empty(self) -> bool:
        return not (self.closed or self.by_person or self.by_clock)


def attention(rows: list[dict[str, Any]], *, clock_shown: bool) -> tuple[Attention, Attention]:
    """The month's, and that of the month before."""
    return _attention(rows, True, clock_shown), _attention(rows, False, clock_shown)


def _attention(rows: list[dict[str, Any]], current: bool, clock_shown: bool) -> Attention:
    found = {row["what"]: row["times"] for row in rows if row["current"] == current}
    return Attention(
        closed=found.get("closed", 0),
        by_person=found.get("by_person", 0),
        by_clock=found.get("by_clock", 0) if clock_shown else None,
    )
