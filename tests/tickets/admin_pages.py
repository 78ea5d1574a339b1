"""Reading the pages of the agents' admin in tests."""

import html
import re
from typing import Any

from django.test import Client
from django.urls import reverse

from contacts.models import User
from tickets.models import Ticket

LIST = "/admin/tickets/ticket/"

#: Something valid for each deed on a new ticket, or on a closed one for `reopen`.
VALID = {
    "reply": {"body": "We look at it."},
    "ask": {"items": ["phone"]},
    "note": {"body": "Same as last week."},
    "assign": {"to": ""},
    "status": {"new": "open"},
    "priority": {"new": "1", "reason": "It is graver."},
    "expected": {"at": "2099-12-01T14:30", "reason": "A part is missing."},
    "verdict": {"verdict": "unclear"},
    "resolve": {"verdict": "vendor", "resolution": "Restarted."},
    "escalate": {"reason": "Help."},
    "close": {"reason": "Done."},
    "reopen": {"reason": "It is back."},
}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_url(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.pk])


def act_url(ticket: Ticket, act: str) -> str:
    return reverse(f"admin:tickets_ticket_{act}", args=[ticket.pk])


def act(client: Client, ticket: Ticket, name: str, **data: Any) -> Any:
    """Send the form of a deed as the page of the ticket's present version would."""
    seen = Ticket.objects.get(pk=ticket.pk).version
    return client.post(act_url(ticket, name), {"seen": seen, **data})


def numbers(response: Any) -> list[str]:
    """What the list shows, in its order."""
    return [ticket.number for ticket in response.context["cl"].result_list]


def words(response: Any) -> str:
    """The text of a page as it is read: without tags, white space put together."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def said(response: Any) -> list[str]:
    """The messages that the next page shows."""
    return [str(message) for message in response.wsgi_request._messages]


def state(ticket: Ticket) -> dict[str, Any]:
    """Every column, to be compared whole."""
    return Ticket.objects.filter(pk=ticket.pk).values().get()
