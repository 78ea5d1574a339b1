"""What a partner checks before a ticket is opened: the steps, who is asked for which, and what is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from contacts.licence import Level
from contacts.models import Partner
from kb.levels import LEVELS
from tests.cast import Cast
from tests.tickets.openings import QUALIFIED, change, incident, opened, service_request
from tests.tickets.test_filing import NEW, errors, typed
from tickets import priority, qualification, workflow
from tickets.models import ChecklistEntry, Requirement, Ticket
from tickets.models.checklist import entries_of
from tickets.priority import BY_IMPACT_AND_URGENCY, Impact, Priority, Urgency
from tickets.qualification import ASKED_WITH_BUTTONS, CHECKLIST, STEPS, Answer
from tickets.requirements import Item, TicketType

L1_STEPS = [Item.CUSTOMER_INFORMATION, Item.REMOTE_CONNECTION, Item.RECORDS_SEARCHED]
L2_STEPS = [Item.CUSTOMISATION, Item.SYSTEM_ACCESS]


def kept(ticket: Ticket) -> list[tuple[str, str, str, str]]:
    rows = ticket.checklist.order_by("pk").select_related("by")
    return [(row.step, row.outcome, row.note, row.by.name) for row in rows]


# --- whom it asks for what

ASKED = [
    (Level.L1, False, L1_STEPS),
    (Level.L1, True, [*L1_STEPS, Item.HELP_DESK]),
    (Level.L2, False, [*L1_STEPS, *L2_STEPS]),
    (Level.L2, True, [*L1_STEPS, Item.HELP_DESK, *L2_STEPS]),
]


@pytest.mark.parametrize(("level", "help_desk", "steps"), ASKED)
def test_each_level_answers_for_its_own_steps_and_those_below(client: Client, cast, level, help_desk, steps):
    Partner.objects.update(helpdesk_included=help_desk)
    client.force_login(cast.alice if level == Level.L1 else cast.bob)
    form = client.get(NEW).context["form"]
    assert [step.item for step in ASKED_WITH_BUTTONS if step.item in form.fields] == steps
    blank = typed(cast, triage="", **{step.item: "" for step in ASKED_WITH_BUTTONS})
    assert sorted(errors(client.post(NEW, blank))) == sorted([*steps, "triage"])
    by = cast.alice if level == Level.L1 else cast.bob
    with pytest.raises(workflow.Incomplete) as refused:
        workflow.open_ticket(by=by, opening=incident(cast, qualification={}))
    assert sorted(refused.value.items) == sorted([*steps, Item.TRIAGE])


@pytest.mark.parametrize("ticket_type", ["service_request", "change"])
def test_wishes_are_not_qualified(client: Client, cast, ticket_type):
    client.force_login(cast.bob)
    form = client.get(f"{NEW}?type={ticket_type}").context["form"]
    assert {step.item.value for step in CHECKLIST} & set(form.fields) == {"priority"}
    opening = service_request(cast) if ticket_type == "service_request" else change(cast)
    assert kept(workflow.open_ticket(by=cast.bob, opening=opening)) == []


def test_an_edited_cell_takes_a_step_out_of_form_and_workflow_at_once(client: Client, cast):
    Requirement.objects.filter(item=Item.REMOTE_CONNECTION).update(necessary=False)
    client.force_login(cast.alice)
    assert client.post(NEW, typed(cast, remote_connection="")).status_code == 302
    without = {item: answer for item, answer in QUALIFIED.items() if item != Item.REMOTE_CONNECTION}
    assert opened(cast, qualification=without).checklist.count() == 6


# --- what an outcome asks for

NEEDS_NOTE = [
    (step.item, outcome.value)
    for step in CHECKLIST
    for outcome in step.outcomes
    if outcome.ask and step.item in QUALIFIED
]


@pytest.mark.parametrize(("item", "outcome"), NEEDS_NOTE)
def test_an_outcome_that_must_be_explained_is_refused_without_its_note(cast, item, outcome):
    answers = {**QUALIFIED, item: Answer(outcome, " ")}
    with pytest.raises(workflow.Incomplete) as refused:
        workflow.open_ticket(by=cast.bob, opening=incident(cast, qualification=answers))
    assert refused.value.items == [item]
    ticket = opened(cast, by=cast.bob, qualification={**QUALIFIED, item: Answer(outcome, "Because.")})
    assert (item, outcome, "Because.", "Bob") in kept(ticket)


def test_the_form_says_which_note_is_missing_and_keeps_what_was_typed(client: Client, cast):
    client.force_login(cast.bob)
    response = client.post(NEW, typed(cast, system_access="not possible", records_searched="forged"))
    assert errors(response) == {
        "system_access": ["“Not possible” needs a note. Why not?"],
        "records_searched": ["Choose one of the answers shown."],
    }
    assert 'value="The recipient&#x27;s address."' in response.content.decode()


@pytest.mark.parametrize(
    ("step", "outcome", "note"),
    [
        ("remote_connection", "found", "x"),  # another step's outcome
        ("system_access", "not possible", ""),  # unexplained
        ("triage", "told", ""),
        ("nonsense", "works", ""),
    ],
)
def test_the_database_refuses_what_the_checklist_does_not_know(cast, step, outcome, note):
    ticket = opened(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChecklistEntry.objects.create(ticket=ticket, step=step, outcome=outcome, note=note, by=cast.alice)


# --- what is kept


def test_the_ticket_keeps_who_checked_what_and_when(client: Client, cast):
    client.force_login(cast.alice)
    client.post(NEW, typed(cast))
    ticket = Ticket.objects.get()
    assert kept(ticket) == [
        ("customer_information", "missing", "The recipient's address.", "Alice"),
        ("priority", "defined", "", "Alice"),
        ("triage", "told", "A test mail to another provider arrives.", "Alice"),
        ("remote_connection", "works", "", "Alice"),
        ("records_searched", "nothing", "", "Alice"),
    ]
    assert set(ticket.checklist.values_list("at", flat=True)) == {ticket.opened_at}
    assert [event.kind for event in ticket.events.all()] == ["opened"]  # the story is not flooded


def test_both_sides_read_it_on_the_ticket_and_find_it_by_its_words(client: Client, cast):
    ticket = opened(cast, by=cast.bob, qualification={**QUALIFIED, Item.SYSTEM_ACCESS: Answer("not possible", "Xylo")})
    client.force_login(cast.alice)
    assert "Xylo" in client.get(f"/tickets/{ticket.pk}/").content.decode()
    assert list(Ticket.objects.search("xylo")) == [ticket]
    client.force_login(cast.carol)
    assert "Xylo" in client.get(f"/admin/tickets/ticket/{ticket.pk}/change/").content.decode()


def test_what_was_done_so_far_is_taken_from_the_triage_while_nothing_else_is_said(cast):
    assert opened(cast, actions_taken="").actions_taken == "A test mail to another provider arrives."
    assert opened(cast, actions_taken="Restarted it.").actions_taken == "Restarted it."


def test_of_a_step_done_again_the_newest_entry_stands():
    rows = [
        {"step": "remote_connection", "outcome": "fails", "note": "DSL", "name": "A", "at": "2026-11-25T10:00:00Z"},
        {"step": "remote_connection", "outcome": "works", "note": "", "name": "B", "at": "2026-11-25T11:00:00Z"},
        {"step": "customer_information", "outcome": "correct", "note": "", "name": "A", "at": "2026-11-25T12:00:00Z"},
    ]
    assert [(entry.step, entry.outcome, entry.by.name) for entry in entries_of(rows)] == [
        ("customer_information", "correct", "A"),
        ("remote_connection", "works", "B"),
    ]


@given(st.dictionaries(st.sampled_from(list(STEPS)), st.integers(0, 2)), st.booleans())
def test_recorded_is_what_was_said_and_the_priority_beside_it(chosen, differs):
    answers = {
        item: Answer(STEPS[item].outcomes[place % len(STEPS[item].outcomes)].value, "n")
        for item, place in chosen.items()
        if item != Item.PRIORITY
    }
    rows = list(qualification.recorded(answers, "reason" if differs else None))
    assert {item: answer for item, answer in rows if item != Item.PRIORITY} == answers
    expected = Answer("chosen", "reason") if differs else Answer("defined")
    assert [answer for item, answer in rows if item == Item.PRIORITY] == [expected] * bool(answers)
    assert [item for item, _answer in rows] == [step.item for step in CHECKLIST if step.item in dict(rows)]


# --- the priority against its definition

WHOLE = [(derived, wish) for derived in Priority for wish in [None, *Priority]]


@pytest.mark.parametrize(("derived", "wish"), WHOLE)
def test_the_partners_choice_holds_except_that_p1_is_had_by_definition_only(derived, wish):
    held = priority.effective(derived, wish)
    if wish == Priority.P1 and derived != Priority.P1:
        assert held == Priority.P2
    else:
        assert held == (wish or derived)


@pytest.mark.parametrize(("impact", "urgency"), list(BY_IMPACT_AND_URGENCY))
def test_the_database_derives_the_priority_as_the_rule_does(cast, impact, urgency):
    ticket = opened(cast, impact=impact, urgency=urgency)
    assert Ticket.objects.get(pk=ticket.pk).derived_priority == priority.derive(impact, urgency)


def test_a_priority_of_ones_own_needs_its_reason_and_both_are_kept(client: Client, cast):
    client.force_login(cast.alice)
    assert errors(client.post(NEW, typed(cast, priority="4"))) == {
        "priority_reason": ["Missing. Whoever decides what comes first reads it."]
    }
    client.post(NEW, typed(cast, priority="4", priority_reason="The hotel is closed until May."))
    ticket = Ticket.objects.get()
    assert (ticket.derived_priority, ticket.chosen_priority, ticket.priority) == (2, 4, 4)
    assert ticket.priority_reason == "The hotel is closed until May."
    assert ("priority", "chosen", "The hotel is closed until May.", "Alice") in kept(ticket)
    client.force_login(cast.carol)
    page = client.get(f"/admin/tickets/ticket/{ticket.pk}/change/").content.decode()
    assert "Partner chose P4, definition says P2" in page
    assert "The hotel is closed until May." in page


def test_what_follows_anyway_is_no_choice_and_needs_no_reason(client: Client, cast):
    client.force_login(cast.alice)
    assert client.post(NEW, typed(cast, priority="2")).status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.chosen_priority, ticket.priority, ticket.priority_reason) == (None, 2, "")


def test_a_wish_for_p1_counts_as_p2_and_wakes_nobody(cast):
    ticket = opened(
        cast, impact=Impact.LOW, urgency=Urgency.LOW, priority=Priority.P1, priority_reason="The owner is angry."
    )
    assert (ticket.derived_priority, ticket.chosen_priority, ticket.priority) == (4, 1, 2)
    assert ticket.response_due_at - ticket.opened_at == timedelta(hours=4)  # the target of a P2


def test_the_workflow_refuses_a_choice_without_reason_and_so_does_the_database(cast):
    with pytest.raises(workflow.Incomplete) as refused:
        workflow.open_ticket(by=cast.alice, opening=replace(incident(cast), priority=Priority.P4))
    assert refused.value.items == [Item.PRIORITY_REASON]
    ticket = opened(cast)
    for wrong in ({"chosen_priority": 4}, {"chosen_priority": ticket.derived_priority, "priority_reason": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ticket.objects.filter(pk=ticket.pk).update(**wrong)


def test_while_typing_the_derived_priority_stands_beside_its_definition(client: Client, cast):
    client.force_login(cast.alice)
    page = client.post("/tickets/new/missing/", typed(cast)).content.decode()
    assert "<strong>P2</strong> follows from impact and urgency." in page
    assert str(priority.DEFINITION[Priority.P2]) in page
    assert "follows from" not in client.post("/tickets/new/missing/", typed(cast, impact="")).content.decode()


# --- who does what


def test_every_task_that_the_form_records_leads_to_its_step(client: Client, cast):
    Partner.objects.update(helpdesk_included=True)
    client.force_login(cast.bob)
    form = client.get(f"{NEW}?type=incident").content.decode()
    tasks = [task for level in LEVELS for phase in level.phases for task in phase.tasks]
    anchors = [task.step for task in tasks if task.step]
    assert set(anchors) >= {f"div_id_{step.item.value}" for step in CHECKLIST if step.item != Item.PRIORITY}
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in form] == []
    page = client.get(reverse("kb:levels")).content.decode()
    assert [anchor for anchor in anchors if f"/tickets/new/#{anchor}" not in page] == []


def test_the_seeded_cells_ask_incidents_for_every_step(db):
    rows = Requirement.objects.filter(item__in=[step.item for step in CHECKLIST if step.item != Item.PRIORITY])
    assert {(row.type, row.necessary, row.section) for row in rows} == {(TicketType.INCIDENT, True, "3")}
    assert rows.count() == 7


def test_strangers_see_no_checklist(cast: Cast):
    opened(cast)
    assert ChecklistEntry.objects.visible_to(cast.mallory).count() == 0
    assert ChecklistEntry.objects.visible_to(cast.alice).count() == 7
