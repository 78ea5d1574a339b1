"""What a browser may ask about tickets."""

from tickets.views.acting import ticket_close, ticket_escalate, ticket_reopen, ticket_reply
from tickets.views.beside import ticket_beside, ticket_missing
from tickets.views.deflection import ticket_articles, ticket_solved
from tickets.views.drafts import draft_discard, draft_files, draft_keep
from tickets.views.filing import ticket_create, ticket_examples
from tickets.views.joining import ticket_fixed, ticket_leave, ticket_link, ticket_not_fixed
from tickets.views.known_issues import known_issue, known_issue_join, known_issues
from tickets.views.reading import attachment, home, search, ticket_detail, ticket_list

__all__ = [
    "attachment",
    "draft_discard",
    "draft_files",
    "draft_keep",
    "home",
    "known_issue",
    "known_issue_join",
    "known_issues",
    "search",
    "ticket_articles",
    "ticket_beside",
    "ticket_close",
    "ticket_create",
    "ticket_detail",
    "ticket_escalate",
    "ticket_examples",
    "ticket_fixed",
    "ticket_leave",
    "ticket_link",
    "ticket_list",
    "ticket_missing",
    "ticket_not_fixed",
    "ticket_reopen",
    "ticket_reply",
    "ticket_solved",
]
