"""The tickets of today, by a table, so that every queue holds something whenever the demo is loaded.

Times are minutes before now. A turn is a method of `Teller`; `expect` also names how many minutes ahead the remedy is
promised for. Of what is overdue the clock has noticed all but two tickets, which the first sweep finds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contacts.demo import People
from contacts.models import Contact, Tenant
from tickets.demo.teller import Teller
from tickets.priority import Impact, Urgency

HOUR = 60
DAY = 24 * HOUR


@dataclass(frozen=True)
class Scene:
    """`by` and `tenants` name attributes of the cast."""

    opened: int
    of: str
    by: str
    tenants: str
    language: str
    level: tuple[str, str]
    turns: str = ""
    holder: str = "agent"
    noticed: bool = True

    def opener(self, people: People) -> Contact:
        partner, person = self.by.split(".")
        found: Contact = getattr(getattr(people, partner), person)
        return found

    def affected(self, people: People) -> Sequence[Tenant]:
        partner = getattr(people, self.by.split(".")[0])
        return [getattr(partner, name) for name in self.tenants.split()]

    @property
    def impact_and_urgency(self) -> tuple[Impact, Urgency]:
        return Impact(self.level[0]), Urgency(self.level[1])


P1, P2, P3, P3_LOW, P4 = ("high", "high"), ("medium", "high"), ("medium", "medium"), ("low", "high"), ("low", "low")
ALPINE_BOTH = "bergbahn hotels"

NEW = (
    Scene(6, "edi/order-missing", "nordwind.l2", "retail", "en", P3),
    Scene(25, "email-security/false-positive", "alpine.l2", ALPINE_BOTH, "de", P2),
    Scene(160, "transactional-email/daily-report", "alpine.admin", "hotels", "en", P4),
    Scene(215, "transactional-email/webhook", "alpine.l2", "hotels", "en", P3, "190 hand_out"),
    Scene(300, "email-security/false-negative", "alpine.l1", "bergbahn", "de", P3),
    Scene(484, "email-security/no-external-mail", "nordwind.l2", "shipping", "en", P3_LOW, noticed=False),
)

WITH_THE_VENDOR = (
    Scene(
        110, "email-security/delay", "alpine.l2", ALPINE_BOTH, "en", P1,
        "106 hand_out, 103 receive, 97 note, 84 press, 77 soothe, 76 expect 105, 61 update, 32 escalate, 27 take_over, "
        "11 update",
    ),
    Scene(
        665, "transactional-email/soft-bounces", "alpine.l2", "hotels", "de", P2,
        "655 take, 640 ask_on, 590 answer, 560 note, 520 update, 430 press, 415 soothe, 413 expect 480, 300 update, "
        "190 press, 170 update, 75 press, 62 update",
    ),
    Scene(
        1446, "sms/codes-late", "nordwind.l2", "insurance", "en", P2,
        "1440 take, 1405 receive, 1290 note, 1100 update, 640 press, 610 soothe", noticed=False,
    ),
    Scene(
        3180, "transactional-email/limit-exceeded", "alpine.l2", "hotels", "en", P3,
        "3120 take, 3060 ask_on, 2900 answer, 2870 expect 2400, 1500 update, 150 press, 72 escalate", holder="lead",
    ),
    Scene(95, "email-security/delay", "nordwind.l2", "retail", "en", P3_LOW, "80 take, 70 receive"),
    Scene(
        1560, "email-security/digest", "alpine.l1", "bergbahn", "de", P4,
        "1300 take, 1290 receive, 1280 expect 2400",
    ),
    Scene(
        3000, "transactional-email/dedicated-ip", "nordwind.l2", "shipping", "en", P3,
        "2900 hand_out, 2880 ask, 1700 answer, 1650 expect 3000", holder="lead",
    ),
    Scene(
        4 * DAY, "cloud-fax/pages-missing", "alpine.admin", "hotels", "de", ("low", "medium"),
        "5600 take, 5580 ask, 3000 answer, 2950 note, 1500 update",
    ),
    Scene(
        20 * HOUR, "email-security/new-domain", "alpine.admin", "hotels", "de", P3,
        "1130 take, 1110 ask_on, 300 answer",
    ),
    Scene(
        30 * HOUR, "edi/duplicate-invoice", "nordwind.l2", "retail", "en", P3,
        "1700 take, 1680 ask_on, 1500 answer, 1470 note, 400 update, 45 press",
    ),
    Scene(
        5 * DAY, "sms/invalid-destination", "alpine.l2", "bergbahn", "en", P3,
        "7100 take, 7080 ask, 5900 answer, 4200 resolve, 205 reopen",
    ),
)  # fmt: skip

WITH_THE_PARTNER = (
    Scene(5 * HOUR, "email-security/no-external-mail", "alpine.l1", "bergbahn", "de", P3, "170 take, 125 ask"),
    Scene(26 * HOUR, "email-security/false-positive", "nordwind.l2", "insurance", "en", P3, "1500 take, 1440 ask"),
    Scene(3 * DAY, "sms/sender-name", "alpine.l2", "hotels", "de", ("low", "medium"), "4200 hand_out, 4100 ask"),
    Scene(6 * DAY, "cloud-fax/new-numbers", "alpine.admin", "hotels", "de", P4, "8400 take, 8300 ask", holder="lead"),
    Scene(9 * DAY, "edi/new-relation", "nordwind.l2", "shipping", "en", P4, "12600 take, 12500 ask"),
    Scene(
        12 * DAY, "transactional-email/limit-exceeded", "alpine.l2", "bergbahn", "en", P3,
        "17200 take, 17100 receive, 16800 note, 16500 update, 16400 ask",
    ),
)  # fmt: skip

ANSWERED = (
    Scene(
        26 * HOUR, "email-security/false-negative", "alpine.l2", "hotels", "en", P2,
        "1545 take, 1540 ask, 1400 answer, 1380 note, 180 resolve",
    ),
    Scene(3 * DAY, "email-security/billed-addresses", "nordwind.l2", "insurance", "en", P4, "4100 take, 1200 resolve"),
    Scene(
        2 * DAY, "cloud-fax/no-answer", "alpine.l2", ALPINE_BOTH, "de", P3,
        "2800 take, 2780 ask, 2500 answer, 1560 resolve", holder="lead",
    ),
    Scene(
        4 * DAY, "transactional-email/soft-bounces", "nordwind.l2", "retail", "en", P2,
        "5750 take, 5740 ask, 5600 answer, 5500 expect 600, 4900 resolve",
    ),
)  # fmt: skip

SCENES = (*NEW, *WITH_THE_VENDOR, *WITH_THE_PARTNER, *ANSWERED)


def tell(teller: Teller, scene: Scene) -> None:
    now = teller.life.now
    for turn in filter(None, scene.turns.split(", ")):
        ago, name, *ahead = turn.split()
        _turn(teller, name, now - timedelta(minutes=int(ago)), [timedelta(minutes=int(each)) for each in ahead])
    if scene.noticed:
        teller.life.notice_overdue(now)


def _turn(teller: Teller, name: str, at: datetime, ahead: list[timedelta]) -> None:
    getattr(teller, name)(at, *ahead)
