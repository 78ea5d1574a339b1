"""Moments as people and logs write them, above all the way the guide's template does: 27.08.2019 - 11:00 UTC+2."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

DAY_FIRST = r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})"
YEAR_FIRST = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s*(?:Uhr|h))?"
ZONE = r"(?P<zone>Z|(?:UTC|GMT)?\s*[+\-−]\s*\d{1,2}(?::?\d{2})?|UTC|GMT|CEST|CET|MESZ|MEZ)?"
#: Mail headers and web logs name the month: `Tue, 27 Aug 2019 11:00:00 +0200 (CEST)`, `27/Aug/2019:11:00:00 +0200`.
MONTH_NAMED = r"(?:[A-Z]{3},\s*)?(?P<day>\d{1,2})[ /](?P<name>[A-Z]{3})[ /](?P<year>\d{4})"
FORMS = [
    re.compile(rf"{date}(?:\s*-\s*|\s*,\s*|\s+|T){TIME}\s*{ZONE}", re.IGNORECASE) for date in (DAY_FIRST, YEAR_FIRST)
] + [re.compile(rf"{MONTH_NAMED}(?:\s+|:){TIME}\s*{ZONE}(?:\s*\([A-Z]{{1,5}}\))?", re.IGNORECASE)]
#: The system log leaves the year out: `Aug 27 11:00:00`.
NO_YEAR = re.compile(rf"(?P<name>[A-Z]{{3}})\s+(?P<day>\d{{1,2}})\s+{TIME}", re.IGNORECASE)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMED = {"z": 0, "utc": 0, "gmt": 0, "cet": 60, "mez": 60, "cest": 120, "mesz": 120}


@dataclass(frozen=True)
class Moment:
    """A point in time as UTC, with the offset from UTC in minutes in which it was written."""

    at: datetime
    offset_minutes: int

    def as_written(self) -> str:
        """`27.08.2019 - 11:00 UTC+2`, the guide's own form."""
        return as_written(self.at, self.offset_minutes)


def parse(text: str, zone: str, *, now: datetime | None = None) -> Moment:
    """Read a moment; without a zone in the text it is meant in `zone` (an IANA name). ValueError when unreadable.

    With `now`, a log's timestamp without a year is read too: the latest such moment that has been.
    """
    text = text.strip()
    found = next((match for form in FORMS if (match := form.fullmatch(text))), None)
    if found:
        return _moment(found.groupdict(), zone)
    short = NO_YEAR.fullmatch(text) if now else None
    if short is None or now is None:
        raise ValueError(f"not a moment: {text[:50]!r}")
    moment = _moment({**short.groupdict(), "year": str(now.year)}, zone)
    return moment if moment.at <= now else _moment({**short.groupdict(), "year": str(now.year - 1)}, zone)


def _moment(parts: dict[str, str | None], zone: str) -> Moment:
    name = parts.get("name")
    month = MONTHS.index(name.lower()) + 1 if name else int(parts["month"] or 0)
    numbers = {part: int(parts[part] or 0) for part in ("year", "day", "hour", "minute")}
    written = datetime(**numbers, month=month, tzinfo=_zone(parts.get("zone"), zone))
    offset = written.utcoffset() or timedelta()
    return Moment(written.astimezone(UTC), int(offset.total_seconds() // 60))


def _zone(text: str | None, default: str) -> tzinfo:
    if not text:
        return ZoneInfo(default)
    text = re.sub(r"\s", "", text.lower()).replace("−", "-")
    if text in NAMED:
        return timezone(timedelta(minutes=NAMED[text]))
    sign, digits = text.removeprefix("utc").removeprefix("gmt")[0], re.sub(r"\D", "", text)
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 14 or minutes > 59:
        raise ValueError(f"no such offset from UTC: {text!r}")
    return timezone((-1 if sign == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def as_written(at: datetime, offset_minutes: int) -> str:
    hours, minutes = divmod(abs(offset_minutes), 60)
    sign = "-" if offset_minutes < 0 else "+"
    suffix = f"{sign}{hours}" + (f":{minutes:02}" if minutes else "") if offset_minutes else ""
    return f"{at.astimezone(timezone(timedelta(minutes=offset_minutes))):%d.%m.%Y - %H:%M} UTC{suffix}"
