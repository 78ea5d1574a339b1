"""What a contact must know before opening tickets, and until when there is time (guide, sections 1, 2.3 and 2.6).

Plain Python, told the time. What is demanded, and with which grace, is the partner's own; what is not demanded is
still shown as to be done, without a day. Days count at the partner's, the last one included.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.bilingual import InReadersLanguage


class Step(TextChoices):
    """In the order in which they are shown. The first three are guides, and are confirmed version by version."""

    PARTNER = "partner", _("Partner guide")
    SUPPORT = "support", _("Global support guide")
    PROCESSES = "processes", _("Support processes")
    WEBINAR = "webinar", _("Onboarding webinar")


GUIDES = (Step.PARTNER, Step.SUPPORT, Step.PROCESSES)


@dataclass(frozen=True)
class Edition:
    """A published version of a guide, and when this contact confirmed it."""

    pk: int
    step: Step
    version: str
    title_en: str
    title_de: str
    published_at: datetime
    confirmed_at: datetime | None = None

    title = InReadersLanguage()


@dataclass(frozen=True)
class Demand:
    """A step that a partner's contacts need before they open tickets; `since_at` is when it was first demanded."""

    step: Step
    grace_days: int
    since_at: datetime


@dataclass(frozen=True)
class Training:
    """What is known of one contact. `editions` are all published ones, the oldest first."""

    begins: date
    time_zone: str
    editions: Sequence[Edition] = ()
    demands: Sequence[Demand] = ()
    attended_at: datetime | None = None


@dataclass(frozen=True)
class Duty:
    """One step of one contact. `closes_at` is None where nothing closes: not demanded, or done."""

    step: Step
    edition: Edition | None
    done_at: datetime | None
    arose_at: datetime
    demand: Demand | None = None
    last_date: date | None = None
    closes_at: datetime | None = None
    is_renewal: bool = False  # an earlier version is confirmed

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    def closes(self, now: datetime) -> bool:
        """Whether this step keeps the contact from opening tickets."""
        return self.closes_at is not None and self.closes_at <= now

    @property
    def words(self) -> str:
        """`Partner guide, version 2026-11`."""
        if self.edition is None:
            return str(self.step.label)
        return gettext("%(step)s, version %(version)s") % {"step": self.step.label, "version": self.edition.version}


def training_from(
    begins: date,
    time_zone: str,
    editions: list[dict[str, Any]],
    demands: list[dict[str, Any]],
    attended_at: datetime | None,
) -> Training:
    """From rows as the database gives them as JSON, moments in ISO 8601."""
    return Training(
        begins,
        time_zone,
        [Edition(**_typed(row)) for row in editions],
        [Demand(**_typed(row)) for row in demands],
        attended_at,
    )


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    moments = {name: datetime.fromisoformat(value) for name, value in row.items() if name.endswith("_at") and value}
    return {**row, **moments, "step": Step(row["step"])}


def duties(training: Training) -> list[Duty]:
    """Every step that there is for this contact, done or not. A guide that has never been published asks nothing."""
    found = [_of_guide(training, step) for step in GUIDES]
    return [duty for duty in (*found, _of_webinar(training)) if duty is not None]


def open_duties(training: Training) -> list[Duty]:
    """What is still to be done: first what closes soonest."""
    rows = [duty for duty in duties(training) if not duty.is_done and (duty.demand or duty.edition)]
    return sorted(rows, key=lambda duty: duty.last_date or date.max)


def lacking(training: Training, now: datetime) -> list[Duty]:
    """The steps that close new tickets to this contact at `now`; empty when the gate is open."""
    return [duty for duty in open_duties(training) if duty.closes(now)]


def _of_guide(training: Training, step: Step) -> Duty | None:
    """Due since the oldest version that came after the last confirmed one: a new version never gives more time to
    somebody who has not read the one before."""
    editions = [edition for edition in training.editions if edition.step == step]
    if not editions:
        return None
    confirmed = [place for place, edition in enumerate(editions, 1) if edition.confirmed_at]
    after = editions[max(confirmed, default=0) :]
    first = (after or editions[-1:])[0]
    duty = _duty(training, step, editions[-1], editions[-1].confirmed_at, first.published_at)
    return replace(duty, is_renewal=bool(confirmed) and not duty.is_done)


def _of_webinar(training: Training) -> Duty:
    return _duty(training, Step.WEBINAR, None, training.attended_at, None)


def _duty(
    training: Training, step: Step, edition: Edition | None, done_at: datetime | None, since_at: datetime | None
) -> Duty:
    zone = ZoneInfo(training.time_zone)
    begins_at = datetime.combine(training.begins, time.min, tzinfo=zone)
    demand = next((demand for demand in training.demands if demand.step == step), None)
    arose_at = max(moment for moment in (begins_at, since_at, demand and demand.since_at) if moment)
    if demand is None or done_at:
        return Duty(step, edition, done_at, arose_at, demand)
    last_date, closes_at = _ends(arose_at, demand.grace_days, zone)
    return Duty(step, edition, done_at, arose_at, demand, last_date, closes_at)


def _ends(arose_at: datetime, grace_days: int, zone: ZoneInfo) -> tuple[date, datetime]:
    """The last day and the moment the gate closes. Without grace it is closed from the moment it arose."""
    last_date = arose_at.astimezone(zone).date() + timedelta(days=grace_days)
    if not grace_days:
        return last_date, arose_at
    return last_date, datetime.combine(last_date + timedelta(days=1), time.min, tzinfo=zone)
