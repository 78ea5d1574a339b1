"""Why new tickets are closed to a contact who still owes a step, in words; and what to do next."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import moments, readiness
from contacts.licence import Refusal
from contacts.readiness import Duty, Training

#: The page on which every step is, by the name of its address.
WAY = "contacts:onboarding"
ASK = gettext_lazy("Open your onboarding, do the steps that are open, and you can open tickets at once.")


def not_ready(training: Training, now: datetime) -> Refusal | None:
    """None while there is time left, or nothing is owed."""
    owed = readiness.lacking(training, now)
    if not owed:
        return None
    steps = "; ".join(ended(duty) for duty in owed)
    return Refusal(
        _("New tickets are closed to you until this is done: %(steps)s. You can still work on open ones.")
        % {"steps": steps},
        ASK,
        way=WAY,
    )


def ended(duty: Duty) -> str:
    """`Partner guide, version 2026-11 (there was time until 1 Dec 2026)`."""
    if duty.last_date is None or duty.demand is None or not duty.demand.grace_days:
        return duty.words
    words, day = duty.words, moments.day(duty.last_date)
    return _("%(step)s (there was time until %(day)s)") % {"step": words, "day": day}
