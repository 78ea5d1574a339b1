"""Calendar months, and where they begin and end in a time zone. Plain Python, told the time."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

#: The vendor's own calendar: reports over all partners are counted in it.
VENDORS_ZONE = ZoneInfo("Europe/Berlin")

WRITTEN = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class Month:
    """One month of the calendar, written `2026-10`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month | None":
        """None when the text is no month of this century."""
        match = WRITTEN.fullmatch(text)
        return cls(int(match[1]), int(match[2])) if match else None

    @classmethod
    def of(cls, moment: datetime, zone: ZoneInfo) -> "Month":
        """The month in which an aware moment falls on the calendars of `zone`."""
        local = moment.astimezone(zone)
        return cls(local.year, local.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def first_date(self) -> date:
        return date(self.year, self.number, 1)

    def plus(self, months: int) -> "Month":
        year, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, index + 1)

    def begins_at(self, zone: ZoneInfo) -> datetime:
        """Midnight of the first day. The month ends where the next one begins, which no longer belongs to it."""
        return datetime(self.year, self.number, 1, tzinfo=zone)


def last_full(now: datetime, zone: ZoneInfo) -> Month:
    return Month.of(now, zone).plus(-1)


def run_up(to: Month, count: int) -> list[Month]:
    """The `count` months that end with `to`, the oldest first."""
    return [to.plus(step) for step in range(1 - count, 1)]


def bounds(months: list[Month], zone: ZoneInfo) -> list[datetime]:
    """Where each of these successive months begins, and where the last one ends: one more than there are months."""
    return [month.begins_at(zone) for month in [*months, months[-1].plus(1)]]
