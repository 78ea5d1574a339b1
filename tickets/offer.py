"""What stands ready when a contact files: the own choices, the matrix as it holds for the own level, the known issues
and the drafts, in one statement."""

from dataclasses import dataclass

from django.utils import timezone

from contacts import choices
from contacts.choices import Choices
from contacts.licence import Level
from contacts.models import Contact
from tickets.matching import Fit, Said, fit
from tickets.models import Draft, KnownIssue, Requirement
from tickets.models.requirement import matrix_of
from tickets.qualification import scoped
from tickets.requirements import Matrix


@dataclass(frozen=True)
class Offer:
    choices: Choices
    matrix: Matrix
    known_issues: list[KnownIssue]
    drafts: list[Draft]  # named by what a list shows, newest first

    def alike(self, said: Said) -> list[KnownIssue]:
        """The known issues that what was said may be about, the likely ones first, then the newest."""
        fits = {issue.pk: fit(issue.scope, said) for issue in self.known_issues}
        found = [issue for issue in self.known_issues if fits[issue.pk] != Fit.NONE]
        return sorted(found, key=lambda issue: fits[issue.pk], reverse=True)


def offer_for(contact: Contact) -> Offer:
    known = KnownIssue.objects.visible_to(contact.user).in_force(timezone.now()).as_array()
    drafts = Draft.objects.visible_to(contact.user).as_array()
    rows = choices.offered_to(contact).annotate(cells=Requirement.objects.as_array(), known=known, drafts=drafts)
    row = rows.get()
    matrix = scoped(matrix_of(row.cells), level=Level(contact.level), help_desk=row.helpdesk_included)
    return Offer(
        Choices.of(row), matrix, [KnownIssue.of(issue) for issue in row.known], [Draft.of(each) for each in row.drafts]
    )
