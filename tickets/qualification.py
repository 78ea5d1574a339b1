"""What the partner's levels check before a ticket reaches the vendor: the guide's lists of tasks (section 3) as steps.

Each step is an item of the matrix, so whether a ticket type needs it is a cell like any other. What a step can come
out as, and which outcome must be explained, stands here. Form, mail, API and the pages of both sides read this table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.licence import Level
from tickets.requirements import Item, Matrix

#: The section of the guide that lists the tasks of every level.
SECTION = "3"


@dataclass(frozen=True)
class Outcome:
    """`ask` is what the note must say; empty when the outcome speaks for itself."""

    value: str
    label: Promise | str
    ask: Promise | str = ""


@dataclass(frozen=True)
class Step:
    """One task of a level. `duty` is the number of the requirement it records; `help_desk`: only for partners whose
    levels include that service."""

    item: Item
    level: Level
    duty: str
    outcomes: tuple[Outcome, ...]
    help_desk: bool = False

    def outcome(self, value: str) -> Outcome:
        """KeyError when the step cannot come out like this."""
        return {outcome.value: outcome for outcome in self.outcomes}[value]


@dataclass(frozen=True)
class Answer:
    """How a step came out."""

    outcome: str
    note: str = ""


#: A step that is told in words alone has this one outcome, and its note is the text.
TOLD = "told"

CHECKLIST = (
    Step(
        Item.CUSTOMER_INFORMATION,
        Level.L1,
        "R18",
        (
            Outcome("correct", _("Correct")),
            Outcome("missing", pgettext_lazy("what was reported", "Incomplete"), _("What was missing?")),
            Outcome("wrong", pgettext_lazy("what was reported", "Wrong"), _("What was wrong?")),
        ),
    ),
    Step(
        Item.PRIORITY,
        Level.L1,
        "R19",
        (
            Outcome("defined", _("By definition")),
            Outcome("chosen", _("Another one was chosen"), _("Why another one?")),
        ),
    ),
    Step(Item.TRIAGE, Level.L1, "R20", (Outcome(TOLD, _("Done"), _("What was tried, and what did it show?")),)),
    Step(
        Item.REMOTE_CONNECTION,
        Level.L1,
        "R21",
        (
            Outcome("works", _("Works")),
            Outcome("fails", _("Does not work"), _("What does not work?")),
            Outcome("not applicable", _("Does not apply")),
        ),
    ),
    Step(
        Item.RECORDS_SEARCHED,
        Level.L1,
        "R22",
        (
            Outcome("nothing", _("Nothing alike")),
            Outcome("found", _("Something found"), _("What was found, and where?")),
            Outcome("not searched", _("Not searched"), _("Why not?")),
        ),
    ),
    Step(
        Item.HELP_DESK,
        Level.L1,
        "R24, R33",
        (
            Outcome("involved", _("Involved")),
            Outcome("not needed", _("Not needed")),
        ),
        help_desk=True,
    ),
    Step(
        Item.CUSTOMISATION,
        Level.L2,
        "R26",
        (
            Outcome("standard", _("Nothing special")),
            Outcome("special", _("Something special"), _("What is special?")),
            Outcome("not verified", _("Not verified"), _("Why not?")),
        ),
    ),
    Step(
        Item.SYSTEM_ACCESS,
        Level.L2,
        "R27",
        (
            Outcome("done", _("Looked into it")),
            Outcome("not needed", _("Not needed")),
            Outcome("not possible", _("Not possible"), _("Why not?")),
        ),
    ),
)

STEPS: Mapping[Item, Step] = {step.item: step for step in CHECKLIST}
#: Asked with buttons. The triage is a text, and the priority is what follows from what was chosen.
ASKED_WITH_BUTTONS = tuple(step for step in CHECKLIST if step.item not in (Item.PRIORITY, Item.TRIAGE))


def is_asked(step: Step, *, level: Level, help_desk: bool) -> bool:
    """A level answers for its own steps and for those below it."""
    return (level == Level.L2 or step.level == Level.L1) and (help_desk or not step.help_desk)


def scoped(matrix: Matrix, *, level: Level, help_desk: bool) -> Matrix:
    """The matrix as it holds for one contact: without the steps that are not the contact's to answer for."""
    left_out = {step.item for step in CHECKLIST if not is_asked(step, level=level, help_desk=help_desk)}
    return Matrix({(kind, item): cell for (kind, item), cell in matrix.cells.items() if item not in left_out})


def unexplained(answers: Mapping[Item, Answer]) -> list[Item]:
    """The steps whose outcome must be explained and is not, in the order of the checklist."""
    return [
        step.item
        for step in CHECKLIST
        if (answer := answers.get(step.item)) and step.outcome(answer.outcome).ask and not answer.note.strip()
    ]


def recorded(answers: Mapping[Item, Answer], priority_reason: str | None) -> Iterable[tuple[Item, Answer]]:
    """What is kept of a qualification, in the order of the checklist. The check of the priority (R19) is what was done
    about it: taken as defined, or another one chosen for `priority_reason`. Nothing when nothing was asked."""
    if not answers:
        return []
    checked = Answer("defined") if priority_reason is None else Answer("chosen", priority_reason)
    said = {**answers, Item.PRIORITY: checked}
    return [(step.item, said[step.item]) for step in CHECKLIST if step.item in said]
