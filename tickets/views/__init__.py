"""What a browser may ask about tickets."""

from tickets.views.acting import ticket_close, ticket_escalate, ticket_reopen, ticket_reply
from tickets.views.beside import ticket_beside, ticket_missing
from tickets.views.filing import ticket_create, ticket_examples
from tickets.views.reading import attachment, home, search, ticket_detail, ticket_list

__all__ = [
    "attachment",
    "home",
    "search",
    "ticket_beside",
    "ticket_close",
    "ticket_create",
    "ticket_detail",
    "ticket_escalate",
    "ticket_examples",
    "ticket_list",
    "ticket_missing",
    "ticket_reopen",
    "ticket_reply",
]
