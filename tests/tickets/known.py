"""A known issue as an agent declares it, and what a contact says to join it."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from contacts.models import User
from tests.cast import Cast
from tests.tickets.openings import EXAMPLE
from tickets import workflow
from tickets.models import KnownIssue, Ticket
from tickets.workflow import Declaration, Joining


def declaration(cast: Cast, **changes: Any) -> Declaration:
    complete = Declaration(
        title_en="Mail to some providers is late",
        title_de="Mails an einige Provider kommen verspätet an",
        body_en="A relay in DE1 is overloaded.",
        body_de="Ein Relay in DE1 ist überlastet.",
        services=[cast.email_security],
        data_centres=["DE1"],
        patterns=["451 4.7.1", "greylisted"],
        starts_at=timezone.now() - timedelta(hours=2),
    )
    return replace(complete, **changes)


def declared(cast: Cast, **changes: Any) -> KnownIssue:
    return workflow.declare_known_issue(by=cast.carol, declaration=declaration(cast, **changes))


def joining(cast: Cast, **changes: Any) -> Joining:
    complete = Joining(
        submission=uuid.uuid4(),
        phone="+498955280000",
        tenants=[cast.rs1],
        affected_count=3,
        examples=[EXAMPLE],
        remark="Only since noon.",
    )
    return replace(complete, **changes)


def joined(cast: Cast, issue: KnownIssue, by: User | None = None, **changes: Any) -> Ticket:
    """A light ticket, by alice unless said otherwise."""
    return workflow.join_known_issue(issue, by=by or cast.alice, joining=joining(cast, **changes))


def mallorys(cast: Cast, issue: KnownIssue, **changes: Any) -> Ticket:
    return joined(cast, issue, by=cast.mallory, **{"tenants": [cast.other_tenant], **changes})


def resolved(cast: Cast, issue: KnownIssue) -> None:
    """Resolved, and everybody who joined is asked."""
    workflow.resolve_known_issue(
        issue,
        by=cast.carol,
        verdict=Ticket.Verdict.VENDOR,
        resolution_en="The relay was replaced.",
        resolution_de="Das Relay wurde ersetzt.",
    )
    workflow.tell_known_issues(timezone.now())
