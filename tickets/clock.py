"""When an answer is due: pure functions, told the time. Targets are wall time, round the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tickets.status import RUNNING, Status


@dataclass(frozen=True)
class Target:
    """How fast a priority must be answered and settled, both counted from the opening."""

    respond_within: timedelta
    resolve_within: timedelta


@dataclass(frozen=True)
class Due:
    response_due_at: datetime
    resolution_due_at: datetime


def due(opened_at: datetime, target: Target, paused: timedelta = timedelta()) -> Due:
    """Both due moments. Time in which the ticket waited for the partner or was settled does not count."""
    start = opened_at + paused
    return Due(start + target.respond_within, start + target.resolve_within)


def next_due_at(status: Status, responded_at: datetime | None, dues: Due) -> datetime | None:
    """What the vendor owes next: the response, then the resolution; None while the clock stands."""
    if status not in RUNNING:
        return None
    return dues.resolution_due_at if responded_at else dues.response_due_at
