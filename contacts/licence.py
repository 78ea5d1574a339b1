"""Who may do what, to what, until when: the guide's first duty (2.1) as tables and one function.

Plain Python, told the time. Every channel asks `refusal`, so page, admin and mail refuse with the same words.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import IntegerChoices, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """The levels that are the partner's own (guide, section 3). The 3rd is the vendor's and no contact has it."""

    L1 = "L1", _("1st level")
    L2 = "L2", _("2nd level")


class Right(TextChoices):
    """What a contact may be granted. Seeing tickets needs none: it comes with being a contact in force."""

    OPEN = "open", _("Open tickets")
    ANSWER = "answer", _("Answer, close and reopen tickets")
    ESCALATE = "escalate", _("Escalate tickets")
    READ_REPORTS = "read reports", _("Read reports")
    MANAGE_CONTACTS = "manage contacts", _("Manage contacts")


class Ceiling(IntegerChoices):
    """The highest priority a contact may open a ticket with; 1 is the highest there is."""

    P1 = 1, _("P1: every priority")
    P2 = 2, _("Up to P2")
    P3 = 3, _("Up to P3")
    P4 = 4, _("Only P4")


class Role(TextChoices):
    """Rights that often go together: a way to grant them in one click, stored nowhere."""

    MEMBER = "member", _("Member")
    ADMIN = "admin", _("Partner admin")
    MANAGER = "manager", _("Partner manager")


WORK = frozenset({Right.OPEN, Right.ANSWER, Right.ESCALATE})

ROLES: Mapping[Role, frozenset[Right]] = {
    Role.MEMBER: WORK,
    Role.ADMIN: WORK | {Right.READ_REPORTS, Right.MANAGE_CONTACTS},
    Role.MANAGER: frozenset({Right.ESCALATE, Right.READ_REPORTS}),
}


def role_of(rights: Collection[str]) -> Role | None:
    """The role whose rights these are exactly; None for a choice of one's own."""
    return next((role for role, usual in ROLES.items() if usual == set(rights)), None)


class Basis(TextChoices):
    """Why this person may be a contact of this partner at all (guide, 2.2 and section 3)."""

    EMPLOYEE = "employee", _("Employee of the partner")
    DEDICATED = "dedicated", _("Dedicated partner model, by individual contract")
    DIRECT_SUPPORT = "direct support", _("End-customer with an agreement on direct support")


class Action(StrEnum):
    SEE = "see"
    OPEN = "open"
    REPLY = "reply"
    ESCALATE = "escalate"
    CLOSE = "close"
    REOPEN = "reopen"
    READ_REPORTS = "read reports"
    MANAGE_CONTACTS = "manage contacts"


NEEDS: Mapping[Action, Right | None] = {
    Action.SEE: None,
    Action.OPEN: Right.OPEN,
    Action.REPLY: Right.ANSWER,
    Action.CLOSE: Right.ANSWER,
    Action.REOPEN: Right.ANSWER,
    Action.ESCALATE: Right.ESCALATE,
    Action.READ_REPORTS: Right.READ_REPORTS,
    Action.MANAGE_CONTACTS: Right.MANAGE_CONTACTS,
}


@dataclass(frozen=True)
class Refusal:
    """Why not, and who can change it; `way` is the name of the page where the reader can, if there is one."""

    reason: Promise | str
    ask: Promise | str
    way: str = ""

    def __str__(self) -> str:
        return f"{self.reason} {self.ask}"


@dataclass(frozen=True)
class Matter:
    """What an action is about, by the keys of the rows. `priority` is asked for only where a ticket is opened.

    Without tenants it is about the partner as a whole, without services about all that the partner has bought.
    """

    partner: int
    tenants: frozenset[int] = frozenset()
    services: frozenset[int] = frozenset()
    priority: int | None = None


@dataclass(frozen=True)
class Grants:
    """What a contact may do, from one day to another. Keys of rows; empty where all are granted, also future ones.

    `contract` is the key of the contract this person is named under; None for whatever contract is in force.
    """

    level: Level
    rights: frozenset[Right]
    highest_priority: int
    all_tenants: bool
    tenants: frozenset[int]
    all_services: bool
    services: frozenset[int]
    authorized_from_date: date
    authorized_until_date: date | None
    contract: int | None = None


@dataclass(frozen=True)
class Standing:
    """What the licence looks at. Days count in the partner's own time zone, the last one included.

    `tenants` and `services` are None where all are granted. The days of the `basis` count only where it is not
    employment. `not_ready` closes new tickets, and nothing else, to a contact who still owes a step of the onboarding.
    """

    partner: int
    time_zone: str
    rights: frozenset[Right]
    authorized_from: date
    authorized_until: date | None = None
    suspended_at: datetime | None = None
    revoked_at: datetime | None = None
    tenants: frozenset[int] | None = None
    services: frozenset[int] | None = None
    highest_priority: int = Ceiling.P1
    basis: Basis = Basis.EMPLOYEE
    basis_from: date | None = None
    basis_until: date | None = None
    not_ready: Refusal | None = field(default=None)


ASK_ADMIN = _("Ask your partner admin, who can change this.")
ASK_SUPPORT = _("Ask your partner admin. If your company has none, ask Retarus Support in text form.")
ASK_MANAGER = _("Ask your partner admin, who can agree on more time with Retarus.")

BEYOND: Mapping[Right, Promise] = {
    Right.OPEN: _("Your authorization does not include opening tickets."),
    Right.ANSWER: _("Your authorization does not include answering, closing and reopening tickets."),
    Right.ESCALATE: _("Your authorization does not include escalating tickets."),
    Right.READ_REPORTS: _("Your authorization does not include reading reports."),
    Right.MANAGE_CONTACTS: _("Your authorization does not include managing contacts."),
}

ENDED: Mapping[Basis, Promise] = {
    Basis.DEDICATED: _("The exception under which you are a support contact has ended."),
    Basis.DIRECT_SUPPORT: _("The agreement on direct support under which you are a contact is not in force."),
}


def refusal(standing: Standing | None, action: Action, now: datetime, matter: Matter | None = None) -> Refusal | None:
    """Why `action` on `matter` is refused at `now` and who can change it; None when it is allowed.

    Without a matter the question is whether this contact may do it at all.
    """
    if standing is None:
        return Refusal(_("You are not named as a support contact of any partner."), ASK_SUPPORT)
    return (
        _out_of_force(standing, now)
        or _beyond_rights(standing, action)
        or (matter and _beyond_matter(standing, action, matter))
        or (standing.not_ready if action == Action.OPEN else None)
    )


def _out_of_force(standing: Standing, now: datetime) -> Refusal | None:
    today = now.astimezone(ZoneInfo(standing.time_zone)).date()
    if standing.revoked_at:
        return Refusal(_("Your authorization as a support contact has been withdrawn."), ASK_ADMIN)
    if standing.suspended_at:
        return Refusal(_("Your authorization as a support contact is suspended."), ASK_ADMIN)
    if today < standing.authorized_from:
        return Refusal(_("Your authorization as a support contact has not begun yet."), ASK_ADMIN)
    if standing.authorized_until and today > standing.authorized_until:
        return Refusal(_("Your authorization as a support contact has expired."), ASK_ADMIN)
    if standing.basis in ENDED and not covers(standing.basis_from, standing.basis_until, today):
        return Refusal(ENDED[standing.basis], ASK_MANAGER)
    return None


def covers(first: date | None, last: date | None, day: date) -> bool:
    """Whether `day` lies within, both ends included. Without a last day nothing is covered: an exception must end."""
    return last is not None and (first is None or first <= day) and day <= last


def _beyond_rights(standing: Standing, action: Action) -> Refusal | None:
    right = NEEDS[action]
    return None if right is None or right in standing.rights else Refusal(BEYOND[right], ASK_ADMIN)


def _beyond_matter(standing: Standing, action: Action, matter: Matter) -> Refusal | None:
    if matter.partner != standing.partner:
        return Refusal(_("This belongs to a partner you are not a contact of."), ASK_SUPPORT)
    if not _within(standing.tenants, matter.tenants):
        return Refusal(_("Your authorization does not cover all tenants this is about."), ASK_ADMIN)
    if not _within(standing.services, matter.services):
        return Refusal(_("Your authorization does not cover all services this is about."), ASK_ADMIN)
    if action == Action.OPEN and matter.priority is not None and matter.priority < standing.highest_priority:
        words = gettext("This ticket would be P%(wanted)d. You may open tickets up to P%(most)d.")
        return Refusal(words % {"wanted": matter.priority, "most": standing.highest_priority}, ASK_ADMIN)
    return None


def _within(granted: frozenset[int] | None, about: frozenset[int]) -> bool:
    """What is about nothing in particular is about everything, and so only for those to whom all is granted."""
    return granted is None or (bool(about) and about <= granted)
