"""The agents' queue: what comes first, what it can be narrowed by, and what it costs."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast
from tests.tickets.admin_pages import LIST, act, numbers, signed_in, words
from tests.tickets.openings import change, incident, opened, service_request
from tickets import clockface, queues, workflow
from tickets.models import Ticket
from tickets.priority import Impact, Urgency
from tickets.status import Status


def at(ticket: Ticket, **columns: object) -> Ticket:
    """The ticket with columns that time alone would give it."""
    Ticket.objects.filter(pk=ticket.pk).update(**columns)
    ticket.refresh_from_db()
    return ticket


def settled(cast: Cast, **changes: object) -> Ticket:
    ticket = opened(cast, **changes)
    workflow.close(ticket, by=cast.carol)
    return ticket


def test_overdue_comes_first_then_what_is_due_then_what_waits(cast):
    now = timezone.now()
    waiting, later, soon = opened(cast), opened(cast), opened(cast)
    late, later_but_graver, latest = opened(cast), opened(cast), opened(cast)
    workflow.reply(waiting, by=cast.carol, body="Please send the log.", wait=True)
    at(later, due_at=now + timedelta(days=1), priority=3)
    at(later_but_graver, due_at=now + timedelta(days=1), priority=1)
    at(soon, due_at=now + timedelta(minutes=5))
    at(late, due_at=now - timedelta(hours=1))
    at(latest, due_at=now - timedelta(hours=2), priority=4)
    settled(cast)
    order = [latest, late, soon, later_but_graver, later, waiting]
    assert numbers(signed_in(cast.carol).get(LIST)) == [ticket.number for ticket in order]


def test_the_rest_is_listed_newest_first(cast):
    first, second, third = settled(cast), opened(cast), settled(cast)
    assert numbers(signed_in(cast.carol).get(f"{LIST}?status=all")) == [third.number, second.number, first.number]
    assert numbers(signed_in(cast.carol).get(f"{LIST}?status=closed")) == [third.number, first.number]


@pytest.fixture
def five(cast):
    """One ticket of each sort, by a name."""
    now = timezone.now()
    mail = opened(cast, subject="Mail bounces", impact=Impact.HIGH, urgency=Urgency.HIGH)
    report = workflow.open_ticket(by=cast.bob, opening=service_request(cast, tenants=[cast.rs2]))
    move = workflow.open_ticket(by=cast.mallory, opening=change(cast, tenants=[cast.other_tenant]))
    done = opened(cast, subject="Digest arrives twice")
    waits = opened(cast, subject="Sync stops")
    at(mail, due_at=now - timedelta(hours=1))
    at(report, due_at=now + timedelta(hours=3))
    workflow.assign(report, by=cast.lea, to=cast.carol)
    workflow.assign(mail, by=cast.lea, to=cast.lea)
    workflow.escalate(mail, by=cast.max, reason="The hotel closes its doors.")
    workflow.note(mail, by=cast.carol, body="The relay shows xylograph again.")
    workflow.give_verdict(done, Ticket.Verdict.VENDOR, by=cast.carol)
    workflow.resolve(done, by=cast.carol, resolution="Restarted.")
    workflow.reply(waits, by=cast.carol, body="Which host?", wait=True)
    return {"mail": mail, "report": report, "move": move, "done": done, "waits": waits}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["mail", "report", "move", "waits"]),
        ("status=all", ["waits", "done", "move", "report", "mail"]),
        ("status=new", ["mail", "report", "move"]),
        ("status=waiting", ["waits"]),
        ("status=resolved", ["done"]),
        ("status=closed", []),
        ("status=nonsense", ["mail", "report", "move", "waits"]),
        ("due=overdue", ["mail"]),
        ("due=soon", ["report"]),
        ("due=stands", ["waits"]),
        ("priority=1", ["mail"]),
        ("priority=4&type=change", ["move"]),
        ("assignee=me", ["report"]),
        ("assignee=nobody", ["move", "waits"]),
        ("assignee=lea", ["mail"]),
        ("partner=other", ["move"]),
        ("service=transactional", ["report"]),
        ("type=service_request", ["report"]),
        ("escalated=yes", ["mail"]),
        ("escalated=no", ["report", "move", "waits"]),
        ("q=bounces", ["mail"]),
        ("q=xylograph", ["mail"]),
        ("q=restarted", ["done"]),
        ("q=restarted&status=new", []),
        ("q=73125", ["waits", "done", "report", "mail"]),
        ("q=23456rs", ["report"]),
        ("q=88888RS", ["move"]),
        ("q=12345", []),
        ("q=nothing+like+it", []),
        ("q=%00", ["mail", "report", "move", "waits"]),
        ("p=1&o=-4", ["move", "report", "waits", "mail"]),
    ],
)
def test_filters_and_search(cast, five, query, found):
    query = query.replace("partner=other", f"partner={cast.other.pk}").replace("=lea", f"={cast.lea.pk}")
    query = query.replace("service=transactional", f"service={cast.transactional_email.pk}")
    names = {ticket.number: name for name, ticket in five.items()}
    shown = [names[number] for number in numbers(signed_in(cast.carol).get(f"{LIST}?{query}"))]
    if query.startswith("p=1&o="):  # the stock column sort; what is equal may stand in any order
        assert (shown[-1], sorted(shown)) == (found[-1], sorted(found))
    else:
        assert shown == found


@pytest.mark.parametrize("typed", ["RCR-{}", "rcr {}", "{}", " RCR{} "])
def test_a_number_finds_its_ticket_in_whatever_status(cast, typed):
    opened(cast)
    ticket = settled(cast)
    found = signed_in(cast.carol).get(LIST, {"q": typed.format(ticket.pk)})
    assert numbers(found) == [ticket.number]


def test_no_column_can_be_asked_for_beyond_the_filters(cast):
    client = signed_in(cast.carol)
    assert client.get(f"{LIST}?partner__name__startswith=A").status_code == 400
    assert client.get(f"{LIST}?description__contains=x").status_code == 400


def test_a_row_answers_what_next_without_being_opened(cast):
    now = timezone.now()
    ticket = opened(cast, subject="Mail <b>bounces</b>")
    at(ticket, due_at=now - timedelta(hours=2, minutes=5), opened_at=now - timedelta(days=3))
    workflow.escalate(ticket, by=cast.max, reason="It is urgent.")
    row = words(signed_in(cast.carol).get(LIST)).split("Opened ", 1)[1].split(" 1 ticket")[0]
    assert row == (
        f"{ticket.number} Mail <b>bounces</b> Incident Answer overdue since 2 h 5 min P2 escalated Alpine Mail GmbH "
        "12345RS Email Security New Partner Nobody 3 days ago"
    )


@pytest.mark.parametrize(
    ("columns", "state", "text"),
    [
        ({"due_at": timedelta(hours=-2)}, "overdue", "Answer overdue since 2 h 0 min"),
        ({"due_at": timedelta(seconds=-5)}, "overdue", "Answer overdue since less than a minute"),
        ({"due_at": timedelta(hours=1, minutes=12)}, "soon", "Answer due in 1 h 12 min"),
        ({"due_at": timedelta(hours=1), "responded_at": timedelta(0)}, "soon", "Resolution due in 1 h 0 min"),
        ({"due_at": timedelta(days=2)}, "due", "Answer due in 2 days"),
        (
            {"due_at": None, "paused_at": timedelta(hours=-3), "status": Status.WAITING},
            "waiting",
            "Stands: waiting for partner since 3 h 0 min",
        ),
        ({"due_at": None, "paused_at": timedelta(hours=-3), "status": Status.CLOSED}, "settled", "Stands: Closed"),
    ],
)
def test_the_clock_says_in_words_what_its_colour_says(cast, columns, state, text):
    now = timezone.now()
    moments = {name: now + value if isinstance(value, timedelta) else value for name, value in columns.items()}
    face = clockface.read(at(opened(cast), **moments), now)
    assert (face.state, face.words) == (state, text)


def test_the_clock_says_why(cast):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        ticket = opened(cast)
        assert clockface.why(ticket) == ["P2, Standard: answer in 4 h 0 min, resolution in 1 day."]
        workflow.reply(ticket, by=cast.carol, body="Which host?", wait=True)
        clock.shift(timedelta(hours=5))
        workflow.reply(ticket, by=cast.alice, body="This one.")
        workflow.reply(ticket, by=cast.carol, body="And the log?", wait=True)
    ticket.refresh_from_db()
    assert clockface.why(ticket) == [
        "P2, Standard: resolution in 1 day.",
        "Answered in time.",
        "It has stood for 5 h 0 min; that time does not count.",
        "It runs again when the partner answers.",
    ]


def test_the_clock_says_how_late_the_answer_was(cast):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ticket = opened(cast)
        clock.shift(timedelta(hours=6))
        workflow.reply(ticket, by=cast.carol, body="We look at it.")
    ticket.refresh_from_db()
    assert clockface.why(ticket) == ["P2, Standard: resolution in 1 day.", "Answered 2 h 0 min late."]


def test_each_queue_of_the_start_page_counts_what_its_list_shows(cast, five):
    client = signed_in(cast.carol)
    response = client.get("/admin/")
    counted = {queue.name: number for queue, number in response.context["queues"]}
    assert counted == {"mine": 1, "unassigned": 2, "overdue": 1, "soon": 1, "escalated": 1, "waiting": 1}
    for queue in queues.QUEUES:
        assert len(numbers(client.get(f"{LIST}?{queue.query_string}"))) == counted[queue.name], queue.name
    assert [ticket.number for ticket, _face in response.context["newest"]] == [
        five[name].number for name in ("waits", "done", "move", "report", "mail")
    ]


def test_the_counts_of_all_queues_cost_one_statement(cast, five, django_assert_num_queries):
    with CaptureQueriesContext(connection) as spent:
        queues.count(cast.lea, timezone.now())
    assert len([query for query in spent if "tickets_ticket" in query["sql"]]) == 1
    client = signed_in(cast.carol)
    with django_assert_num_queries(3):  # who, counts, newest
        client.get("/admin/")


def test_staff_without_the_right_see_neither_queues_nor_tickets(cast, five):
    cast.victor.groups.clear()
    cast.victor.user_permissions.add(Permission.objects.get(codename="view_partner"))
    client = signed_in(cast.victor)
    response = client.get("/admin/")
    assert "queues" not in response.context
    assert five["mail"].number not in words(response)
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize("count", [3, 300])
def test_the_queue_costs_the_same_for_few_and_many(cast, django_assert_num_queries, count):
    for _number in range(count):
        workflow.assign(opened(cast), by=cast.lea, to=cast.carol)
    client = signed_in(cast.carol)
    with django_assert_num_queries(6):  # who, partners, agents, services, count, rows
        assert len(numbers(client.get(LIST))) == min(count, 25)
    with django_assert_num_queries(7):  # and the probe of the text index
        assert len(numbers(client.get(f"{LIST}?q=bounces&status=new&partner={cast.alpine.pk}"))) == min(count, 25)


def test_the_queue_leaves_the_long_texts_in_the_database(cast):
    opened(cast)
    with CaptureQueriesContext(connection) as spent:
        signed_in(cast.carol).get(LIST)
    read = " ".join(query["sql"] for query in spent)
    assert [column for column in ("description", "error_pattern", "resolution", '"search"') if column in read] == []


def test_the_whole_table_is_never_counted(cast, monkeypatch):
    for _number in range(4):
        opened(cast)
    monkeypatch.setattr("tickets.admin.paging.CAP", 3)
    with CaptureQueriesContext(connection) as spent:
        page = signed_in(cast.carol).get(LIST)
    counts = [query["sql"] for query in spent if "COUNT" in query["sql"]]
    assert (len(counts), "LIMIT 4" in counts[0]) == (1, True)
    assert "More than 3 tickets. These are the first 3; narrow the list to see others." in words(page)


def test_the_open_list_is_read_off_its_index(cast):
    """Postgres takes an index only where the query's condition and order are the index's own."""
    opened(cast)
    admin_rows = signed_in(cast.carol).get(LIST).context["cl"].queryset
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    assert "ticket_queue" in admin_rows[:25].explain()


def chosen(cast: Cast, *tickets: Ticket, **more: object) -> dict[str, object]:
    seen = {f"seen-{ticket.pk}": Ticket.objects.get(pk=ticket.pk).version for ticket in tickets}
    return {"index": 0, "_selected_action": [ticket.pk for ticket in tickets], **seen, **more}


def texts(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_several_tickets_are_assigned_through_the_workflow_with_an_answer_for_each(cast):
    first, second, shut = opened(cast), opened(cast), settled(cast)
    client = signed_in(cast.carol)
    sent = chosen(cast, first, second, shut, action="assign_to_me")
    response = client.post(f"{LIST}?status=all", sent, follow=True)
    assert texts(response) == [
        f"{shut.number}: This ticket is settled. Reopen it before you assign it.",
        f"Done: {second.number}, {first.number}.",
    ]
    assert list(Ticket.objects.filter(assignee=cast.carol).order_by("pk")) == [first, second]
    assert [event.kind for event in first.events.order_by("version")] == ["opened", "assigned"]


@pytest.mark.parametrize(
    ("action", "status"),
    [("set_open", Status.OPEN), ("set_waiting", Status.WAITING), ("set_closed", Status.CLOSED)],
)
def test_the_status_of_several_tickets_is_set_through_the_workflow(cast, action, status):
    ticket = opened(cast)
    signed_in(cast.carol).post(LIST, chosen(cast, ticket, action=action))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.version) == (status, 2)


def test_a_bulk_action_takes_nothing_from_an_agent_who_was_quicker(cast):
    ticket = opened(cast)
    sent = chosen(cast, ticket, action="assign_to_me")
    workflow.assign(ticket, by=cast.lea, to=cast.lea)
    response = signed_in(cast.carol).post(LIST, sent, follow=True)
    assert texts(response) == [
        f"{ticket.number}: Somebody else has changed this ticket meanwhile. Look at what changed, then save again."
    ]
    ticket.refresh_from_db()
    assert ticket.assignee == cast.lea


def test_no_more_is_changed_at_once_than_was_looked_at(cast, monkeypatch):
    monkeypatch.setattr("tickets.admin.bulk.AT_MOST", 1)
    first, second = opened(cast), opened(cast)
    sent = chosen(cast, first, second, action="set_closed", select_across=1)
    response = signed_in(cast.carol).post(LIST, sent, follow=True)
    assert texts(response) == ["At most 1 tickets at once. Choose fewer; nothing has been changed."]
    assert set(Ticket.objects.values_list("status", flat=True)) == {"new"}


def test_a_version_that_no_page_has_shown_changes_nothing_in_bulk(cast):
    ticket = opened(cast)
    sent = chosen(cast, ticket, action="assign_to_me") | {f"seen-{ticket.pk}": "9" * 5000}
    assert signed_in(cast.carol).post(LIST, sent).status_code == 302
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_whoever_only_reads_is_offered_no_bulk_action_and_can_send_none(cast):
    ticket = opened(cast)
    client = signed_in(cast.victor)
    assert client.get(LIST).context["action_form"] is None
    client.post(LIST, chosen(cast, ticket, action="assign_to_me"))
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.version) == (None, 1)


def test_nothing_can_be_deleted_in_bulk(cast):
    ticket = opened(cast)
    for user in cast.staff.values():
        offered = signed_in(user).get(LIST).context["action_form"]
        assert "delete_selected" not in dict(offered.fields["action"].choices if offered else [])
        signed_in(user).post(LIST, chosen(cast, ticket, action="delete_selected", post="yes"))
    assert Ticket.objects.count() == 1


def test_an_incident_filed_now_can_be_filed_again(cast):
    """The cast's openings differ in their submission only, so the counts above are of tickets, not of repetitions."""
    assert incident(cast).submission != incident(cast).submission


def test_the_last_word_stands_in_the_row(cast):
    ticket = opened(cast)
    client = signed_in(cast.carol)
    act(client, ticket, "reply", body="We look at it.")
    assert "With Retarus Retarus Nobody" in words(client.get(LIST))
