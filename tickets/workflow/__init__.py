"""What can happen to a ticket. Each function is one business event: one transaction, the row locked first, an Event
beside the change and the mails as Delivery rows. Browser, admin, mail and clock all come through here."""

from tickets.workflow.binding import NotJoinable
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
from tickets.workflow.joining import (
    Joining,
    NotJoined,
    confirm_fixed,
    deny_fixed,
    join_known_issue,
    leave_known_issue,
    link_known_issue,
)
from tickets.workflow.known_issues import (
    Declaration,
    ResolvedAlready,
    correct_known_issue,
    declare_known_issue,
    resolve_known_issue,
    update_known_issue,
)
from tickets.workflow.opening import Incomplete, Opening, UnknownRelated, open_ticket
from tickets.workflow.talking import note, reply
from tickets.workflow.telling import Audience, audience_of, settle_confirmed_by_silence, tell_known_issues

__all__ = [
    "Audience",
    "Declaration",
    "Incomplete",
    "Joining",
    "NotAuthorized",
    "NotJoinable",
    "NotJoined",
    "Opening",
    "Refused",
    "ResolvedAlready",
    "Stale",
    "UnknownRelated",
    "Upload",
    "VerdictMissing",
    "assign",
    "audience_of",
    "change_priority",
    "change_status",
    "close",
    "confirm_fixed",
    "correct_known_issue",
    "declare_known_issue",
    "deny_fixed",
    "escalate",
    "give_verdict",
    "join_known_issue",
    "leave_known_issue",
    "link_known_issue",
    "note",
    "notice_overdue",
    "open_ticket",
    "reopen",
    "reply",
    "resolve",
    "resolve_known_issue",
    "set_expected",
    "settle_confirmed_by_silence",
    "tell_known_issues",
    "update_known_issue",
]
