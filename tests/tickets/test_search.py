"""Search by words: the same tickets whatever the plan, notes for agents alone, and how many statements it takes."""

from random import Random

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tickets.admin_pages import LIST, numbers, signed_in, words
from tests.tickets.openings import opened
from tickets import workflow
from tickets.models import Ticket, ticket
from tickets.models.words import CommonWords, common_words
from tickets.models.words import read as read_common

WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "über", "x1", "550", "e-mail"]
SAID = st.lists(st.sampled_from([*WORDS, "ALPHA", "unheard", "or", "-beta", '"alpha beta"', "alpha-beta"]), max_size=4)


def naive(tickets, text, notes):
    """What is asked for, without any thought of speed."""
    query = SearchQuery(text, config="simple", search_type="websearch")
    return tickets.filter(Q(search=query) | Q(search_notes=query) if notes else Q(search=query))


@pytest.fixture
def library(cast):
    """Tickets of two partners with few words in all mixtures, some of them in notes only."""
    rng = Random(7)  # noqa: S311
    for number in range(24):
        held = opened(cast, subject=" ".join(rng.choices(WORDS, k=3)))
        if number % 3 == 0:
            workflow.note(held, by=cast.carol, body=" ".join(rng.choices(WORDS, k=2)))
        if number % 4 == 0:
            workflow.reply(held, by=cast.bob, body=" ".join(rng.choices(WORDS, k=2)))
    Ticket.objects.filter(pk__in=list(Ticket.objects.values_list("pk", flat=True)[:6])).update(partner=cast.other)
    return cast


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(said=SAID, probe=st.sampled_from([0, 3, 1000]), known=st.sets(st.sampled_from(WORDS)), notes=st.booleans())
def test_every_plan_finds_what_the_plain_question_finds(library, said, probe, known, notes):
    text, before = " ".join(said), ticket.SEARCH_PROBE
    common_words.pin(frozenset(known))
    ticket.SEARCH_PROBE = probe
    try:
        for reader in (library.bob, library.mallory, library.carol):
            visible = Ticket.objects.visible_to(reader)
            assert set(visible.search(text, notes=notes)) == set(naive(visible, text, notes))
    finally:
        ticket.SEARCH_PROBE = before
        common_words.pin(frozenset())


@pytest.mark.parametrize("known", [frozenset(), frozenset({"kingfisher"})])
def test_a_word_of_a_note_is_found_by_agents_alone_however_common_it_is(cast, known):
    held = opened(cast)
    workflow.note(held, by=cast.carol, body="kingfisher")
    common_words.pin(known)
    assert list(Ticket.objects.visible_to(cast.bob).search("kingfisher")) == []
    assert list(Ticket.objects.visible_to(cast.carol).search("kingfisher", notes=True)) == [held]


def test_a_common_word_needs_no_probe_and_any_other_search_one(cast, django_assert_num_queries):
    opened(cast, subject="kingfisher heron")
    common_words.pin(frozenset({"kingfisher"}))
    for text in ("kingfisher", " KINGFISHER "):
        with django_assert_num_queries(1):
            assert len(Ticket.objects.search(text)) == 1
    for text in ("kingfisher heron", '"kingfisher"', "-unheard", "heron"):
        with django_assert_num_queries(2):
            assert len(Ticket.objects.search(text)) == 1


def test_what_is_common_is_read_off_the_statistics_and_only_now_and_then(cast, monkeypatch, django_assert_num_queries):
    for number in range(12):
        opened(cast, subject="kingfisher" if number < 9 else "heron")
    monkeypatch.setattr("tickets.models.words.COMMON_FROM", 8)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticket")
    found = read_common()
    assert ("kingfisher" in found, "heron" in found) == (True, False)
    kept = CommonWords()
    with django_assert_num_queries(1):
        assert [text in kept for text in ("kingfisher", "Kingfisher ", "heron", "")] == [True, True, False, False]
    kept.clear()
    with django_assert_num_queries(1):
        assert "kingfisher" in kept


def test_a_database_without_statistics_has_no_common_words(db):
    assert read_common() == frozenset()


def test_a_search_counts_a_few_pages_ahead_and_the_pages_go_on(cast, monkeypatch):
    monkeypatch.setattr("tickets.admin.desk.TicketAdmin.list_per_page", 2)
    tickets = [opened(cast, subject="kingfisher") for _number in range(11)]
    client = signed_in(cast.carol)
    first = client.get(f"{LIST}?q=kingfisher")
    assert "More than 8 tickets. Further pages come as you go on." in words(first)
    third = client.get(f"{LIST}?q=kingfisher&p=3")
    assert "11 tickets" in words(third)
    pages = [numbers(client.get(f"{LIST}?q=kingfisher&p={page}")) for page in range(1, 7)]
    assert sorted(number for page in pages for number in page) == sorted(one.number for one in tickets)
    assert client.get(f"{LIST}?q=kingfisher&p=nonsense").status_code in (200, 302)
