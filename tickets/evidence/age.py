"""How long the platform keeps what evidence points to, and what it keeps no more. Pure, told the time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tickets import moments

#: By service code. Quarantine: 30 days by default; user data reports and Trace & Recover: 45; the SMS job list: 30.
#: The vendor's public pages name no period for fax and EDI.
KEPT: Mapping[str, timedelta] = {
    "email-security": timedelta(days=30),
    "transactional-email": timedelta(days=45),
    "sms": timedelta(days=30),
}
#: Evidence that will be gone so soon after the opening is worth a word: an answer usually takes this long.
USUAL_ANSWER = timedelta(days=1)


@dataclass(frozen=True)
class Ageing:
    """What one service keeps no more, or only until the usual answer. Rows are counted from 1."""

    service: str
    days: int
    gone: tuple[int, ...]
    going: tuple[int, ...]


def ageing(occurred: Sequence[str], services: Collection[str], *, now: datetime, zone: str) -> list[Ageing]:
    """One entry for each of these services that lost, or is about to lose, one of these timestamps.

    Timestamps are as they stand in the rows, meant in `zone` (an IANA name) where they name none. What cannot be read
    is not warned about.
    """
    ages = {number: age for number, text in enumerate(occurred, 1) if (age := _age(text, now, zone)) is not None}
    found = []
    for service in [code for code in KEPT if code in services]:
        kept = KEPT[service]
        gone = tuple(number for number, age in ages.items() if age > kept)
        going = tuple(number for number, age in ages.items() if kept - USUAL_ANSWER < age <= kept)
        if gone or going:
            found.append(Ageing(service, kept.days, gone, going))
    return found


def _age(text: str, now: datetime, zone: str) -> timedelta | None:
    try:
        return now - moments.parse(text, zone, now=now).at
    except (ValueError, OverflowError):
        return None
