"""Priority from impact and urgency. The guide (section 3, 1st level) asks to check it "by the given definition" and
gives none, so these definitions are our default and are shown as such."""

from collections.abc import Mapping

from django.db.models import IntegerChoices, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Priority(IntegerChoices):
    P1 = 1, "P1"
    P2 = 2, "P2"
    P3 = 3, "P3"
    P4 = 4, "P4"


class Impact(TextChoices):
    HIGH = "high", _("Many end-customers, or a whole service")
    MEDIUM = "medium", _("One end-customer as a whole, or part of a service")
    LOW = "low", _("Single users or single transactions")


class Urgency(TextChoices):
    HIGH = "high", _("Work stands still, there is no way around it")
    MEDIUM = "medium", _("Work is hampered, a way around it exists")
    LOW = "low", _("It can wait, or it is a question")


BY_IMPACT_AND_URGENCY: Mapping[tuple[Impact, Urgency], Priority] = {
    (Impact.HIGH, Urgency.HIGH): Priority.P1,
    (Impact.HIGH, Urgency.MEDIUM): Priority.P2,
    (Impact.HIGH, Urgency.LOW): Priority.P3,
    (Impact.MEDIUM, Urgency.HIGH): Priority.P2,
    (Impact.MEDIUM, Urgency.MEDIUM): Priority.P3,
    (Impact.MEDIUM, Urgency.LOW): Priority.P4,
    (Impact.LOW, Urgency.HIGH): Priority.P3,
    (Impact.LOW, Urgency.MEDIUM): Priority.P4,
    (Impact.LOW, Urgency.LOW): Priority.P4,
}

DEFINITION: Mapping[Priority, Promise] = {
    Priority.P1: _("Critical: a service is down for many and there is no way around it."),
    Priority.P2: _("High: an end-customer or part of a service is badly hit."),
    Priority.P3: _("Normal: work is hampered, or few are hit."),
    Priority.P4: _("Low: a question, a wish, or something that can wait."),
}


def derive(impact: Impact, urgency: Urgency) -> Priority:
    return BY_IMPACT_AND_URGENCY[impact, urgency]


def effective(derived: Priority, chosen: Priority | None) -> Priority:
    """What holds from the opening on: the partner's choice, except that P1 must follow from impact and urgency.

    A P1 wakes people at any hour, so it is had by its definition alone; a wish for one counts as P2 until an agent has
    looked at it, and stays visible beside it.
    """
    if chosen is None or derived == Priority.P1:
        return chosen or derived
    return max(chosen, Priority.P2)
