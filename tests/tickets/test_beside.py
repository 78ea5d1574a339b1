"""What stands beside the form while it is filled in."""

import pytest
from django.test import Client

from tests.tickets.openings import opened
from tests.tickets.test_filing import typed
from tickets import workflow
from tickets.models import Ticket

MISSING, BESIDE = "/tickets/new/missing/", "/tickets/new/beside/"


def missing(response) -> list[str]:
    return [field.name for field in response.context["missing"]]


def test_the_panel_names_what_is_missing_now(client: Client, cast):
    client.force_login(cast.alice)
    assert missing(client.post(MISSING, typed(cast))) == []
    assert missing(client.post(MISSING, typed(cast, subject="", impact="", reproduced="yes"))) == [
        "subject", "reproduction_steps", "impact"
    ]  # fmt: skip
    assert missing(client.post(MISSING, {"type": "change"})) == [
        "subject", "description", "impact_description", "tests_allowed", "impact", "urgency", "phone"
    ]  # fmt: skip


def test_what_cannot_be_read_is_not_called_missing_twice(client: Client, cast):
    client.force_login(cast.alice)
    response = client.post(MISSING, typed(cast, started="yesterday"))
    assert missing(response) == ["started"]


def numbers(tickets) -> list[str]:
    return [ticket.number for ticket in tickets]


def test_an_open_ticket_that_reads_alike_is_shown_first(client: Client, cast):
    alike = opened(cast, subject="Mails to one provider bounce", error_pattern="x")
    other = opened(cast, subject="Quarantine digest comes twice", error_pattern="y")
    settled = opened(cast, subject="Mail to one provider bounces")
    workflow.close(settled, by=cast.alice)
    hidden = opened(cast, by=cast.bob, tenants=[cast.rs2], subject="Mail to one provider bounces")
    client.force_login(cast.alice)
    response = client.post(BESIDE, typed(cast, error_pattern=""))
    assert numbers(response.context["similar"]) == [alike.number]
    assert numbers(response.context["earlier"]) == [settled.number, other.number, alike.number]
    assert hidden.number not in response.content.decode()


def test_the_same_error_is_enough_and_another_service_is_not(client: Client, cast):
    same = opened(cast, subject="Completely different words", error_pattern="550 5.1.1 user unknown")
    opened(cast, services=[cast.transactional_email], error_pattern="550 5.1.1 user unknown")
    client.force_login(cast.alice)
    response = client.post(BESIDE, typed(cast, subject="Nothing arrives", error_pattern="550 5.1.1 user unknown"))
    assert numbers(response.context["similar"]) == [same.number]


def test_nothing_stands_beside_an_empty_form(client: Client, cast):
    opened(cast)
    client.force_login(cast.alice)
    assert client.post(BESIDE, {}).content.decode().strip() == ""


@pytest.mark.parametrize("count", [1, 30])
def test_the_live_parts_cost_the_same_for_few_and_for_many(client: Client, cast, count, django_assert_num_queries):
    for _ticket in range(count):
        opened(cast)
    client.force_login(cast.alice)
    client.get("/")  # the notices of the frame are kept for a minute
    with django_assert_num_queries(2):
        client.post(MISSING, typed(cast))
    with django_assert_num_queries(4):
        client.post(BESIDE, typed(cast))


def test_letters_are_compared_with_the_tickets_that_moved_last_and_no_more(cast, monkeypatch):
    first, second = (opened(cast, subject="Mail to one provider bounces") for _number in range(2))
    alike = Ticket.objects.visible_to(cast.bob).alike
    services = [cast.email_security]
    assert set(alike("Mail to one provider bounces", "", services=services)) == {first, second}
    monkeypatch.setattr("tickets.models.ticket.ALIKE_AMONG", 1)
    assert list(alike("Mail to one provider bounces", "", services=services)) == [second]
