"""What can happen to a contact. Each function is one business event: one transaction, the partner's row locked first,
so that two changes of one partner's contacts come one after the other, and a line of history beside the change.
Portal and admin call the same functions.
"""

from contacts.workflow.changing import amend, prefer, renew, resume, suspend, withdraw
from contacts.workflow.expiring import notice_expiring, suspend_ended
from contacts.workflow.naming import accept_invitation, invite, invite_again, open_invitation

__all__ = [
    "accept_invitation",
    "amend",
    "invite",
    "invite_again",
    "notice_expiring",
    "open_invitation",
    "prefer",
    "renew",
    "resume",
    "suspend",
    "suspend_ended",
    "withdraw",
]
