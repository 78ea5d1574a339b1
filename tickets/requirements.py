"""What a complete ticket needs: the guide's templates (section 4) and its matrix (section 5).

The items are code, because each is a field of form, mail and ticket. The cells are data: rows of `Requirement`, edited
in the admin. `Matrix.missing` is the only judge of completeness, for every channel.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.priority import Priority


class TicketType(TextChoices):
    INCIDENT = "incident", _("Incident")
    SERVICE_REQUEST = "service_request", _("Service request")
    CHANGE = "change", pgettext_lazy("type of ticket", "Change")  # the admin has a verb of this spelling


class Item(TextChoices):
    """One piece of information, by the name of its field in form, mail and API."""

    TENANTS = "tenants", _("Tenants")
    SERVICES = "services", _("Affected service")
    CUSTOMER_INFORMATION = "customer_information", _("What the end-customer reported")
    REMOTE_CONNECTION = "remote_connection", _("The end-customer's remote connection")
    RECORDS_SEARCHED = "records_searched", _("Your own support records")
    HELP_DESK = "help_desk", _("Your help desk service")
    CUSTOMISATION = "customisation", _("How the end-customer's system is customised")
    SYSTEM_ACCESS = "system_access", _("A look into the end-customer's system")
    TRIAGE = "triage", _("First triage")
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
    PRIORITY = "priority", _("Priority")
    PRIORITY_REASON = "priority_reason", _("Why another priority")
    PHONE = "phone", _("Telephone")
    CONTACT_PERSONS = "contact_persons", _("Further contact persons")


@dataclass(frozen=True)
class Cell:
    """Whether a type needs an item, why in the reader's language, and the section of the guide that asks."""

    necessary: bool
    reason: str
    section: str


#: An optional item becomes necessary by the answer to another one.
FOLLOWS: Mapping[Item, tuple[Item, Collection[object]]] = {
    Item.REPRODUCTION_STEPS: (Item.REPRODUCED, ("yes", "no")),
    Item.KNOWN_REFERENCE: (Item.KNOWN, (True,)),
    Item.PRIORITY_REASON: (Item.PRIORITY, tuple(Priority)),
}
#: An item that another one is taken for: it may stay empty once that is said, or while that is what is missing.
FILLED_BY: Mapping[Item, Item] = {Item.ACTIONS_TAKEN: Item.TRIAGE}


@dataclass(frozen=True)
class Matrix:
    """The cells by type and item. An item without a cell is not asked for by that type at all."""

    cells: Mapping[tuple[TicketType, Item], Cell]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], language: str) -> Self:
        """From rows with `type`, `item`, `necessary`, `section` and a reason for each language, `reason_en`."""
        return cls(
            {
                (TicketType(row["type"]), Item(row["item"])): Cell(
                    row["necessary"], row[f"reason_{language}"] or row["reason_en"], row["section"]
                )
                for row in rows
            }
        )

    def asked(self, ticket_type: TicketType) -> list[Item]:
        """The items a type's form shows, in the order of the guide's templates."""
        return [item for item in Item if (ticket_type, item) in self.cells]

    def reason(self, ticket_type: TicketType, item: Item) -> str:
        """Why the item is asked for, in plain words. KeyError when the type does not ask for it."""
        return self.cells[ticket_type, item].reason

    def necessary(self, ticket_type: TicketType, item: Item, answers: Mapping[str, object]) -> bool:
        """Whether `item` is necessary for this type, given the other answers."""
        cell = self.cells.get((ticket_type, item))
        if cell is None or cell.necessary:
            return cell is not None
        other, values = FOLLOWS.get(item, (None, ()))
        return other is not None and answers.get(other) in values

    def marked(self, ticket_type: TicketType, item: Item) -> bool:
        """Whether an empty form marks the item as necessary: not if another necessary one will be taken for it."""
        return self.necessary(ticket_type, item, {}) and not self._will_be_filled(ticket_type, item)

    def _will_be_filled(self, ticket_type: TicketType, item: Item) -> bool:
        filler = FILLED_BY.get(item)
        return filler is not None and self.necessary(ticket_type, filler, {})

    def missing(self, ticket_type: TicketType, services: Collection[str], answers: Mapping[str, object]) -> list[Item]:
        """The necessary items that `answers` leaves out, in the order of the form. Empty means complete.

        `answers` maps field names to values; None, blank text and empty collections are no answer, False and 0 are.
        `services` are the codes of the chosen services.
        """
        known = {**answers, Item.SERVICES.value: services}
        return [
            item
            for item in self.asked(ticket_type)
            if self.necessary(ticket_type, item, known)
            and is_blank(known.get(item))
            and is_blank(known.get(FILLED_BY.get(item, item)))
            and not self._will_be_filled(ticket_type, item)
        ]


def is_blank(answer: object) -> bool:
    if answer is None:
        return True
    if isinstance(answer, str):
        return not answer.strip()
    return isinstance(answer, Collection) and not answer
