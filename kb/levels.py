"""Who does what: the guide's tables of support tasks (section 3), in our words.

Three levels, nine phases, twenty-six tasks. Plain data; the pages that show it decide how.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Phase:
    name: Promise
    tasks: tuple[Promise, ...]


@dataclass(frozen=True)
class LevelTasks:
    name: Promise
    owner: Promise | str
    aim: Promise
    phases: tuple[Phase, ...]


FIRST = LevelTasks(
    name=_("1st level"),
    owner=_("Partner"),
    aim=_("Make clear what happened and recognise what is known."),
    phases=(
        Phase(
            _("Receive and qualify"),
            (
                _("Check what the end-customer reported: what is right, what is missing, what is wrong."),
                _("Check the priority against its definition."),
            ),
        ),
        Phase(
            _("Troubleshoot"),
            (
                _("Do a first triage and try to solve the incident."),
                _("Check that the end-customer's remote connection works."),
                _("Search your own support records: technical notes, the end-customer's history."),
            ),
        ),
        Phase(
            _("Hand over to the 2nd level"),
            (
                _(
                    "Summarise where things stand before you pass them on. Where agreed, the 1st level includes the"
                    " help desk for end-customers and for application management."
                ),
                _("Assign the incident to your 2nd level when it has to go on."),
            ),
        ),
    ),
)

SECOND = LevelTasks(
    name=_("2nd level"),
    owner=_("Partner"),
    aim=_("Find the cause, where that is possible from outside the services."),
    phases=(
        Phase(
            _("Qualify"),
            (
                _("Verify how the end-customer's system is customised."),
                _("Look into the end-customer's system when the analysis needs it."),
            ),
        ),
        Phase(
            _("Handle"),
            (
                _("Write technical notes and keep them up to date."),
                _("Leave the technical note out only when the incident has to go to the 3rd level."),
                _("Give the 1st level the remedy."),
                _("Offer a workaround."),
                _("For priority 1: give the 1st level a remedy or a plan of action within the agreed service level."),
            ),
        ),
        Phase(
            _("Hand over to the 3rd level"),
            (
                _(
                    "Summarise where things stand before you pass them on. Where agreed, the 2nd level includes the"
                    " help desk for end-customers and for application management."
                ),
                _("Open a ticket, here in the portal or by e-mail."),
            ),
        ),
    ),
)

THIRD = LevelTasks(
    name=_("3rd level"),
    owner="Retarus",
    aim=_("Find the cause inside the services."),
    phases=(
        Phase(
            _("Qualify"),
            (
                _("Establish whether the services have really caused the incident."),
                _("Analyse in detail the traces and error messages that the partner recorded."),
            ),
        ),
        Phase(
            _("Handle"),
            (
                _("Write a technical note for selected incidents."),
                _("In it: the cause of the defect, as far as it was found."),
                _("In it: how it was remedied, with what is needed for that, such as fixes, patches or a workaround."),
                _("Say how long the fix is expected to take."),
                _("Provide the remedy, or a workaround where there is one."),
            ),
        ),
        Phase(
            _("Keep informed"),
            (
                _("Tell partners what changes in the services, where it concerns them."),
                _("Keep the partner up to date on open incidents."),
                _("On request, once a month: a view on traffic volumes and a report on the incident tickets."),
            ),
        ),
    ),
)

LEVELS = (FIRST, SECOND, THIRD)
