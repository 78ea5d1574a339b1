"""What a browser may ask about contacts and their training."""

from contacts.views.contacts import (
    contact_detail,
    contact_edit,
    contact_invite,
    contact_invite_again,
    contact_list,
    contact_renew,
    contact_resume,
    contact_suspend,
    contact_withdraw,
    invitation,
    password_reset,
    preferences,
)
from contacts.views.readiness import onboarding, readiness_csv, readiness_list
from contacts.views.training import session_detail, session_enrol, session_give_back, session_list

__all__ = [
    "contact_detail",
    "contact_edit",
    "contact_invite",
    "contact_invite_again",
    "contact_list",
    "contact_renew",
    "contact_resume",
    "contact_suspend",
    "contact_withdraw",
    "invitation",
    "onboarding",
    "password_reset",
    "preferences",
    "readiness_csv",
    "readiness_list",
    "session_detail",
    "session_enrol",
    "session_give_back",
    "session_list",
]
