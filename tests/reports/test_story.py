from dataclasses import replace
from datetime import timedelta

import pytest

from contacts.models import Partner
from reports import story
from reports.flow import MonthRow
from reports.monthly import Report
from reports.months import Month
from reports.pace import Pace
from tests.reports import october
from tests.reports.tickets import berlin

ALPINE = Partner(name="Alpine", customer_id="73125", time_zone="Europe/Berlin")
HOUR = timedelta(hours=1)


def a_month(before: int = 3, left_before: int = 2, month: Month = october.OCTOBER, **figures: int) -> Report:
    """A report of these figures and the month before, everything answered within an hour."""
    report = october.report()
    rows = (MonthRow(month.plus(-1), opened=before, open_at_end=left_before), MonthRow(month, **figures))
    return replace(
        report,
        month=month,
        first_opened_at=berlin(2020, 1, 1),
        trend=(*report.trend[:10], *rows),
        response=Pace(HOUR, HOUR) if figures.get("answered") else Pace(),
    )


def told(report: Report, *, running: bool = False) -> list[str]:
    return story.sentences(report, ALPINE, running=running)


def test_the_month_worked_out_by_hand_in_three_sentences():
    assert told(october.report()) == [
        "In October 2026, Alpine opened 5 tickets, 3 more than in September.",
        "2 of 4 first answers were given within target, half of all within 6 h 30 min.",
        "5 tickets were settled, 4 of them within target; 2 were open at the end of the month, "
        "as many as at the end of September.",
    ]


@pytest.mark.parametrize(
    ("opened", "sentence"),
    [
        (0, "In October 2026, Alpine opened no tickets, 3 fewer than in September."),
        (1, "In October 2026, Alpine opened one ticket, 2 fewer than in September."),
        (2, "In October 2026, Alpine opened 2 tickets, 1 fewer than in September."),
        (3, "In October 2026, Alpine opened 3 tickets, as many as in September."),
        (12345, "In October 2026, Alpine opened 12,345 tickets, 12,342 more than in September."),
    ],
)
def test_what_was_opened(opened, sentence):
    assert told(a_month(opened=opened))[0] == sentence


def test_all_partners_are_told_as_one():
    assert story.sentences(a_month(opened=2), None, running=False)[0] == (
        "In October 2026, all partners together opened 2 tickets, 1 fewer than in September."
    )


def test_another_year_is_named():
    assert told(a_month(opened=3, month=Month(2027, 1)))[0] == (
        "In January 2027, Alpine opened 3 tickets, as many as in December 2026."
    )


@pytest.mark.parametrize(
    ("answered", "in_time", "sentence"),
    [
        (1, 1, "The first answer was given within target, after 1 h 0 min."),
        (1, 0, "The first answer was given after 1 h 0 min, later than the target."),
        (4, 4, "All 4 first answers were given within target, half of them within 1 h 0 min."),
        (4, 0, "None of the 4 first answers was given within target, half of them took up to 1 h 0 min."),
        (4, 1, "1 of 4 first answers were given within target, half of all within 1 h 0 min."),
    ],
)
def test_how_fast_it_was_answered(answered, in_time, sentence):
    assert told(a_month(opened=4, answered=answered, answered_in_time=in_time))[1] == sentence


def test_what_has_not_been_answered_is_said_and_nothing_is_said_of_nothing():
    assert told(a_month(opened=1))[1] == "It has not been answered yet."
    assert told(a_month(opened=2))[1] == "None of them has been answered yet."
    assert len(told(a_month(opened=0))) == 2


@pytest.mark.parametrize(
    ("settled", "in_time", "left", "sentence"),
    [
        (0, 0, 0, "No ticket was settled; none was open at the end of the month, "
                  "2 fewer than at the end of September."),
        (1, 1, 1, "One ticket was settled, within target; one was open at the end of the month, "
                  "1 fewer than at the end of September."),
        (1, 0, 2, "One ticket was settled, later than the target; 2 were open at the end of the month, "
                  "as many as at the end of September."),
        (5, 5, 3, "5 tickets were settled, all of them within target; 3 were open at the end of the month, "
                  "1 more than at the end of September."),
        (5, 0, 3, "5 tickets were settled, none of them within target; 3 were open at the end of the month, "
                  "1 more than at the end of September."),
    ],
)  # fmt: skip
def test_what_was_settled_and_what_is_left(settled, in_time, left, sentence):
    assert told(a_month(settled=settled, settled_in_time=in_time, open_at_end=left))[-1] == sentence


def test_a_month_that_runs_speaks_of_now():
    assert told(a_month(opened=2, answered=2, answered_in_time=2, open_at_end=1), running=True) == [
        "In October 2026, Alpine opened 2 tickets, so far.",
        "All 2 first answers were given within target, half of them within 1 h 0 min.",
        "No ticket was settled; one is open now, 1 fewer than at the end of September.",
    ]
