"""Which status may follow which, and who may do what to a ticket in which status.

The table is the only truth: forms, admin, workflow and tests read it. No queries here.
"""

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("With Retarus")
    WAITING = "waiting", _("Waiting for partner")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


NEXT: Mapping[Status, tuple[Status, ...]] = {
    Status.NEW: (Status.OPEN, Status.WAITING, Status.RESOLVED, Status.CLOSED),
    Status.OPEN: (Status.WAITING, Status.RESOLVED, Status.CLOSED),
    Status.WAITING: (Status.OPEN, Status.RESOLVED, Status.CLOSED),
    Status.RESOLVED: (Status.OPEN, Status.CLOSED),
    Status.CLOSED: (Status.OPEN,),
}

#: In the vendor's or the partner's hands, not yet answered for good.
UNSETTLED = (Status.NEW, Status.OPEN, Status.WAITING)
#: The vendor's clock runs.
RUNNING = (Status.NEW, Status.OPEN)
SETTLED = (Status.RESOLVED, Status.CLOSED)


class IllegalTransition(Exception):
    """A status that may not follow the present one, said in the reader's words."""

    def __init__(self, now: Status, new: Status) -> None:
        self.now, self.new = now, new
        super().__init__(now, new)

    def __str__(self) -> str:
        return gettext("A ticket cannot go from “%(now)s” to “%(new)s”.") % {
            "now": self.now.label,
            "new": self.new.label,
        }


def check(now: Status, new: Status) -> None:
    """Raise IllegalTransition unless `new` may follow `now`."""
    if new not in NEXT[now]:
        raise IllegalTransition(now, new)


class Deed(StrEnum):
    """What a person may do to a ticket that exists."""

    SEE = "see"
    REPLY = "reply"
    ESCALATE = "escalate"
    CLOSE = "close"
    REOPEN = "reopen"
    NOTE = "note"
    ASSIGN = "assign"
    CHANGE_STATUS = "change status"
    CHANGE_PRIORITY = "change priority"
    SET_EXPECTED = "set expected date"
    GIVE_VERDICT = "give verdict"
    RESOLVE = "resolve"
    ASK_BACK = "ask back"
    JOIN = "join known issue"
    LEAVE = "leave known issue"
    CONFIRM = "confirm that it is fixed"
    DENY = "say that it is not fixed"


#: In which status a deed makes sense at all, whoever does it.
WHEN: Mapping[Deed, tuple[Status, ...]] = {
    Deed.SEE: tuple(Status),
    Deed.REPLY: (*UNSETTLED, Status.RESOLVED),
    Deed.ESCALATE: UNSETTLED,
    Deed.CLOSE: (*UNSETTLED, Status.RESOLVED),
    Deed.REOPEN: SETTLED,
    Deed.NOTE: tuple(Status),
    Deed.ASSIGN: UNSETTLED,
    Deed.CHANGE_STATUS: tuple(Status),
    Deed.CHANGE_PRIORITY: UNSETTLED,
    Deed.SET_EXPECTED: UNSETTLED,
    Deed.GIVE_VERDICT: tuple(Status),
    Deed.RESOLVE: UNSETTLED,
    Deed.ASK_BACK: UNSETTLED,
    Deed.JOIN: UNSETTLED,
    Deed.LEAVE: UNSETTLED,
    Deed.CONFIRM: UNSETTLED,
    Deed.DENY: UNSETTLED,
}

#: What a contact's licence calls the deed (contacts.licence.Action); deeds that are missing are the vendor's alone.
PARTNERS: Mapping[Deed, str] = {
    Deed.SEE: "see",
    Deed.REPLY: "reply",
    Deed.ESCALATE: "escalate",
    Deed.CLOSE: "close",
    Deed.REOPEN: "reopen",
    Deed.JOIN: "reply",
    Deed.LEAVE: "reply",
    Deed.CONFIRM: "reply",
    Deed.DENY: "reply",
}

#: The Django permission a member of the vendor's staff needs.
STAFFS: Mapping[Deed, str] = {
    Deed.SEE: "tickets.view_ticket",
    Deed.REPLY: "tickets.change_ticket",
    Deed.ESCALATE: "tickets.change_ticket",
    Deed.CLOSE: "tickets.change_ticket",
    Deed.REOPEN: "tickets.change_ticket",
    Deed.NOTE: "tickets.change_ticket",
    Deed.ASSIGN: "tickets.change_ticket",
    Deed.CHANGE_STATUS: "tickets.change_ticket",
    Deed.CHANGE_PRIORITY: "tickets.change_ticket",
    Deed.SET_EXPECTED: "tickets.change_ticket",
    Deed.GIVE_VERDICT: "tickets.change_ticket",
    Deed.RESOLVE: "tickets.change_ticket",
    Deed.ASK_BACK: "tickets.change_ticket",
    Deed.JOIN: "tickets.change_ticket",
    Deed.LEAVE: "tickets.change_ticket",
    Deed.CONFIRM: "tickets.change_ticket",
    Deed.DENY: "tickets.change_ticket",
}

TOO_LATE: Mapping[Deed, Promise] = {
    Deed.REPLY: _("This ticket is closed. Reopen it to go on writing."),
    Deed.ESCALATE: _("This ticket is settled. Reopen it before you escalate it."),
    Deed.CLOSE: _("This ticket is closed already."),
    Deed.REOPEN: _("This ticket is open already."),
    Deed.ASSIGN: _("This ticket is settled. Reopen it before you assign it."),
    Deed.CHANGE_PRIORITY: _("This ticket is settled. Reopen it before you change its priority."),
    Deed.SET_EXPECTED: _("This ticket is settled. An expected date would promise nothing."),
    Deed.RESOLVE: _("This ticket is settled already."),
    Deed.ASK_BACK: _("This ticket is settled. Nothing is missing any more."),
    Deed.JOIN: _("This ticket is settled. Reopen it before it joins a known issue."),
    Deed.LEAVE: _("This ticket is settled. Reopen it if it is another matter."),
    Deed.CONFIRM: _("This ticket is settled already."),
    Deed.DENY: _("This ticket is settled already. Reopen it if something is still wrong."),
}


class NotNow(Exception):
    """The deed makes no sense in the ticket's present status, said in the reader's words."""

    def __init__(self, deed: Deed) -> None:
        self.deed = deed
        super().__init__(deed)

    def __str__(self) -> str:
        return str(TOO_LATE[self.deed])


def check_deed(deed: Deed, now: Status) -> None:
    """Raise NotNow unless `deed` makes sense in status `now`."""
    if now not in WHEN[deed]:
        raise NotNow(deed)
