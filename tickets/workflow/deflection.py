"""An article instead of a ticket: what its reader said, kept once for each form and article (guide, section 5).

No ticket stands yet, so there is no Event; the outcome itself says who, what and when.
"""

import uuid
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from contacts.models import Contact, Service, User
from kb.models import Outcome
from kb.models.outcomes import Tried, Verdict
from tickets.models import Ticket
from tickets.workflow.gate import opener


def end_without_ticket(*, by: User, submission: uuid.UUID, tried: Tried, services: Collection[int]) -> Ticket | None:
    """The article has helped, and no ticket is needed. The ticket when this very form has become one already.

    Raises NotAuthorized for one who may not open tickets: there is none to be saved.
    """
    contact = opener(by)
    own = Ticket.objects.filter(submission=submission, opened_by=contact).only("pk")
    if not own.exists():
        with suppress(IntegrityError):  # its ticket was opened in this very moment
            _keep(contact, submission, [(tried, Verdict.SOLVED)], services, timezone.now())
    return own.first()


def go_on_to_ticket(*, by: User, submission: uuid.UUID, tried: Tried, services: Collection[int]) -> None:
    """The article has not helped, also when that turns out after it was said that it had. Raises NotAuthorized."""
    _keep(opener(by), submission, [(tried, Verdict.NOT_SOLVED)], services, timezone.now())


def carry_into_ticket(
    *, contact: Contact, submission: uuid.UUID, tried: Sequence[Tried], services: Sequence[str], now: datetime
) -> None:
    """A ticket is opened: each article that its form showed, and that nothing of it is solved. In its transaction."""
    Outcome.objects.of_form(contact, submission).followed_by_ticket(now)
    Outcome.objects.keep(
        [(each, each.verdict) for each in tried],
        contact=contact,
        submission=submission,
        services=services,
        now=now,
        ticket_opened=True,
    )


@transaction.atomic
def _keep(
    contact: Contact,
    submission: uuid.UUID,
    said: list[tuple[Tried, Verdict]],
    services: Collection[int],
    now: datetime,
) -> None:
    codes = list(Service.objects.filter(pk__in=services).order_by("position").values_list("code", flat=True))
    Outcome.objects.keep(said, contact=contact, submission=submission, services=codes, now=now)
