"""What can happen to a ticket, and to its draft before. Each function is one business event: one transaction, the row
locked first, an Event beside the change and the mails as Delivery rows. Browser, admin, mail and clock all come
through here."""

from tickets.workflow.binding import NotJoinable
from tickets.workflow.deflection import end_without_ticket, go_on_to_ticket
from tickets.workflow.drafting import (
    AlreadySent,
    ChangedElsewhere,
    NotKept,
    TooLong,
    TooManyDrafts,
    Typing,
    Writer,
    attach_to_draft,
    discard_draft,
    drop_file,
    expire_drafts,
    keep_draft,
    warn_of_expiry,
)
from tickets.workflow.escalation import escalate, notice_overdue
from tickets.workflow.files import NotStored, Refused, Upload
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
from tickets.workflow.sweeping import remove_orphans
from tickets.workflow.talking import ask_back, note, reply
from tickets.workflow.telling import Audience, audience_of, settle_confirmed_by_silence, tell_known_issues

__all__ = [
    "AlreadySent",
    "Audience",
    "ChangedElsewhere",
    "Declaration",
    "Incomplete",
    "Joining",
    "NotAuthorized",
    "NotJoinable",
    "NotJoined",
    "NotKept",
    "NotStored",
    "Opening",
    "Refused",
    "ResolvedAlready",
    "Stale",
    "TooLong",
    "TooManyDrafts",
    "Typing",
    "UnknownRelated",
    "Upload",
    "VerdictMissing",
    "Writer",
    "ask_back",
    "assign",
    "attach_to_draft",
    "audience_of",
    "change_priority",
    "change_status",
    "close",
    "confirm_fixed",
    "correct_known_issue",
    "declare_known_issue",
    "deny_fixed",
    "discard_draft",
    "drop_file",
    "end_without_ticket",
    "escalate",
    "expire_drafts",
    "give_verdict",
    "go_on_to_ticket",
    "join_known_issue",
    "keep_draft",
    "leave_known_issue",
    "link_known_issue",
    "note",
    "notice_overdue",
    "open_ticket",
    "remove_orphans",
    "reopen",
    "reply",
    "resolve",
    "resolve_known_issue",
    "set_expected",
    "settle_confirmed_by_silence",
    "tell_known_issues",
    "update_known_issue",
    "warn_of_expiry",
]
