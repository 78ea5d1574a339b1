"""What can happen to a ticket. Each function is one business event: one transaction, the row locked first, an Event
beside the change and the mails as Delivery rows. Browser, admin, mail and clock all come through here."""

from tickets.workflow.escalation import escalate, notice_overdue
from tickets.workflow.files import Refused, Upload
from tickets.workflow.gate import NotAuthorized, Stale
from tickets.workflow.handling import (
    VerdictMissing,
    assign,
    change_priority,
    change_status,
    close,
    give_verdict,
    reopen,
    resolve,
    set_expected,
)
from tickets.workflow.opening import Incomplete, Opening, UnknownRelated, open_ticket
from tickets.workflow.talking import note, reply

__all__ = [
    "Incomplete",
    "NotAuthorized",
    "Opening",
    "Refused",
    "Stale",
    "UnknownRelated",
    "Upload",
    "VerdictMissing",
    "assign",
    "change_priority",
    "change_status",
    "close",
    "escalate",
    "give_verdict",
    "note",
    "notice_overdue",
    "open_ticket",
    "reopen",
    "reply",
    "resolve",
    "set_expected",
]
