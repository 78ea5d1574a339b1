"""Who does what: the guide's tables of support tasks (section 3), in our words.

Three levels, nine phases, twenty-six tasks. Plain data; the pages that show it decide how.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Task:
    """`step` is the id of the part of the filing form that records it; empty when the form does not."""

    text: Promise
    step: str = ""

    def __str__(self) -> str:
        return str(self.text)


@dataclass(frozen=True)
class Phase:
    name: Promise
    tasks: tuple[Task, ...]


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
                Task(
                    _("Check what the end-customer reported: what is right, what is missing, what is wrong."),
                    "div_id_customer_information",
                ),
                Task(_("Check the priority against its definition."), "div_id_priority"),
            ),
        ),
        Phase(
            _("Troubleshoot"),
            (
                Task(_("Do a first triage and try to solve the incident."), "div_id_triage"),
                Task(_("Check that the end-customer's remote connection works."), "div_id_remote_connection"),
                Task(
                    _("Search your own support records: technical notes, the end-customer's history."),
                    "div_id_records_searched",
                ),
            ),
        ),
        Phase(
            _("Hand over to the 2nd level"),
            (
                Task(
                    _(
                        "Summarise where things stand before you pass them on. Where agreed, the 1st level includes the"
                        " help desk for end-customers and for application management."
                    ),
                    "div_id_help_desk",
                ),
                Task(_("Assign the incident to your 2nd level when it has to go on.")),
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
                Task(_("Verify how the end-customer's system is customised."), "div_id_customisation"),
                Task(_("Look into the end-customer's system when the analysis needs it."), "div_id_system_access"),
            ),
        ),
        Phase(
            _("Handle"),
            (
                Task(_("Write technical notes and keep them up to date.")),
                Task(_("Leave the technical note out only when the incident has to go to the 3rd level.")),
                Task(_("Give the 1st level the remedy.")),
                Task(_("Offer a workaround.")),
                Task(
                    _(
                        "For priority 1: give the 1st level a remedy or a plan of action within the agreed service"
                        " level."
                    )
                ),
            ),
        ),
        Phase(
            _("Hand over to the 3rd level"),
            (
                Task(
                    _(
                        "Summarise where things stand before you pass them on. Where agreed, the 2nd level includes the"
                        " help desk for end-customers and for application management."
                    ),
                    "div_id_help_desk",
                ),
                Task(_("Open a ticket, here in the portal or by e-mail.")),
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
                Task(_("Establish whether the services have really caused the incident.")),
                Task(_("Analyse in detail the traces and error messages that the partner recorded.")),
            ),
        ),
        Phase(
            _("Handle"),
            (
                Task(_("Write a technical note for selected incidents.")),
                Task(_("In it: the cause of the defect, as far as it was found.")),
                Task(
                    _(
                        "In it: how it was remedied, with what is needed for that, such as fixes, patches or a"
                        " workaround."
                    )
                ),
                Task(_("Say how long the fix is expected to take.")),
                Task(_("Provide the remedy, or a workaround where there is one.")),
            ),
        ),
        Phase(
            _("Keep informed"),
            (
                Task(_("Tell partners what changes in the services, where it concerns them.")),
                Task(_("Keep the partner up to date on open incidents.")),
                Task(_("On request, once a month: a view on traffic volumes and a report on the incident tickets.")),
            ),
        ),
    ),
)

LEVELS = (FIRST, SECOND, THIRD)
