"""The agents' desk: Django's own admin over tickets. It reads rows and calls `tickets.workflow`; it writes no ticket.

`desk` is the ticket's admin; its list is built from `columns`, `filters`, `paging` and `bulk`, its page from `acts`,
`forms` and `page`. `known_issues` is where those are declared, told on and resolved; `reference` the rest.
"""

from tickets.admin.desk import TicketAdmin
from tickets.admin.known_issues import KnownIssueAdmin
from tickets.admin.reference import EscalationAdmin, ResponseTargetAdmin

__all__ = ["EscalationAdmin", "KnownIssueAdmin", "ResponseTargetAdmin", "TicketAdmin"]
