"""A complete ticket of each type, to be changed by the test that needs another one."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from contacts.models import User
from tests.cast import Cast
from tickets import workflow
from tickets.models import Ticket
from tickets.moments import Moment
from tickets.priority import Impact, Urgency
from tickets.qualification import TOLD, Answer
from tickets.requirements import Item, TicketType
from tickets.workflow import Opening

EXAMPLE = {
    "occurred": "27.08.2019 - 11:02 UTC+2",
    "sender": "news@bergbahn.example",
    "recipient": "gast@example.net",
    "status": "550 5.1.1 user unknown",
    "log_extract": "",
}

#: How the steps of both levels came out, for an incident filed by either.
QUALIFIED = {
    Item.CUSTOMER_INFORMATION: Answer("missing", "The recipient's address."),
    Item.TRIAGE: Answer(TOLD, "A test mail to another provider arrives."),
    Item.REMOTE_CONNECTION: Answer("works"),
    Item.RECORDS_SEARCHED: Answer("nothing"),
    Item.CUSTOMISATION: Answer("standard"),
    Item.SYSTEM_ACCESS: Answer("not needed"),
}


def incident(cast: Cast, **changes: Any) -> Opening:
    complete = Opening(
        type=TicketType.INCIDENT,
        submission=uuid.uuid4(),
        subject="Mail to one provider bounces",
        description="Since this morning all mail to example.net comes back.",
        impact_description="Guests get no booking confirmation.",
        impact=Impact.MEDIUM,
        urgency=Urgency.HIGH,
        phone="+498955280000",
        tenants=[cast.rs1],
        services=[cast.email_security],
        started=Moment(datetime(2019, 8, 27, 9, 0, tzinfo=UTC), 120),
        interface="SMTP, mx1.bergbahn.example",
        error_pattern="550 5.1.1",
        affected_count=1,
        reproduced="yes",
        reproduction_steps="Send any mail to gast@example.net.",
        actions_taken="Checked Live Search, sent a test mail.",
        tests_allowed=True,
        known=False,
        examples=[EXAMPLE],
        qualification=QUALIFIED,
    )
    return replace(complete, **changes)


def service_request(cast: Cast, **changes: Any) -> Opening:
    complete = Opening(
        type=TicketType.SERVICE_REQUEST,
        submission=uuid.uuid4(),
        subject="Daily report as CSV",
        description="Please send the report every morning.",
        impact_description="Today somebody fetches it by hand.",
        impact=Impact.LOW,
        urgency=Urgency.LOW,
        phone="+498955280000",
        tenants=[cast.rs1],
        services=[cast.transactional_email],
        examples=[EXAMPLE],
    )
    return replace(complete, **changes)


def change(cast: Cast, **changes: Any) -> Opening:
    complete = Opening(
        type=TicketType.CHANGE,
        submission=uuid.uuid4(),
        subject="New outbound address",
        description="Our relay moves to another address on Sunday.",
        impact_description="Mail stops if the old address stays.",
        impact=Impact.LOW,
        urgency=Urgency.MEDIUM,
        phone="+498955280000",
        tests_allowed=False,
    )
    return replace(complete, **changes)


def opened(cast: Cast, by: User | None = None, **changes: Any) -> Ticket:
    """An incident that stands, opened by alice unless said otherwise."""
    return workflow.open_ticket(by=by or cast.alice, opening=incident(cast, **changes))
