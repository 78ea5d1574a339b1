"""Several people at the same moment, each on a connection of their own."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from contacts.models import User
from mailroom.models import Delivery
from tests.tickets.openings import incident, opened
from tickets import workflow
from tickets.models import Escalation, Ticket

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    """What each deed gave, or the exception it raised; all start together."""
    start, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[place] = deed()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_form_sent_eight_times_at_once_is_one_ticket(cast):
    for _round in range(5):
        form = incident(cast, submission=uuid.uuid4())
        results = at_once([lambda form=form: workflow.open_ticket(by=fresh(cast.alice), opening=form)] * 8)
        assert len({result.pk for result in results}) == 1
    assert Ticket.objects.count() == 5
    assert Delivery.objects.filter(context__kind="opened").count() == 5


def test_numbers_are_given_once_under_many_hands(cast):
    results = at_once([lambda: opened(cast, by=fresh(cast.alice)).number for _hand in range(16)])
    assert len(set(results)) == 16


def test_of_two_agents_who_saw_the_same_page_one_is_told(cast):
    for _round in range(10):
        ticket = opened(cast)
        results = at_once(
            [
                lambda by=by, ticket=ticket: workflow.assign(ticket, by=fresh(by), to=by, seen=1)
                for by in (cast.carol, cast.lea)
            ]
        )
        assert sorted(type(result).__name__ for result in results) == ["Event", "Stale"]
        ticket.refresh_from_db()
        assert ticket.version == 2


def test_two_sweeps_at_once_notice_each_ticket_once(cast):
    tickets = [opened(cast) for _ticket in range(12)]
    late = tickets[-1].due_at + timedelta(minutes=1)
    results = at_once([lambda: workflow.notice_overdue(late)] * 3)
    assert sum(results) == 12
    assert Escalation.objects.count() == 12
    assert Delivery.objects.filter(context__kind="overdue").count() == 24  # carol and lea, each once a ticket


def test_a_sweep_that_comes_two_hours_late_tells_the_true_due_times(cast):
    tickets = [opened(cast) for _ticket in range(3)]
    closed = opened(cast)
    workflow.close(closed, by=cast.alice)
    assert workflow.notice_overdue(timezone.now() + timedelta(hours=6)) == 3
    told = Escalation.objects.order_by("ticket").values_list("ticket", "due_at")
    assert list(told) == [(ticket.pk, ticket.due_at) for ticket in tickets]
