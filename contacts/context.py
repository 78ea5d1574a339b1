"""What the frame of every page needs to know of its reader."""

from typing import Any

from django.http import HttpRequest

from contacts.licence import Action


def reader(request: HttpRequest) -> dict[str, Any]:
    """`contact` (or None) and `may_*` flags for the navigation; nothing for strangers, and no query for them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    if user.is_staff:
        return {"contact": None, "may_open": False, "may_read_reports": True, "may_manage_contacts": False}
    refused = user.refusal(Action.OPEN)
    return {
        "contact": user.contact,
        "may_open": refused is None or bool(refused.way),  # a gate the reader can open is shown, with the way to it
        "may_read_reports": user.may(Action.READ_REPORTS),
        "may_manage_contacts": user.may(Action.MANAGE_CONTACTS),
    }
