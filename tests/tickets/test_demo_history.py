"""The demo's history, read from all sides: it is what the workflow itself would have written."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from contacts.models import User
from tests.tickets.demos import people
from tickets import demo, workflow
from tickets.fields import EXAMPLE_COLUMNS
from tickets.models import Attachment, Escalation, Event, Message, Ticket
from tickets.moments import Moment
from tickets.priority import Impact, Priority, Urgency
from tickets.qualification import Answer
from tickets.requirements import Item, TicketType
from tickets.workflow import Opening
from tickets.workflow.opening import PLAIN


@pytest.fixture(scope="module", autouse=True)
def history(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Loaded once for all tests of this file, each of which takes back what it does."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo.load(people(), timezone.now())
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def taken_back(history: None, db: None) -> None:
    """Every test here reads the database."""


def test_the_figures_of_the_past_look_like_a_desk_that_mostly_keeps_its_word():
    by_priority = Counter(Ticket.objects.values_list("priority", flat=True))
    assert by_priority[1] < by_priority[2] < by_priority[4] < by_priority[3]
    answered = Ticket.objects.filter(responded_at__isnull=False)
    in_time = answered.filter(responded_at__lte=F("response_due_at")).count()
    assert 0.8 < in_time / answered.count() < 0.95
    known = {"joined", "left", "known", "asked", "confirmed", "denied", "settled"}  # these happen today only
    told = set(Event.objects.values_list("kind", flat=True))
    assert {kind for kind, _ in Event.Kind.choices} - told == {"status", *known}
    assert set(Escalation.objects.values_list("step", flat=True)) == {"person", "response", "resolution"}
    months = {f"{at:%Y-%m}" for at in Ticket.objects.values_list("opened_at", flat=True)}
    assert len(months) >= 14


def test_numbers_follow_the_order_of_opening():
    opened = list(Ticket.objects.order_by("pk").values_list("opened_at", flat=True))
    assert opened == sorted(opened)


def test_messages_are_found_by_search_and_notes_by_agents_alone():
    agent, contact = User.objects.get(email="agent@desk.example"), User.objects.get(email="l2@nordwind.example")
    message = Message.objects.filter(internal=False, ticket__partner__customer_id="84210").order_by("-pk")[0]
    visible = Ticket.objects.visible_to(contact)
    assert message.ticket in visible.search(f'"{" ".join(message.body.split()[:4])}"')
    note = Message.objects.filter(internal=True, ticket__partner__customer_id="84210").order_by("pk")[0]
    phrase = f'"{" ".join(note.body.split()[:4])}"'
    assert list(visible.search(phrase)) == []
    assert note.ticket in Ticket.objects.visible_to(agent).search(phrase, notes=True)


def test_attachments_are_real_files():
    for row in Attachment.objects.all():
        with row.file.open("rb") as file:
            assert len(file.read()) == row.size > 0
    assert len({row.content_type for row in Attachment.objects.all()}) >= 5


def test_no_placeholder_is_left_in_a_text():
    texts = [*Message.objects.values_list("body", flat=True)]
    for row in Ticket.objects.values_list(
        "subject", "description", "impact_description", "actions_taken", "resolution"
    ):
        texts += row
    assert [text for text in texts if "{" in text or "}" in text] == []


# --- the history, done over by the workflow


def opening_of(ticket: Ticket) -> Opening:
    """What must have been said to open it. Numbers of other tickets are left out: they are another test's."""
    plain = {name: getattr(ticket, name) for name in PLAIN}
    plain |= {"type": TicketType(ticket.type), "impact": Impact(ticket.impact), "urgency": Urgency(ticket.urgency)}
    return Opening(
        **plain,
        tenants=list(ticket.tenants.all()),
        services=list(ticket.services.all()),
        contact_persons=list(ticket.contact_persons.all()),
        started=moment(ticket.started_at, ticket.started_offset_minutes),
        ended=moment(ticket.ended_at, ticket.ended_offset_minutes),
        examples=list(ticket.examples.order_by("position").values(*EXAMPLE_COLUMNS)),
        qualification={
            Item(entry.step): Answer(entry.outcome, entry.note)
            for entry in ticket.checklist.exclude(step=Item.PRIORITY)
        },
    )


def moment(at: datetime | None, offset: int | None) -> Moment | None:
    return None if at is None else Moment(at, offset or 0)


parsed = datetime.fromisoformat


def do_over(ticket: Ticket, event: Event, said: dict[int, Message]) -> None:
    data, by = event.data, event.actor
    message = said.get(data.get("message", 0))
    body = message.body if message else ""
    deeds = {
        "replied": lambda: workflow.reply(ticket, by=by, body=body, wait=by.is_staff and data["after"] == "waiting"),
        "noted": lambda: workflow.note(ticket, by=by, body=body),
        "assigned": lambda: workflow.assign(ticket, by=by, to=User.objects.get(name=data["after"])),
        "priority": lambda: workflow.change_priority(ticket, Priority[data["after"]], by=by, reason=data["reason"]),
        "expected": lambda: workflow.set_expected(ticket, parsed(data["after_at"]), by=by, reason=data["reason"]),
        "verdict": lambda: workflow.give_verdict(ticket, Ticket.Verdict(data["after"]), by=by),
        "escalated": lambda: workflow.escalate(ticket, by=by, reason=data["reason"]),
        "overdue": lambda: workflow.notice_overdue(timezone.now()),
        "resolved": lambda: workflow.resolve(ticket, by=by, resolution=data["resolution"]),
        "closed": lambda: workflow.close(ticket, by=by, reason=data["reason"]),
        "reopened": lambda: workflow.reopen(ticket, by=by, reason=body),
    }  # fmt: skip
    deeds[event.kind]()


OWN = {"id", "search", "search_notes"}


def state(ticket: Ticket) -> dict[str, Any]:
    """Every column of it, and what is told of it, without the keys of rows."""
    columns = [field.attname for field in Ticket._meta.concrete_fields if field.name not in OWN]
    row = Ticket.objects.filter(pk=ticket.pk).values(*columns).get()
    events = ticket.events.order_by("version")
    row["events"] = [
        (event.kind, event.actor_id, event.internal, event.version, event.created_at, {**event.data, "message": None})
        for event in events
    ]
    row["messages"] = list(
        ticket.messages.order_by("created_at").values_list(
            "author", "by_partner", "internal", "channel", "body", "created_at"
        )
    )
    row["checklist"] = list(ticket.checklist.order_by("pk").values_list("step", "outcome", "note", "by", "at"))
    row["escalations"] = list(
        ticket.escalations.order_by("created_at").values_list("step", "by", "reason", "due_at", "created_at")
    )
    return row


def story(ticket: Ticket) -> tuple[list[Event], dict[int, Message]]:
    events = ticket.events.order_by("version").select_related("actor")
    return list(events), {row.pk: row for row in ticket.messages.all()}


def test_the_workflow_would_have_written_the_same_history():
    chosen = list(Ticket.objects.order_by("pk"))[::12] + list(Ticket.objects.unsettled())
    told = [(opening_of(ticket), state(ticket), *story(ticket)) for ticket in dict.fromkeys(chosen)]
    Ticket.objects.all().delete()
    for opening, before, events, said in told:
        with time_machine.travel(events[0].created_at, tick=False):
            ticket = workflow.open_ticket(by=events[0].actor, opening=opening)
        for event in events[1:]:
            with time_machine.travel(event.created_at, tick=False):
                do_over(ticket, event, said)
        assert state(ticket) == before
        ticket.delete()


def test_every_ticket_of_the_demo_would_be_let_in_at_the_door():
    openings = [(ticket.opened_by.user, opening_of(ticket)) for ticket in Ticket.objects.order_by("pk")]
    Ticket.objects.all().delete()
    for by, opening in openings:
        workflow.open_ticket(by=by, opening=opening)  # raises what would be missing, foreign or without a contract
    assert Ticket.objects.count() == 300


def test_a_contact_limited_to_one_tenant_files_for_it_alone_and_sees_what_is_related():
    l1 = User.objects.get(email="l1@alpine.example")
    own = Ticket.objects.filter(opened_by__user=l1)
    visible = set(Ticket.objects.visible_to(l1).values_list("pk", flat=True))
    assert set(own.values_list("pk", flat=True)) <= visible
    assert set(own.filter(related__isnull=False).values_list("related", flat=True)) <= visible
