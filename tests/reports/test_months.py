from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reports.choice import Choice, WrongMonth
from reports.months import Month, bounds, last_full, run_up

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-1", "1999-12", "2100-01", "2026-10 ", "２026-10"]
)
def test_what_is_no_month_is_not_read_as_one(text):
    assert Month.parse(text) is None


def test_a_month_is_written_as_it_is_read():
    assert Month.parse("2026-03") == Month(2026, 3)
    assert str(Month(2026, 3)) == "2026-03"


def test_months_follow_each_other_over_the_turn_of_the_year():
    assert run_up(Month(2026, 2), 4) == [Month(2025, 11), Month(2025, 12), Month(2026, 1), Month(2026, 2)]
    assert Month(2025, 12).plus(1) == Month(2026, 1)
    assert Month(2026, 1).plus(-13) == Month(2024, 12)


def test_a_month_in_which_the_clocks_change_is_an_hour_longer_or_shorter():
    day, hour = timedelta(days=1), timedelta(hours=1)
    lengths = [
        end.astimezone(UTC) - start.astimezone(UTC)
        for start, end in (bounds([month], BERLIN) for month in run_up(Month(2026, 11), 9))
    ]
    assert lengths == [
        31 * day - hour, 30 * day, 31 * day, 30 * day, 31 * day, 31 * day, 30 * day, 31 * day + hour, 30 * day,
    ]  # fmt: skip


def test_the_last_full_month_depends_on_where_one_stands():
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert last_full(new_year, BERLIN) == Month(2026, 12)
    assert last_full(new_year, ZoneInfo("America/New_York")) == Month(2026, 11)


def test_the_month_that_runs_can_be_chosen_and_the_next_one_cannot():
    choice = Choice(None, (), datetime(2026, 10, 31, 23, 30, tzinfo=UTC))  # 1 November in Berlin
    assert choice.month("2026-11") == Month(2026, 11)
    assert choice.month(None) == choice.month("") == Month(2026, 10)
    with pytest.raises(WrongMonth):
        choice.month("2026-12")
    with pytest.raises(WrongMonth):
        choice.month("next")


def test_the_choice_goes_from_the_first_ticket_to_the_month_that_runs():
    choice = Choice(None, (), datetime(2026, 11, 23, tzinfo=UTC))
    assert choice.months(Month(2026, 9), besides=Month(2026, 10)) == [
        Month(2026, 11), Month(2026, 10), Month(2026, 9),
    ]  # fmt: skip
    assert choice.months(Month(2026, 11), besides=Month(2026, 10)) == [Month(2026, 11), Month(2026, 10)]
    assert len(choice.months(None, besides=Month(2026, 10))) == 12
