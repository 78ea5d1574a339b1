"""The scratch database for measuring: only where nothing can be spoilt, and like the real thing."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Q
from django.utils import timezone

from contacts.models import Contact, Partner, User
from tickets.bench import filling, indexes
from tickets.clock import due, next_due_at
from tickets.models import Escalation, Event, Example, Message, ResponseTarget, Ticket
from tickets.priority import Impact, Urgency, derive

COUNT = 1200


@pytest.fixture
def scratch(db, monkeypatch):
    """The tests' database under a name that says that it is for measuring."""
    monkeypatch.setitem(connection.settings_dict, "NAME", "bench_of_tests")


@pytest.fixture
def filled(scratch):
    filling.fill(COUNT, 0.05, timezone.now(), lambda words: None)


def refused(**options):
    with pytest.raises(CommandError) as error:
        call_command("seed_bench", **{"tickets": 100, **options})
    return str(error.value)


def test_a_database_of_another_name_is_left_alone(db):
    name = connection.settings_dict["NAME"]
    assert refused() == f"The database is called {name!r}. Only one with 'bench' in its name is filled."
    assert Ticket.objects.count() == User.objects.count() == 0


def test_a_database_that_holds_anything_is_left_alone(scratch):
    Partner.objects.create(name="Real", customer_id="4711")
    assert refused() == "The database 'bench_of_tests' is not empty. Make a new one."
    assert Ticket.objects.count() == 0


def test_production_and_nonsense_are_refused(scratch, settings):
    assert refused(tickets=99) == "At least 100 tickets, so that every kind is among them."
    settings.PRODUCTION = True
    assert refused() == "This is production."


def test_the_command_says_how_far_it_is(scratch, capsys):
    call_command("seed_bench", tickets=200)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("people and words")
    assert [line for line in lines if line.endswith("messages 200 of 200")]
    assert lines[-1].endswith("200 tickets are there")


def test_numbers_statuses_and_words_are_as_promised(filled):
    tickets = Ticket.objects
    assert tickets.count() == COUNT
    assert (tickets.earliest("pk").pk, tickets.latest("pk").pk) == (1_000_001, 1_000_000 + COUNT)
    open_now = tickets.unsettled().order_by("pk")
    assert [row.pk for row in open_now] == list(range(1_000_001 + COUNT - 60, 1_000_001 + COUNT))
    assert set(open_now.values_list("status", flat=True)) == {"new", "open", "waiting"}
    assert tickets.search("xylograph").count() == 20
    assert 0.15 < tickets.search("quarantine").count() / COUNT < 0.23
    assert not tickets.filter(due_at__lte=timezone.now(), overdue_noticed_at=None).exists()


def test_the_newest_fifty_have_ten_messages_and_the_others_two_or_three(filled):
    talk = Ticket.objects.annotate(n=Count("messages")).order_by("-pk").values_list("n", flat=True)
    assert set(talk[:50]) == {10}
    assert set(talk[50:]) == {2, 3}
    assert (
        Message.objects.filter(internal=True).count() == Ticket.objects.filter(search_notes__isnull=False).count() > 0
    )


def test_every_message_is_in_the_text_index_notes_apart(filled):
    words = "(SELECT tsvector_to_array(to_tsvector('simple', string_agg(m.body, ' ')))"
    with connection.cursor() as cursor:
        for column, kind in (("search", "NOT m.internal"), ("search_notes", "m.internal")):
            cursor.execute(
                f"SELECT t.id FROM tickets_ticket t WHERE NOT coalesce({words} FROM tickets_message m "  # noqa: S608
                f"WHERE m.ticket_id = t.id AND {kind}) <@ tsvector_to_array(t.{column}), true)"
            )
            assert cursor.fetchall() == []


def test_clocks_priorities_and_versions_agree_with_the_rules(filled):
    targets = {(row.service_level_id, row.priority): row.target for row in ResponseTarget.objects.all()}
    versions = dict(Event.objects.values_list("ticket").annotate(n=Count("pk")))
    for ticket in Ticket.objects.all():
        assert ticket.priority == derive(Impact(ticket.impact), Urgency(ticket.urgency))
        dues = due(ticket.opened_at, targets[ticket.service_level_id, ticket.priority])
        assert ticket.dues == dues
        assert ticket.due_at == next_due_at(ticket.status, ticket.responded_at, dues)
        assert ticket.version == versions[ticket.pk]


def test_everything_belongs_to_the_tickets_own_partner(filled):
    foreign = Ticket.objects.exclude(tenants__partner=F("partner")) | Ticket.objects.exclude(
        opened_by__partner=F("partner")
    )
    assert not foreign.exists()
    alien = Message.objects.filter(by_partner=True).exclude(author__contacts__partner=F("ticket__partner"))
    assert not alien.exists()
    assert not Message.objects.filter(by_partner=False, author__is_staff=False).exists()
    assert Ticket.objects.annotate(n=Count("services")).exclude(n=1).count() == 0
    assert Example.objects.count() == Ticket.objects.filter(~Q(type="change")).count()
    assert Contact.objects.filter(all_tenants=False).count() == 200


def test_the_next_ticket_gets_the_next_number(filled):
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('tickets_ticket', 'id'))")
        assert cursor.fetchone() == (1_000_001 + COUNT,)
    assert Message.objects.latest("pk").pk < COUNT * 20 + 20
    assert Escalation.objects.filter(step="person").count() > 0


def test_indexes_foreign_keys_and_defaults_are_back_as_they_were(scratch):
    def schema() -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tablename, indexname, split_part(indexdef, ' WHERE ', 1), indexdef LIKE '%% WHERE %%' "
                "FROM pg_indexes WHERE tablename = ANY(%s) ORDER BY 2",
                [list(indexes.TABLES)],
            )
            found = cursor.fetchall()
            cursor.execute(
                "SELECT table_name, column_name, coalesce(column_default, '') FROM information_schema.columns "
                "WHERE table_name = ANY(%s) ORDER BY 1, 2",
                [list(indexes.TABLES)],
            )
            found += cursor.fetchall()
            cursor.execute("SHOW session_replication_role")
            return [*found, *cursor.fetchall()]

    before = schema()
    filling.fill(100, 0.05, timezone.now(), lambda words: None)
    assert schema() == before
