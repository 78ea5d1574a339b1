"""The figures of one month, against a month worked out by hand and against another way of counting."""

from dataclasses import replace
from datetime import timedelta

import time_machine

from contacts.licence import Role
from reports import monthly
from reports.attention import Attention
from reports.flow import MonthRow
from reports.months import Month
from reports.pace import Pace
from reports.shares import Kind, Share
from tests.cast import contact
from tests.reports import october
from tests.reports.october import OCTOBER
from tests.reports.tickets import HOUR, berlin, ticket
from tests.tickets.openings import opened
from tickets import workflow
from tickets.models import Ticket
from tickets.priority import Priority
from tickets.status import Status


def test_the_partners_manager_reads_the_month_that_was_worked_out_by_hand(cast):
    october.play(cast)
    assert monthly.read(cast.max, cast.alpine, OCTOBER) == october.report()


def test_the_vendor_reads_the_same_and_what_its_own_clock_did(cast):
    october.play(cast)
    assert monthly.read(cast.victor, cast.alpine, OCTOBER) == replace(
        october.report(),
        attention=Attention(closed=3, by_person=2, by_clock=1),
        attention_before=Attention(closed=0, by_person=1, by_clock=1),
    )


def test_over_all_partners_the_others_ticket_counts_too(cast):
    """The other partner's: opened 7 October, answered in time after one hour, escalated once, never settled."""
    october.play(cast)
    report = monthly.read(cast.victor, None, OCTOBER)
    assert report.this == MonthRow(
        OCTOBER, opened=6, answered=5, answered_in_time=3, settled=5, settled_in_time=4, open_at_end=3
    )
    assert report.attention == Attention(closed=3, by_person=3, by_clock=1)
    assert report.response == Pace(4 * HOUR, 9.6 * HOUR)  # of 1 2 4 9 10: the third; place 3.6, 9 + 0.6
    assert report.by[Kind.PARTNER] == (
        Share("73125", "Alpine Mail GmbH (73125)", opened=5, opened_before=2, settled=5, open_at_end=2),
        Share("99999", "Other Ltd (99999)", opened=1, open_at_end=1),
    )


def test_a_manager_for_one_tenant_counts_only_tickets_that_are_wholly_of_that_tenant(cast):
    """Of October's tickets A, B and E; C names both tenants, F names none."""
    october.play(cast)
    limited = contact("Lisa", cast.alpine, role=Role.MANAGER, tenants=[cast.rs1])
    report = monthly.read(limited, cast.alpine, OCTOBER)
    assert report.this == MonthRow(
        OCTOBER, opened=2, answered=2, answered_in_time=1, settled=2, settled_in_time=2, open_at_end=1
    )
    assert report.attention == Attention(closed=1, by_person=0, by_clock=None)
    assert report.attention_before == Attention(closed=0, by_person=1, by_clock=None)
    assert report.by[Kind.TENANT] == (
        Share("12345RS", "12345RS Bergbahn", opened=2, opened_before=1, settled=2, open_at_end=1),
    )


def test_whoever_may_see_nothing_gets_a_report_of_nothing(cast):
    october.play(cast)
    cast.max.contacts.update(suspended_at=berlin(2026, 10, 1))
    for reader in (cast.mallory, cast.max):
        report = monthly.read(reader, cast.alpine, OCTOBER)
        assert (report.is_empty, report.first_opened_at, report.before.is_empty) == (True, None, True)
        assert report.by[Kind.TENANT] == ()


def test_a_month_begins_at_midnight_in_berlin_in_summer_and_in_winter(cast):
    """Midnight is 22:00 UTC before 25 October 2026 and 23:00 UTC after; 28 March 2027 takes the hour away again."""
    second = timedelta(seconds=1)
    for first, utc_hour in [((2026, 10, 1), 22), ((2026, 11, 1), 23), ((2027, 3, 1), 23), ((2027, 4, 1), 22)]:
        midnight = berlin(*first)
        assert midnight.hour == utc_hour
        ticket(cast.alpine, midnight - second)
        ticket(cast.alpine, midnight)
    report = monthly.read(cast.max, cast.alpine, Month(2027, 4))
    counted = {str(row.month): row.opened for row in report.trend if row.opened}
    assert counted == {"2026-09": 1, "2026-10": 2, "2026-11": 1, "2027-02": 1, "2027-03": 2, "2027-04": 1}


def test_months_follow_the_partners_calendar_and_the_vendors_view_follows_berlin(cast):
    cast.alpine.time_zone = "Pacific/Auckland"
    cast.alpine.save()
    ticket(cast.alpine, berlin(2026, 9, 30, 20))  # 1 October, 07:00 in Auckland
    assert monthly.read(cast.max, cast.alpine, OCTOBER).this.opened == 1
    assert monthly.read(cast.victor, cast.alpine, OCTOBER).this.opened == 1
    assert monthly.read(cast.victor, None, OCTOBER).this.opened == 0


def test_a_ticket_that_spans_months_is_opened_once_settled_once_and_open_in_between(cast):
    at = berlin(2026, 7, 31, 12)
    ticket(cast.alpine, at, responded=at + HOUR, resolved=berlin(2026, 10, 1), closed=berlin(2026, 11, 5))
    rows = monthly.read(cast.max, cast.alpine, Month(2026, 11)).trend
    counted = [(str(row.month), row.opened, row.settled, row.open_at_end) for row in rows if not row.is_empty]
    assert counted == [("2026-07", 1, 0, 1), ("2026-08", 0, 0, 1), ("2026-09", 0, 0, 1), ("2026-10", 0, 1, 0)]
    assert monthly.read(cast.max, cast.alpine, Month(2026, 11)).attention.closed == 1
    september, month = (monthly.read(cast.max, cast.alpine, Month(2026, number)) for number in (9, 10))
    assert september.by[Kind.PRIORITY][2] == Share("3", "P3", open_at_end=1)
    assert month.by[Kind.PRIORITY][2] == Share("3", "P3", settled=1)


def test_a_ticket_older_than_the_trend_still_counts_as_open_and_as_settled(cast):
    at = berlin(2024, 2, 1)
    ticket(cast.alpine, at, responded=at + HOUR)
    ticket(cast.alpine, at, responded=at + HOUR, resolved=berlin(2026, 10, 3))
    report = monthly.read(cast.max, cast.alpine, OCTOBER)
    assert (report.trend[0].open_at_end, report.before.open_at_end, report.this.open_at_end) == (2, 2, 1)
    assert (report.this.settled, report.this.opened) == (1, 0)


def test_what_the_workflow_writes_is_what_the_report_counts(cast):
    """A P2 (4 and 24 hours), answered after 3 h, waits 20 h for the partner, is resolved 30 h after its opening: net
    10 h. Reopened after two days and resolved again 6 h later, it took 16 h, in which neither wait counts."""
    with time_machine.travel(berlin(2026, 10, 5, 8), tick=False) as clock:
        row = opened(cast)
        clock.shift(3 * HOUR)
        workflow.reply(row, by=cast.carol, body="Which relay?", wait=True)
        clock.shift(20 * HOUR)
        workflow.reply(row, by=cast.alice, body="This one.")
        clock.shift(7 * HOUR)
        workflow.give_verdict(row, Ticket.Verdict.VENDOR, by=cast.carol)
        workflow.resolve(row, by=cast.carol, resolution="Repaired.")
        first = monthly.read(cast.max, cast.alpine, OCTOBER)
        clock.shift(48 * HOUR)
        workflow.reopen(row, by=cast.alice, reason="It is back.")
        between = monthly.read(cast.max, cast.alpine, OCTOBER)
        clock.shift(6 * HOUR)
        workflow.resolve(row, by=cast.carol, resolution="Repaired for good.")
        last = monthly.read(cast.max, cast.alpine, OCTOBER)
    assert first.response == Pace(3 * HOUR, 3 * HOUR)
    assert first.resolution == Pace(10 * HOUR, 10 * HOUR, stood=20 * HOUR)
    assert (between.this.settled, between.this.open_at_end, between.resolution) == (0, 1, Pace())
    assert last.resolution == Pace(16 * HOUR, 16 * HOUR, stood=68 * HOUR)
    assert (last.this.settled, last.this.settled_in_time, last.this.open_at_end) == (1, 1, 0)


def test_a_late_answer_stays_late_whatever_happens_afterwards(cast):
    """Due after 4 h and answered after 5 h. Neither a long wait nor a lower priority makes that in time."""
    with time_machine.travel(berlin(2026, 10, 5, 8), tick=False) as clock:
        row = opened(cast)
        clock.shift(5 * HOUR)
        workflow.reply(row, by=cast.carol, body="Which relay?", wait=True)
        clock.shift(20 * HOUR)
        workflow.reply(row, by=cast.alice, body="This one.")
        workflow.change_priority(row, Priority.P4, by=cast.carol, reason="One mailbox only.")
        report = monthly.read(cast.max, cast.alpine, OCTOBER)
    assert (report.this.answered, report.this.answered_in_time) == (1, 0)


def test_waiting_before_the_first_answer_does_not_count_against_it(cast):
    """Due after 4 h; waits from hour 1 to hour 11 without an answer, which comes at hour 13: 3 of the 4 are used."""
    with time_machine.travel(berlin(2026, 10, 5, 8), tick=False) as clock:
        row = opened(cast)
        clock.shift(HOUR)
        workflow.change_status(row, Status.WAITING, by=cast.carol)
        clock.shift(10 * HOUR)
        workflow.reply(row, by=cast.alice, body="Here it is.")
        clock.shift(2 * HOUR)
        workflow.reply(row, by=cast.carol, body="Thank you.")
        report = monthly.read(cast.max, cast.alpine, OCTOBER)
    assert (report.this.answered, report.this.answered_in_time) == (1, 1)
    assert report.response == Pace(13 * HOUR, 13 * HOUR)
