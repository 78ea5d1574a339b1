"""What stands ready when a contact files: the own choices and the matrix, in one statement."""

from dataclasses import dataclass

from contacts import choices
from contacts.choices import Choices
from contacts.models import Contact
from tickets.models import Requirement
from tickets.models.requirement import matrix_of
from tickets.requirements import Matrix


@dataclass(frozen=True)
class Offer:
    choices: Choices
    matrix: Matrix


def offer_for(contact: Contact) -> Offer:
    row = choices.offered_to(contact).annotate(cells=Requirement.objects.as_array()).get()
    return Offer(Choices.of(row), matrix_of(row.cells))
