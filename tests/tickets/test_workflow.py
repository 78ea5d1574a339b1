from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from mailroom.models import Delivery
from tests.tickets.openings import change, incident, opened, service_request
from tickets import workflow
from tickets.models import Event, Ticket
from tickets.requirements import Item
from tickets.status import Status


def sent_to(kind: str) -> list[str]:
    return sorted(Delivery.objects.filter(context__kind=kind).values_list("to", flat=True))


def test_an_incident_gets_the_first_number_and_its_opener_a_confirmation(cast):
    ticket = opened(cast)
    assert ticket.number == f"RCR-{ticket.pk}"
    assert ticket.pk >= 1_000_001
    assert (ticket.status, ticket.priority) == (Status.NEW, 2)
    assert ticket.due_at == ticket.opened_at + timedelta(hours=4)
    assert sent_to("opened") == ["alice@alpine.example"]
    assert [event.kind for event in ticket.events.all()] == ["opened"]


def test_the_same_form_sent_twice_is_one_ticket(cast):
    form = incident(cast)
    first = workflow.open_ticket(by=cast.alice, opening=form)
    assert workflow.open_ticket(by=cast.alice, opening=form) == first
    assert Ticket.objects.count() == 1
    assert Delivery.objects.count() == 1


def test_somebody_elses_form_number_makes_a_ticket_of_ones_own(cast):
    form = incident(cast)
    first = workflow.open_ticket(by=cast.alice, opening=form)
    second = workflow.open_ticket(by=cast.bob, opening=form)
    assert (first.opened_by.user, second.opened_by.user) == (cast.alice, cast.bob)
    assert first.submission == form.submission != second.submission


def test_a_service_request_and_a_change_need_only_their_own_items(cast):
    assert workflow.open_ticket(by=cast.bob, opening=service_request(cast)).type == "service_request"
    assert workflow.open_ticket(by=cast.bob, opening=change(cast)).type == "change"


def test_an_incomplete_ticket_is_refused_and_names_what_is_missing(cast):
    with pytest.raises(workflow.Incomplete) as refused:
        opened(cast, error_pattern=" ", tests_allowed=None)
    assert refused.value.items == [Item.ERROR_PATTERN, Item.TESTS_ALLOWED]
    assert Ticket.objects.count() == 0


def test_a_foreign_tenant_is_refused_whatever_was_sent(cast):
    with pytest.raises(workflow.NotAuthorized):
        opened(cast, tenants=[cast.other_tenant])
    with pytest.raises(workflow.NotAuthorized):
        opened(cast, tenants=[cast.rs2])  # alpine's, but alice has it not
    assert Ticket.objects.count() == 0


def test_a_service_outside_the_contract_is_refused(cast):
    with pytest.raises(workflow.NotAuthorized) as refused:
        opened(cast, services=[cast.cloud_fax])
    assert str(refused.value.refusal.reason) == "No contract of your company in force covers this service."


def test_related_tickets_are_linked_and_foreign_numbers_refused(cast):
    mine, foreign = opened(cast), opened(cast, by=cast.bob, tenants=[cast.rs2])
    assert list(opened(cast, related=[mine.pk]).related.all()) == [mine]
    with pytest.raises(workflow.UnknownRelated) as refused:
        opened(cast, related=[mine.pk, foreign.pk])
    assert refused.value.unknown == [foreign.number]


def test_the_vendors_first_answer_stops_the_response_clock(cast):
    ticket = opened(cast)
    workflow.reply(ticket, by=cast.carol, body="We look at it.")
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert ticket.responded_at is not None
    assert ticket.due_at == ticket.resolution_due_at == ticket.opened_at + timedelta(hours=24)
    assert sent_to("replied") == ["alice@alpine.example"]


def test_waiting_for_the_partner_stops_the_clock_and_moves_what_is_due(cast):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        ticket = opened(cast)
        workflow.reply(ticket, by=cast.carol, body="Please send the log.", wait=True)
        ticket.refresh_from_db()
        assert (ticket.status, ticket.due_at, ticket.paused_at) == (Status.WAITING, None, start)
        clock.shift(timedelta(hours=5))
        workflow.reply(ticket, by=cast.alice, body="Here it is.")
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert ticket.paused == timedelta(hours=5)
    assert ticket.due_at == start + timedelta(hours=24 + 5)


def test_settled_time_is_not_held_against_the_vendor_after_reopening(cast):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        ticket = opened(cast)
        workflow.give_verdict(ticket, Ticket.Verdict.VENDOR, by=cast.carol)
        clock.shift(timedelta(hours=1))
        workflow.resolve(ticket, by=cast.carol, resolution="The relay was restarted.")
        clock.shift(timedelta(hours=10))
        workflow.close(ticket, by=cast.alice)
        clock.shift(timedelta(hours=10))
        workflow.reopen(ticket, by=cast.alice, reason="It is back.")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.resolved_at, ticket.closed_at) == (Status.OPEN, None, None)
    assert ticket.paused == timedelta(hours=20)
    assert ticket.resolution_due_at == start + timedelta(hours=24 + 20)


def test_nothing_is_resolved_before_the_verdict(cast):
    ticket = opened(cast)
    with pytest.raises(workflow.VerdictMissing):
        workflow.resolve(ticket, by=cast.carol, resolution="Done.")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.version) == (Status.NEW, 1)


def test_the_second_of_two_agents_learns_what_changed(cast):
    ticket = opened(cast)
    workflow.assign(ticket, by=cast.carol, to=cast.carol, seen=1)
    with pytest.raises(workflow.Stale) as stale:
        workflow.assign(ticket, by=cast.lea, to=cast.lea, seen=1)
    assert [(event.kind, event.actor) for event in stale.value.events] == [("assigned", cast.carol)]
    ticket.refresh_from_db()
    assert ticket.assignee == cast.carol


def test_an_internal_note_reaches_no_partner_and_no_partners_search(cast):
    ticket = opened(cast)
    workflow.note(ticket, by=cast.carol, body="xylograph")
    assert list(Ticket.objects.visible_to(cast.alice).search("xylograph")) == []
    assert list(Ticket.objects.visible_to(cast.carol).search("xylograph", notes=True)) == [ticket]
    assert list(Event.objects.visible_to(cast.alice).filter(kind="noted")) == []
    assert sent_to("replied") == []


def test_a_suspended_contact_gets_no_mail(cast):
    ticket = opened(cast)
    cast.alice.contacts.update(suspended_at=timezone.now())
    workflow.reply(ticket, by=cast.carol, body="We look at it.")
    assert sent_to("replied") == []


def test_an_escalation_reaches_the_leads_the_assignee_and_the_partner(cast):
    ticket = opened(cast)
    workflow.assign(ticket, by=cast.lea, to=cast.carol)
    workflow.escalate(ticket, by=cast.max, reason="The customer threatens to leave.")
    ticket.refresh_from_db()
    assert ticket.escalated_at is not None
    assert sent_to("escalated") == ["alice@alpine.example", "carol@desk.example", "lea@desk.example"]


def test_a_due_moment_is_noticed_once_and_with_its_true_time(cast):
    ticket = opened(cast)
    late = ticket.due_at + timedelta(hours=2)
    assert (workflow.notice_overdue(late), workflow.notice_overdue(late)) == (1, 0)
    rows = Delivery.objects.filter(context__kind="overdue").values_list("to", "context__due_at")
    due_at = ticket.due_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert sorted(rows) == [("carol@desk.example", due_at), ("lea@desk.example", due_at)]


def test_what_was_settled_meanwhile_is_not_noticed(cast):
    ticket = opened(cast)
    workflow.close(ticket, by=cast.alice)
    assert workflow.notice_overdue(ticket.due_at + timedelta(hours=2)) == 0


def test_a_rolled_back_change_leaves_no_mail(cast):
    ticket = opened(cast)
    Delivery.objects.all().delete()
    with pytest.raises(workflow.NotAuthorized):
        workflow.assign(ticket, by=cast.alice, to=cast.carol)
    with pytest.raises(Ticket.DoesNotExist):
        workflow.reply(ticket, by=cast.mallory, body="Hello.")
    assert Delivery.objects.count() == 0


def test_a_ticket_full_of_logs_still_takes_answers_though_its_text_index_takes_no_more(cast):
    ticket = opened(cast)
    for number in range(9):
        log = " ".join(f"{number}{line:05x}" for line in range(14_000))
        workflow.reply(ticket, by=cast.alice, body=log)
        workflow.note(ticket, by=cast.carol, body=log)
    assert ticket.messages.count() == 18
    assert list(Ticket.objects.visible_to(cast.alice).search("000007")) == [ticket]
