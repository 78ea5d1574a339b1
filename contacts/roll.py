"""Who has done which step and who has not, as lines of a page and of a table file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from contacts import moments, readiness
from contacts.cells import Cell
from contacts.models import Contact
from contacts.readiness import Duty, Step


@dataclass(frozen=True)
class Mark:
    """One step of one contact in words. `tone` is the badge's colour, `icon` the sign beside the words."""

    step: Step
    words: str
    tone: str
    icon: str


@dataclass(frozen=True)
class Line:
    contact: Contact
    marks: list[Mark]
    closed: bool


def call(contacts: Iterable[Contact], now: datetime) -> list[Line]:
    """For contacts by `with_training`, login and partner at hand."""
    return [Line(contact, marks(contact, now), bool(readiness.lacking(contact.training, now))) for contact in contacts]


def marks(contact: Contact, now: datetime) -> list[Mark]:
    """One for each step, in their order; a guide that was never published has a dash."""
    found = {duty.step: duty for duty in readiness.duties(contact.training)}
    return [_mark(found[step], now) if step in found else Mark(step, "–", "", "") for step in Step]


def _mark(duty: Duty, now: datetime) -> Mark:
    if duty.done_at:
        return Mark(duty.step, _("done on %(day)s") % {"day": moments.day(duty.done_at)}, "accent", "check")
    if duty.closes(now):
        return Mark(duty.step, _("missing, new tickets closed"), "danger", "warning")
    if duty.closes_at and duty.last_date:
        return Mark(
            duty.step, _("missing, time until %(day)s") % {"day": moments.day(duty.last_date)}, "warning", "clock"
        )
    return Mark(duty.step, _("missing"), "", "clock")


def table(contacts: Iterable[Contact], now: datetime) -> list[tuple[Cell, ...]]:
    """A head and one line a contact."""
    head = (_("Partner"), _("Name"), _("E-mail address"), *(str(step.label) for step in Step))
    lines = [
        (line.contact.partner.name, line.contact.user.name, line.contact.user.email, *(m.words for m in line.marks))
        for line in call(contacts, now)
    ]
    return [head, *lines]
