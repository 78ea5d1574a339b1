"""What happens: tickets, what was said and attached, what was shown as evidence, and who did what when."""

from tickets.models.bonds import TicketService, TicketTenant
from tickets.models.checklist import AskBack, AskBackQuerySet, ChecklistEntry, ChecklistEntryQuerySet
from tickets.models.conversation import Attachment, AttachmentQuerySet, Message, MessageQuerySet, stored_under
from tickets.models.draft import Draft, DraftFile, DraftFileQuerySet, DraftQuerySet
from tickets.models.events import Escalation, EscalationQuerySet, Event, EventQuerySet
from tickets.models.known_issues import (
    KnownIssue,
    KnownIssueJoin,
    KnownIssueJoinQuerySet,
    KnownIssueNotice,
    KnownIssueNoticeQuerySet,
    KnownIssueQuerySet,
    KnownIssueUpdate,
    KnownIssueUpdateQuerySet,
)
from tickets.models.requirement import Requirement, RequirementQuerySet
from tickets.models.targets import ResponseTarget
from tickets.models.ticket import Example, Ticket, TicketManager, TicketQuerySet, matters

__all__ = [
    "AskBack",
    "AskBackQuerySet",
    "Attachment",
    "AttachmentQuerySet",
    "ChecklistEntry",
    "ChecklistEntryQuerySet",
    "Draft",
    "DraftFile",
    "DraftFileQuerySet",
    "DraftQuerySet",
    "Escalation",
    "EscalationQuerySet",
    "Event",
    "EventQuerySet",
    "Example",
    "KnownIssue",
    "KnownIssueJoin",
    "KnownIssueJoinQuerySet",
    "KnownIssueNotice",
    "KnownIssueNoticeQuerySet",
    "KnownIssueQuerySet",
    "KnownIssueUpdate",
    "KnownIssueUpdateQuerySet",
    "Message",
    "MessageQuerySet",
    "Requirement",
    "RequirementQuerySet",
    "ResponseTarget",
    "Ticket",
    "TicketManager",
    "TicketQuerySet",
    "TicketService",
    "TicketTenant",
    "matters",
    "stored_under",
]
