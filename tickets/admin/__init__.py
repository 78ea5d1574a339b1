"""The agents' desk: Django's own admin over tickets. It reads rows and calls `tickets.workflow`; it writes no ticket.

`desk` is the ticket's admin; its list is built from `columns`, `filters`, `paging` and `bulk`, its page from `acts`,
`forms` and `page`. `reference` holds the tables beside it.
"""

from tickets.admin.desk import TicketAdmin
from tickets.admin.reference import EscalationAdmin, ResponseTargetAdmin

__all__ = ["EscalationAdmin", "ResponseTargetAdmin", "TicketAdmin"]
