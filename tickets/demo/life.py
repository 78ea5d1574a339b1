"""One ticket's life, told forward in time: rows as the workflow would have written them, kept in memory.

The rules are the workflow's own (status table, clock, what follows from an answer); only the writing is put off, so
that some hundred lives are stored in a handful of statements. tests/tickets/test_demo.py does them over with the
workflow and compares. No mail is queued: nobody is to be told about what happened a year ago.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from contacts.models import User
from tickets import status
from tickets.clock import Target, due
from tickets.models import Escalation, Event, Message, Ticket
from tickets.priority import Priority
from tickets.status import Deed, Status
from tickets.workflow import Opening
from tickets.workflow.files import Upload
from tickets.workflow.gate import move, wind
from tickets.workflow.talking import after_reply

#: The clock comes round once a minute.
ROUND_SECONDS = 60


class NotYet(Exception):
    """The story would go on after now: it ends here, unfinished, as stories of today do."""


@dataclass
class Life:
    """`targets` are those of the ticket's service level by priority. Moments are in UTC; none lies after `now`."""

    ticket: Ticket
    opening: Opening
    targets: dict[int, Target]
    now: datetime
    rng: Random
    events: list[Event] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)
    said: dict[int, Message] = field(default_factory=dict)  # by version of the event that tells of it
    files: list[tuple[Upload, Message | None, datetime]] = field(default_factory=list)
    related: list[Ticket] = field(default_factory=list)

    def open(self) -> None:
        self.events.append(
            Event(
                ticket=self.ticket,
                kind=Event.Kind.OPENED,
                actor=self.ticket.opened_by.user,
                data={"channel": "portal"},
                version=1,
                created_at=self.ticket.opened_at,
            )
        )

    @property
    def at(self) -> datetime:
        return self.ticket.touched_at

    def reply(self, by: User, body: str, at: datetime, *, wait: bool = False, files: Sequence[Upload] = ()) -> None:
        at = self._begin(Deed.REPLY, at)
        before = Status(self.ticket.status)
        self.ticket.spoken_by_partner = not by.is_staff
        if by.is_staff:
            self.ticket.responded_at = self.ticket.responded_at or at
        after = after_reply(before, by_partner=not by.is_staff, wait=wait)
        if after != before:
            move(self.ticket, after, at)
        else:
            wind(self.ticket)
        message = self._say(by, body, at)
        self.files += [(file, message, at) for file in files]
        self._record(Event.Kind.REPLIED, by, at, message, before=before, after=after)

    def note(self, by: User, body: str, at: datetime) -> None:
        at = self._begin(Deed.NOTE, at)
        self._record(Event.Kind.NOTED, by, at, self._say(by, body, at, internal=True), internal=True)

    def assign(self, by: User, to: User, at: datetime) -> None:
        at = self._begin(Deed.ASSIGN, at)
        before, self.ticket.assignee = self.ticket.assignee, to
        self._record(Event.Kind.ASSIGNED, by, at, internal=True, before=str(before or ""), after=str(to))

    def change_priority(self, by: User, new: Priority, reason: str, at: datetime) -> None:
        at = self._begin(Deed.CHANGE_PRIORITY, at)
        before, self.ticket.priority = Priority(self.ticket.priority), new
        dues = due(self.ticket.opened_at, self.targets[new], self.ticket.paused)
        self.ticket.resolution_due_at = dues.resolution_due_at
        if self.ticket.responded_at is None:
            self.ticket.response_due_at = dues.response_due_at
        wind(self.ticket)
        self._record(Event.Kind.PRIORITY, by, at, before=before.label, after=new.label, reason=reason)

    def set_expected(self, by: User, expected_at: datetime, reason: str, at: datetime) -> None:
        at = self._begin(Deed.SET_EXPECTED, at)
        before, self.ticket.expected_at = self.ticket.expected_at, expected_at.astimezone(UTC)
        after = self.ticket.expected_at
        self._record(Event.Kind.EXPECTED, by, at, before_at=before, after_at=after, reason=reason)

    def give_verdict(self, by: User, verdict: str, at: datetime) -> None:
        at = self._begin(Deed.GIVE_VERDICT, at)
        before, self.ticket.verdict = self.ticket.verdict, verdict
        self._record(Event.Kind.VERDICT, by, at, before=before, after=verdict)

    def resolve(self, by: User, resolution: str, at: datetime) -> None:
        at = self._begin(Deed.RESOLVE, at)
        self.ticket.resolution = resolution
        self.ticket.responded_at = self.ticket.responded_at or at
        self.ticket.spoken_by_partner = False
        move(self.ticket, Status.RESOLVED, at)
        self._record(Event.Kind.RESOLVED, by, at, resolution=resolution)

    def close(self, by: User, at: datetime, reason: str = "") -> None:
        at = self._begin(Deed.CLOSE, at)
        move(self.ticket, Status.CLOSED, at)
        self._record(Event.Kind.CLOSED, by, at, reason=reason)

    def reopen(self, by: User, reason: str, at: datetime) -> None:
        at = self._begin(Deed.REOPEN, at)
        self.ticket.spoken_by_partner = not by.is_staff
        move(self.ticket, Status.OPEN, at)
        self._record(Event.Kind.REOPENED, by, at, self._say(by, reason, at))

    def escalate(self, by: User, reason: str, at: datetime) -> None:
        at = self._begin(Deed.ESCALATE, at)
        self.ticket.escalated_at = at
        self._escalation(Escalation.Step.PERSON, at, by=by, reason=reason)
        self._record(Event.Kind.ESCALATED, by, at, reason=reason)

    def notice_overdue(self, until: datetime) -> None:
        """What the clock has seen by `until`."""
        due_at = self.ticket.due_at
        if due_at is None or due_at >= until or self.ticket.overdue_noticed_at:
            return
        at = max(due_at, self.at) + timedelta(seconds=self.rng.uniform(1, ROUND_SECONDS))
        if at >= until:
            return  # somebody was faster than the clock
        step = Escalation.Step.RESOLUTION if self.ticket.responded_at else Escalation.Step.RESPONSE
        self.ticket.overdue_noticed_at = at
        self._escalation(step, at, due_at=due_at)
        self._record(Event.Kind.OVERDUE, None, at, internal=True, step=step, due_at=due_at)

    def _begin(self, deed: Deed, at: datetime) -> datetime:
        """When it happens: at `at`, but after what happened before. Raises NotYet."""
        at = max(at.astimezone(UTC), self.at + timedelta(seconds=self.rng.randint(8, 50)))
        if at > self.now:
            raise NotYet
        self.notice_overdue(at)
        at = max(at, self.at + timedelta(seconds=1))
        status.check_deed(deed, Status(self.ticket.status))
        return at

    def _say(self, by: User, body: str, at: datetime, *, internal: bool = False) -> Message:
        channel = Message.Channel.ADMIN if by.is_staff else Message.Channel.PORTAL
        message = Message(
            ticket=self.ticket,
            author=by,
            by_partner=not by.is_staff,
            internal=internal,
            channel=channel,
            body=body,
            created_at=at,
        )
        self.messages.append(message)
        return message

    def _escalation(self, step: Escalation.Step, at: datetime, **values: Any) -> None:
        self.escalations.append(Escalation(ticket=self.ticket, step=step, created_at=at, **values))

    def _record(
        self,
        kind: Event.Kind,
        by: User | None,
        at: datetime,
        message: Message | None = None,
        internal: bool = False,
        **data: Any,
    ) -> None:
        self.ticket.version += 1
        self.ticket.touched_at = at
        version = self.ticket.version
        if message:
            self.said[version] = message
        event = Event(
            ticket=self.ticket, kind=kind, actor=by, internal=internal, data=data, version=version, created_at=at
        )
        self.events.append(event)
