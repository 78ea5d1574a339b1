"""Who may do what: the guide's first duty (2.1) as one table and one function.

Plain Python, told the time. Every channel asks `refusal`, so page, admin and mail refuse with the same words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    MEMBER = "member", _("Member")
    ADMIN = "admin", _("Partner admin")
    MANAGER = "manager", _("Partner manager")


class Level(TextChoices):
    """The levels that are the partner's own (guide, section 3). The 3rd is the vendor's and no contact has it."""

    L1 = "L1", _("1st level")
    L2 = "L2", _("2nd level")


class Action(StrEnum):
    SEE = "see"
    OPEN = "open"
    REPLY = "reply"
    ESCALATE = "escalate"
    CLOSE = "close"
    REOPEN = "reopen"
    READ_REPORTS = "read reports"
    MANAGE_CONTACTS = "manage contacts"


WORK = frozenset({Action.SEE, Action.OPEN, Action.REPLY, Action.ESCALATE, Action.CLOSE, Action.REOPEN})

MAY: Mapping[Role, frozenset[Action]] = {
    Role.MEMBER: WORK,
    Role.ADMIN: WORK | {Action.READ_REPORTS, Action.MANAGE_CONTACTS},
    Role.MANAGER: frozenset({Action.SEE, Action.ESCALATE, Action.READ_REPORTS}),
}


@dataclass(frozen=True)
class Standing:
    """What the licence looks at. Days count in the partner's own time zone, the last one included."""

    role: Role
    authorized_from: date
    authorized_until: date | None
    suspended_at: datetime | None
    revoked_at: datetime | None
    time_zone: str


@dataclass(frozen=True)
class Refusal:
    reason: Promise | str
    ask: Promise | str


ASK_ADMIN = _("Ask your partner admin, who can change this.")
ASK_SUPPORT = _("Ask your partner admin. If your company has none, ask Retarus Support in text form.")


def refusal(standing: Standing | None, action: Action, now: datetime) -> Refusal | None:
    """Why `action` is refused at `now` and who can change it; None when it is allowed."""
    if standing is None:
        return Refusal(_("You are not named as a support contact of any partner."), ASK_SUPPORT)
    return _out_of_force(standing, now) or _beyond_role(standing.role, action)


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
    return None


BEYOND: Mapping[Action, Promise] = {
    Action.SEE: _("Your role does not include seeing tickets."),
    Action.OPEN: _("Your role does not include opening tickets."),
    Action.REPLY: _("Your role does not include answering tickets."),
    Action.ESCALATE: _("Your role does not include escalating tickets."),
    Action.CLOSE: _("Your role does not include closing tickets."),
    Action.REOPEN: _("Your role does not include reopening tickets."),
    Action.READ_REPORTS: _("Your role does not include reading reports."),
    Action.MANAGE_CONTACTS: _("Your role does not include managing contacts."),
}


def _beyond_role(role: Role, action: Action) -> Refusal | None:
    return None if action in MAY[role] else Refusal(BEYOND[action], ASK_ADMIN)
