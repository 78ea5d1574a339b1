"""Several people at the same moment, each on a connection of their own."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from contacts.models import User
from mailroom.models import Delivery
from tests.tickets.known import declared, joined, resolved
from tests.tickets.openings import incident, opened
from tickets import workflow
from tickets.models import Attachment, Draft, Escalation, Ticket
from tickets.requirements import TicketType
from tickets.workflow import Typing, Writer, files

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


def test_a_draft_sent_eight_times_while_it_saves_itself_is_one_ticket_fifty_times(cast):
    """Whatever comes first, in the end there is the ticket with the draft's file and no draft."""
    for _round in range(50):
        form = incident(cast)
        said = Typing(submission=form.submission, type=form.type, answers={"subject": ["Nothing arrives"]})
        file = files.check([SimpleUploadedFile("a.txt", b"550")])
        workflow.attach_to_draft(by=fresh(cast.alice), typing=said, uploads=file)
        sends = [
            lambda form=form, said=said: workflow.open_ticket(by=fresh(cast.alice), opening=form, writer=said.writer)
        ] * 8
        saves = [lambda said=said: workflow.keep_draft(by=fresh(cast.alice), typing=said)] * 2
        results = at_once([*saves[:1], *sends, *saves[1:]])
        assert len({result.pk for result in results[1:-1]}) == 1
        assert {type(result) for result in (results[0], results[-1])} <= {Draft, workflow.AlreadySent}
    assert (Ticket.objects.count(), Attachment.objects.count(), Draft.objects.count()) == (50, 50, 0)


def test_a_first_save_that_is_still_on_its_way_leaves_no_draft_behind(cast):
    for _round in range(10):
        form = incident(cast)
        said = Typing(submission=form.submission, type=form.type, answers={})
        at_once(
            [
                lambda form=form, said=said: workflow.open_ticket(
                    by=fresh(cast.alice), opening=form, writer=said.writer
                ),
                lambda said=said: workflow.keep_draft(by=fresh(cast.alice), typing=said),
            ]
        )
    assert (Ticket.objects.count(), Draft.objects.count()) == (10, 0)


def test_of_two_devices_that_write_at_once_one_is_told(cast):
    for _round in range(10):
        said = Typing(submission=uuid.uuid4(), type=TicketType.CHANGE, answers={"subject": ["first"]})
        workflow.keep_draft(by=fresh(cast.alice), typing=said)
        results = at_once(
            [
                lambda said=said: workflow.keep_draft(by=fresh(cast.alice), typing=replace(said, writer=Writer(seen=1)))
                for _device in range(2)
            ]
        )
        assert sorted(type(result).__name__ for result in results) == ["ChangedElsewhere", "Draft"]
        Draft.objects.all().delete()


def test_two_sweeps_of_drafts_at_once_tell_and_end_each_once(cast):
    for _draft in range(8):
        said = Typing(submission=uuid.uuid4(), type=TicketType.CHANGE, answers={})
        draft = workflow.keep_draft(by=fresh(cast.alice), typing=said)
    late = draft.expires_at + timedelta(days=1)
    assert sum(at_once([lambda: workflow.warn_of_expiry(late)] * 3)) == 8
    assert Delivery.objects.filter(template="draft").count() == 8
    assert sum(at_once([lambda: workflow.expire_drafts(late + timedelta(days=5))] * 3)) == 8


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


def test_of_two_agents_who_resolve_at_once_one_is_told(cast):
    for _round in range(5):
        issue = declared(cast)
        joined(cast, issue, by=fresh(cast.alice))
        results = at_once(
            [
                lambda by=by, issue=issue: workflow.resolve_known_issue(
                    issue, by=fresh(by), verdict="vendor", resolution_en="Done."
                )
                for by in (cast.carol, cast.lea)
            ]
        )
        assert sorted(type(result).__name__ for result in results) == ["KnownIssueUpdate", "ResolvedAlready"]
        assert issue.updates.count() == 1


def test_whoever_joins_while_it_is_resolved_is_asked_or_refused(cast):
    for _round in range(6):
        issue = declared(cast)
        joins = [lambda issue=issue: joined(cast, issue, by=fresh(cast.alice)) for _hand in range(3)]
        resolve = [
            lambda issue=issue: workflow.resolve_known_issue(
                issue, by=fresh(cast.carol), verdict="vendor", resolution_en="Done."
            )
        ]
        results = at_once([*joins, *resolve])
        assert {type(result).__name__ for result in results} <= {"Ticket", "NotJoinable", "KnownIssueUpdate"}
        workflow.tell_known_issues(timezone.now())
        tickets = [result for result in results if isinstance(result, Ticket)]
        assert {ticket.events.filter(kind="asked").count() for ticket in tickets} <= {1}
        assert issue.joins.filter(asked_at=None).count() == 0


def test_three_workers_tell_every_partner_once_and_settle_every_ticket_once(cast):
    issue = declared(cast)
    for _each in range(4):
        joined(cast, issue, by=fresh(cast.alice))
        joined(cast, issue, by=fresh(cast.mallory), tenants=[cast.other_tenant])
    for text in ("One.", "Two."):
        workflow.update_known_issue(issue, by=fresh(cast.carol), body_en=text)
    workflow.resolve_known_issue(issue, by=fresh(cast.carol), verdict="vendor", resolution_en="Done.")
    now = timezone.now()
    told = sum(sum(at_once([lambda: workflow.tell_known_issues(now)] * 3)) for _round in range(3))
    assert told == 6
    assert Delivery.objects.filter(template="known_issue").count() == 6
    for ticket in Ticket.objects.all():
        kinds = list(ticket.events.order_by("version").values_list("kind", flat=True))
        assert kinds == ["opened", "joined", "known", "known", "asked"]
    settled = at_once([lambda: workflow.settle_confirmed_by_silence(now + timedelta(days=4))] * 3)
    assert sum(settled) + workflow.settle_confirmed_by_silence(now + timedelta(days=4)) == 8
    assert {ticket.events.filter(kind="settled").count() for ticket in Ticket.objects.all()} == {1}


def test_a_yes_and_a_no_at_once_leave_one_of_them(cast):
    for _round in range(5):
        issue = declared(cast)
        ticket = joined(cast, issue, by=fresh(cast.alice))
        resolved(cast, issue)
        results = at_once(
            [
                lambda ticket=ticket: workflow.confirm_fixed(ticket, by=fresh(cast.alice)),
                lambda ticket=ticket: workflow.deny_fixed(ticket, by=fresh(cast.bob), body="No."),
            ]
        )
        ticket.refresh_from_db()
        refusals = {"NotNow", "NotJoined"} & {type(result).__name__ for result in results}
        assert (len(refusals), ticket.status in {"resolved", "open"}) == (1, True)
