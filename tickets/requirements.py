"""What a complete ticket needs: the guide's templates (section 4) and its matrix (section 5) as one table.

`missing` is the only judge of completeness. A field is necessary when the template or the matrix marks it; a change
has no template and follows its matrix column alone. Fields a type is never asked for are in no row of that type.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TicketType(TextChoices):
    INCIDENT = "incident", _("Incident")
    SERVICE_REQUEST = "service_request", _("Service request")
    CHANGE = "change", pgettext_lazy("type of ticket", "Change")  # the admin has a verb of this spelling


class Item(TextChoices):
    """One piece of information, by the name of its field in form, mail and API."""

    TENANTS = "tenants", _("Tenants")
    SERVICES = "services", _("Affected service")
    SUBJECT = "subject", _("Subject")
    STARTED = "started", _("Start of incident")
    ENDED = "ended", _("End of incident")
    DESCRIPTION = "description", _("Description")
    IMPACT_DESCRIPTION = "impact_description", _("Impact")
    INTERFACE = "interface", _("Interface or URL")
    DATA_CENTRE = "data_centre", _("Data centre")
    ERROR_PATTERN = "error_pattern", _("Error pattern or message")
    AFFECTED_COUNT = "affected_count", _("Number of affected end-customers")
    EXAMPLES = "examples", _("Affected transactions")
    REPRODUCED = "reproduced", _("Could it be reproduced?")
    REPRODUCTION_STEPS = "reproduction_steps", _("Steps to reproduce")
    ACTIONS_TAKEN = "actions_taken", _("What has been done so far")
    TESTS_ALLOWED = "tests_allowed", _("May Retarus send test transactions?")
    KNOWN = "known", _("Is the issue already known?")
    KNOWN_REFERENCE = "known_reference", _("Where it is known from")
    RELATED = "related", _("Related tickets")
    IMPACT = "impact", _("How far it reaches")
    URGENCY = "urgency", _("How urgent it is")
    PHONE = "phone", _("Telephone")
    CONTACT_PERSONS = "contact_persons", _("Further contact persons")


N, O = True, False  # necessary, optional  # noqa: E741
INCIDENT, SRQ, CHANGE = TicketType.INCIDENT, TicketType.SERVICE_REQUEST, TicketType.CHANGE

#: Which type asks for an item (it has a cell) and whether it is necessary there. The main customer ID (first row of
#: the matrix) is no item: it comes from the contact's partner and cannot be typed.
CELLS: Mapping[Item, Mapping[TicketType, bool]] = {
    Item.TENANTS: {INCIDENT: N, SRQ: N, CHANGE: O},
    Item.SERVICES: {INCIDENT: N, SRQ: N, CHANGE: O},
    Item.SUBJECT: {INCIDENT: N, SRQ: N, CHANGE: N},
    Item.STARTED: {INCIDENT: N},
    Item.ENDED: {INCIDENT: O},
    Item.DESCRIPTION: {INCIDENT: N, SRQ: N, CHANGE: N},
    Item.IMPACT_DESCRIPTION: {INCIDENT: N, SRQ: N, CHANGE: N},
    Item.INTERFACE: {INCIDENT: N, SRQ: O, CHANGE: O},
    Item.DATA_CENTRE: {INCIDENT: O, SRQ: O, CHANGE: O},
    Item.ERROR_PATTERN: {INCIDENT: N, SRQ: O},
    Item.AFFECTED_COUNT: {INCIDENT: N, SRQ: O},
    Item.EXAMPLES: {INCIDENT: N, SRQ: N},
    Item.REPRODUCED: {INCIDENT: N},
    Item.REPRODUCTION_STEPS: {INCIDENT: O},
    Item.ACTIONS_TAKEN: {INCIDENT: N},
    Item.TESTS_ALLOWED: {INCIDENT: N, CHANGE: N},
    Item.KNOWN: {INCIDENT: N, SRQ: O},
    Item.KNOWN_REFERENCE: {INCIDENT: O, SRQ: O},
    Item.RELATED: {INCIDENT: O, SRQ: O, CHANGE: O},
    Item.IMPACT: {INCIDENT: N, SRQ: N, CHANGE: N},
    Item.URGENCY: {INCIDENT: N, SRQ: N, CHANGE: N},
    Item.PHONE: {INCIDENT: N, SRQ: N, CHANGE: N},
    Item.CONTACT_PERSONS: {INCIDENT: O, SRQ: O, CHANGE: O},
}


@dataclass(frozen=True)
class Why:
    """Why an item is asked for, in plain words, and the section of the guide that asks."""

    reason: Promise
    section: str


WHY: Mapping[Item, Why] = {
    Item.TENANTS: Why(_("Retarus looks up logs by customer ID."), "4"),
    Item.SERVICES: Why(_("The service decides which team and which logs."), "4"),
    Item.SUBJECT: Why(_("One line by which everybody recognises the ticket."), "5"),
    Item.STARTED: Why(_("The logs are searched from this moment on."), "4"),
    Item.ENDED: Why(_("If it is over, the search has an end."), "4"),
    Item.DESCRIPTION: Why(_("What is wanted or wrong, in your words."), "5"),
    Item.IMPACT_DESCRIPTION: Why(_("What does not work for whom decides what is done first."), "5"),
    Item.INTERFACE: Why(_("The same fault looks different on SMTP, API and portal."), "4"),
    Item.DATA_CENTRE: Why(_("If you know it, only its logs are searched."), "4"),
    Item.ERROR_PATTERN: Why(_("The exact words of an error often name its cause."), "4"),
    Item.AFFECTED_COUNT: Why(_("One or many: this tells a setting from an outage."), "4"),
    Item.EXAMPLES: Why(_("One traceable transaction saves a question and an answer."), "5"),
    Item.REPRODUCED: Why(_("What can be repeated can be watched while it fails."), "5"),
    Item.REPRODUCTION_STEPS: Why(_("So that the same steps can be tried at Retarus."), "5"),
    Item.ACTIONS_TAKEN: Why(_("So that nobody asks you to do it again."), "5"),
    Item.TESTS_ALLOWED: Why(_("Without your word no test transaction is sent."), "5"),
    Item.KNOWN: Why(_("A known issue is joined to the work that is under way."), "5"),
    Item.KNOWN_REFERENCE: Why(_("The reference leads to that work."), "5"),
    Item.RELATED: Why(_("Earlier tickets hold what was found out already."), "4"),
    Item.IMPACT: Why(_("Impact and urgency make the priority."), "3"),
    Item.URGENCY: Why(_("Impact and urgency make the priority."), "3"),
    Item.PHONE: Why(_("For questions that cannot wait for an answer in writing."), "5"),
    Item.CONTACT_PERSONS: Why(_("Who else may be called about this ticket."), "5"),
}

#: An optional item becomes necessary by the answer to another one.
FOLLOWS: Mapping[Item, tuple[Item, Collection[object]]] = {
    Item.REPRODUCTION_STEPS: (Item.REPRODUCED, ("yes", "no")),
    Item.KNOWN_REFERENCE: (Item.KNOWN, (True,)),
}


def asked(ticket_type: TicketType) -> list[Item]:
    """The items a type's form shows, in the order of the guide's templates."""
    return [item for item, cells in CELLS.items() if ticket_type in cells]


def necessary(ticket_type: TicketType, item: Item, answers: Mapping[str, object]) -> bool:
    """Whether `item` is necessary for this type, given the other answers."""
    cell = CELLS[item].get(ticket_type)
    if cell is None:
        return False
    if item in FOLLOWS:
        other, values = FOLLOWS[item]
        return cell or answers.get(other) in values
    return cell


def missing(ticket_type: TicketType, services: Collection[str], answers: Mapping[str, object]) -> list[Item]:
    """The necessary items that `answers` leaves out, in the order of the form. Empty means complete.

    `answers` maps field names to values; None, blank text and empty collections are no answer, False and 0 are.
    `services` are the codes of the chosen services.
    """
    known = {**answers, Item.SERVICES.value: services}
    return [item for item in asked(ticket_type) if necessary(ticket_type, item, known) and is_blank(known.get(item))]


def is_blank(answer: object) -> bool:
    if answer is None:
        return True
    if isinstance(answer, str):
        return not answer.strip()
    return isinstance(answer, Collection) and not answer
