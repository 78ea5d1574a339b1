"""Whether support could start at once: what was complete at opening, and how often it had to ask back (guide, 5)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.figure import Figure
from reports.statement import Block

FIGURES = {
    "complete": Figure(
        _("Complete at opening"),
        _(
            "Of the tickets opened in the month: those whose first submission left out nothing that the matrix of "
            "requirements calls necessary. The portal's form takes no others; a mail may leave something out."
        ),
    ),
    "asked_back": Figure(
        _("Asked back"),
        _(
            "How often in the month Retarus had to ask for something that should have been there at the opening, "
            "whenever the ticket was opened. Other questions do not count."
        ),
    ),
}

# Tickets that were not complete are few and have an index of their own.
COMPLETENESS = Block(
    "completeness",
    """
    SELECT 'incomplete' AS what, opened_at >= %(start)s AS current, count(*) AS times
    FROM visible WHERE NOT missing_at_opening = '{}' AND opened_at >= %(before)s AND opened_at < %(end)s GROUP BY 2
    UNION ALL
    SELECT 'asked_back', at >= %(start)s, count(*)
    FROM asked WHERE at >= %(before)s AND at < %(end)s GROUP BY 2
    """,
)


@dataclass(frozen=True)
class Completeness:
    incomplete: int = 0
    asked_back: int = 0


def completeness(rows: list[dict[str, Any]]) -> tuple[Completeness, Completeness]:
    """The month's, and that of the month before."""
    return _of(rows, True), _of(rows, False)


def _of(rows: list[dict[str, Any]], current: bool) -> Completeness:
    return Completeness(**{row["what"]: row["times"] for row in rows if row["current"] == current})
