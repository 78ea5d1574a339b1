"""What an agent reads off a ticket's clock: a word for the colour, the time in words, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from contacts.moments import exactly, span
from tickets.models import Ticket
from tickets.queues import SOON
from tickets.status import Status

ZERO = timedelta(0)

#: Beside the words, because colour alone tells nobody anything.
ICONS = {"overdue": "warning", "soon": "clock", "due": "clock", "waiting": "pause", "settled": "check"}


@dataclass(frozen=True)
class Face:
    """`state` is one of overdue, soon, due, waiting, settled; `at` the moment that `words` speak of."""

    state: str
    words: str
    at: datetime | None

    @property
    def icon(self) -> str:
        return ICONS[self.state]

    @property
    def exact(self) -> str:
        return exactly(self.at) if self.at else ""


def read(ticket: Ticket, now: datetime) -> Face:
    if ticket.due_at is None:
        return _standing(ticket, now)
    left = ticket.due_at - now
    length = {"length": lasting(abs(left))}
    if left <= ZERO:
        late = _("Resolution overdue since %(length)s") if ticket.responded_at else _("Answer overdue since %(length)s")
        return Face("overdue", late % length, ticket.due_at)
    ahead = _("Resolution due in %(length)s") if ticket.responded_at else _("Answer due in %(length)s")
    return Face("soon" if left <= SOON else "due", ahead % length, ticket.due_at)


def _standing(ticket: Ticket, now: datetime) -> Face:
    if ticket.status != Status.WAITING:
        return Face("settled", _("Stands: %(status)s") % {"status": ticket.get_status_display()}, ticket.paused_at)
    since = lasting(now - (ticket.paused_at or now))
    return Face("waiting", _("Stands: waiting for partner since %(length)s") % {"length": since}, ticket.paused_at)


def lasting(length: timedelta) -> str:
    return span(length) if length >= timedelta(minutes=1) else _("less than a minute")


def why(ticket: Ticket) -> list[str]:
    """How the clock came to what it says: priority, service level, targets, and how long it stood."""
    said = [_targets(ticket)]
    if ticket.responded_at:
        late = ticket.responded_at - ticket.response_due_at
        said.append(
            _("Answered %(length)s late.") % {"length": lasting(late)} if late > ZERO else _("Answered in time.")
        )
    if ticket.paused:
        said.append(_("It has stood for %(length)s; that time does not count.") % {"length": lasting(ticket.paused)})
    if ticket.status == Status.WAITING:
        said.append(_("It runs again when the partner answers."))
    return said


def _targets(ticket: Ticket) -> str:
    """As far as they can still be read off the due moments: that of the answer stays as it was when it was given."""
    start = ticket.opened_at + ticket.paused
    targets = {
        "priority": ticket.get_priority_display(),
        "level": ticket.service_level.name if ticket.service_level else _("no service level"),
        "answer": span(ticket.response_due_at - start),
        "solution": span(ticket.resolution_due_at - start),
    }
    if ticket.responded_at:
        return _("%(priority)s, %(level)s: resolution in %(solution)s.") % targets
    return _("%(priority)s, %(level)s: answer in %(answer)s, resolution in %(solution)s.") % targets
