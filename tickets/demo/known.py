"""The known issue of today: mail is late, and one ticket of each partner has joined it."""

from datetime import datetime, timedelta

from contacts.demo import People
from contacts.models import Service
from tickets import workflow
from tickets.models import KnownIssue, Ticket
from tickets.workflow import Declaration
from tickets.workflow.binding import bind

CODE = "451 4.7.1"


def declare(people: People, now: datetime) -> KnownIssue:
    """Declared by the agent, joined by what today's tickets say of the same error. Nobody gets mail for it."""
    declaration = Declaration(
        title_en="Inbound mail is late",
        title_de="Eingehende E-Mails kommen verspätet an",
        body_en="The sandboxing has a backlog, so inbound mail waits for up to an hour. Nothing is lost. "
        "We are adding nodes.",
        body_de="Im Sandboxing hat sich ein Rückstau gebildet, deshalb warten eingehende E-Mails bis zu einer Stunde. "
        "Verloren geht nichts. Wir nehmen weitere Knoten in Betrieb.",
        services=[Service.objects.get(code="email-security")],
        patterns=[CODE],
        starts_at=now - timedelta(hours=2),
        expected_at=(now + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0),
        impact="high",
        urgency="high",
    )
    issue = workflow.declare_known_issue(by=people.desk.agent, declaration=declaration)
    today = Ticket.objects.unsettled().filter(error_pattern__contains=CODE, opened_at__gt=issue.starts_at)
    for ticket in today.select_related("opened_by__user").order_by("pk"):
        bind(ticket, issue, by=ticket.opened_by.user, now=now)
    return issue
