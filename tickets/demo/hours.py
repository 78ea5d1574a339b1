"""When people write: on weekdays and by day for the most part, a little more with every month."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
DAYS = 425
#: How much is filed, from Monday to Sunday.
BY_WEEKDAY = (1.15, 1.05, 1.0, 0.95, 0.85, 0.16, 0.1)
#: The last month brings this many times the tickets of the first.
GROWTH = 1.9
BETWEEN_THE_YEARS = 0.3
#: Of these last days the table of the present tells most.
PRESENT_DAYS = 12
IN_THE_PRESENT = 0.35


def openings(rng: Random, until: datetime, count: int) -> list[datetime]:
    """Moments in the fourteen months before `until`, in UTC and in order."""
    days = [until.astimezone(ZONE).date() - timedelta(days=back) for back in range(DAYS, 0, -1)]
    weights = [_weight(rng, day, place) for place, day in enumerate(days)]
    found = [_moment(rng, day) for day in rng.choices(days, weights, k=count)]
    return sorted(min(moment, until).astimezone(UTC) for moment in found)


def _weight(rng: Random, day: date, place: int) -> float:
    quiet = BETWEEN_THE_YEARS if (day.month, day.day) >= (12, 23) or (day.month, day.day) <= (1, 5) else 1.0
    told = IN_THE_PRESENT if place > DAYS - PRESENT_DAYS else 1.0
    return BY_WEEKDAY[day.weekday()] * (1 + (GROWTH - 1) * place / DAYS) * quiet * told * rng.uniform(0.6, 1.4)


def _moment(rng: Random, day: date) -> datetime:
    """Mostly between half past seven and half past six with a bend at noon; one in ten at any hour."""
    if rng.random() < 0.1:
        hour = rng.uniform(0, 24)
    else:
        hour = rng.triangular(7.5, 13, 9.5) if rng.random() < 0.55 else rng.triangular(12.5, 18.5, 14.5)
    return datetime.combine(day, time(), ZONE) + timedelta(hours=hour, seconds=rng.randint(0, 59))


def in_hours(rng: Random, at: datetime, first: float, last: float, *, weekends: bool) -> datetime:
    """`at`, or when somebody is back at work: from `first` to `last` o'clock, on weekends only if they work then."""
    local = at.astimezone(ZONE)
    day = local.date()
    if local.hour + local.minute / 60 >= last:
        day += timedelta(days=1)
    while day.weekday() >= 5 and not weekends:
        day += timedelta(days=1)
    begin = datetime.combine(day, time(), ZONE) + timedelta(hours=first)
    return max(at, begin + timedelta(minutes=rng.uniform(2, 70))) if at < begin else at
