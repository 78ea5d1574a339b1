"""When new tickets are closed to a contact who still owes a step: a table by hand, and what holds for any history."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts import gate
from contacts.licence import Action, Role, refusal
from contacts.readiness import GUIDES, Demand, Edition, Step, Training, duties, lacking, open_duties
from tests.contacts.test_licence import standing

BERLIN, AUCKLAND, HONOLULU = "Europe/Berlin", "Pacific/Auckland", "Pacific/Honolulu"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def edition(version, published_at, confirmed_at=None, step=Step.PARTNER):
    return Edition(int(version), step, version, "Guide", "", published_at, confirmed_at)


def asked(grace, *editions, begins=date(2020, 1, 1), since=LONG_AGO, zone=BERLIN, step=Step.PARTNER, attended=None):
    return Training(begins, zone, editions, [Demand(step, grace, since)], attended)


def closes_at(training):
    found = [duty for duty in duties(training) if duty.demand]
    return found[0].closes_at if found else None


@pytest.mark.parametrize(
    ("training", "closes"),
    {
        "without grace at once": (asked(0, edition("1", NOON)), NOON),
        "after the last day at the partner's": (
            asked(6, edition("1", NOON)),
            datetime(2026, 12, 2, tzinfo=ZoneInfo(BERLIN)),
        ),
        "where it is tomorrow already": (
            asked(6, edition("1", NOON), zone=AUCKLAND),
            datetime(2026, 12, 3, tzinfo=ZoneInfo(AUCKLAND)),
        ),
        "where it is still morning": (
            asked(6, edition("1", NOON), zone=HONOLULU),
            datetime(2026, 12, 2, tzinfo=ZoneInfo(HONOLULU)),
        ),
        "from the first day of the contact": (
            asked(1, edition("1", LONG_AGO), begins=date(2026, 11, 30)),
            datetime(2026, 12, 2, tzinfo=ZoneInfo(BERLIN)),
        ),
        "from the day it was first demanded": (
            asked(1, edition("1", LONG_AGO), since=NOON),
            datetime(2026, 11, 27, tzinfo=ZoneInfo(BERLIN)),
        ),
        "never, once it is confirmed": (asked(0, edition("1", LONG_AGO, NOON)), None),
        "from the new version, when the one before was confirmed": (
            asked(2, edition("1", LONG_AGO, LONG_AGO), edition("2", NOON)),
            datetime(2026, 11, 28, tzinfo=ZoneInfo(BERLIN)),
        ),
        "from the old version, when that was not confirmed": (
            asked(2, edition("1", LONG_AGO), edition("2", NOON), since=LONG_AGO + timedelta(days=1)),
            datetime(2020, 1, 5, tzinfo=ZoneInfo(BERLIN)),
        ),
        "never without a version to read": (asked(0), None),
        "for a webinar from the demand": (asked(0, step=Step.WEBINAR, since=NOON), NOON),
        "never, once a webinar was attended": (asked(0, step=Step.WEBINAR, attended=NOON), None),
        "never, when it is not demanded": (Training(date(2020, 1, 1), BERLIN, [edition("1", NOON)]), None),
    }.values(),
    ids=lambda value: None,
)
def test_the_gate_closes(training, closes):
    assert closes_at(training) == closes


def test_what_is_not_demanded_is_still_to_be_read_but_closes_nothing():
    training = Training(date(2020, 1, 1), BERLIN, [edition("1", NOON)])
    assert [(duty.step, duty.last_date) for duty in open_duties(training)] == [(Step.PARTNER, None)]
    assert lacking(training, NOON + timedelta(days=9999)) == []


MOMENTS = st.datetimes(datetime(2020, 1, 2), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def histories(draw):
    """Versions of one guide in the order of publication, some of them confirmed after they appeared."""
    published = sorted(draw(st.lists(MOMENTS, min_size=1, max_size=5, unique=True)))
    confirmed = draw(st.lists(st.booleans(), min_size=len(published), max_size=len(published)))
    return [
        edition(str(place), at, at + timedelta(hours=1) if read else None, step=Step.PARTNER)
        for place, (at, read) in enumerate(zip(published, confirmed, strict=True), 1)
    ]


@given(
    editions=histories(),
    grace=st.integers(0, 365),
    zone=st.sampled_from([BERLIN, AUCKLAND, HONOLULU, "UTC", "America/St_Johns"]),
    begins=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    since=MOMENTS,
)
def test_for_any_history_the_grace_is_whole_and_nothing_but_confirming_opens_the_gate(
    editions, grace, zone, begins, since
):
    training = asked(grace, *editions, begins=begins, since=since, zone=zone)
    [duty] = [duty for duty in duties(training) if duty.step == Step.PARTNER]
    if editions[-1].confirmed_at:
        assert (duty.closes_at, lacking(training, datetime(2100, 1, 1, tzinfo=UTC))) == (None, [])
        return
    # Never before it arose, and with all the days of the grace after the day it arose, at the partner's.
    start = datetime.combine(begins, time.min, tzinfo=ZoneInfo(zone))
    assert duty.arose_at >= max(start, since)
    days = (duty.closes_at.astimezone(ZoneInfo(zone)).date() - duty.arose_at.astimezone(ZoneInfo(zone)).date()).days
    assert days == (grace + 1 if grace else 0)
    assert lacking(training, duty.closes_at - timedelta(microseconds=1)) == []
    assert lacking(training, duty.closes_at) == [duty]
    # A newer version gives no more time to whoever owes the one before.
    newer = edition("99", editions[-1].published_at + timedelta(days=30))
    assert closes_at(asked(grace, *editions, newer, begins=begins, since=since, zone=zone)) == duty.closes_at
    # More days of grace never close it earlier.
    assert closes_at(asked(grace + 1, *editions, begins=begins, since=since, zone=zone)) >= duty.closes_at
    # Confirming the newest opens it at any time.
    done = edition(editions[-1].version, editions[-1].published_at, NOON)
    assert lacking(asked(grace, *editions[:-1], done, begins=begins, since=since, zone=zone), duty.closes_at) == []


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_a_closed_gate_closes_new_tickets_and_nothing_else(role, action):
    closed = gate.not_ready(asked(0, edition("1", NOON)), NOON)
    free, shut = (refusal(standing(role, not_ready=reason), action, NOON) for reason in (None, closed))
    assert shut == (closed if action == Action.OPEN and free is None else free)


def test_the_refusal_names_what_is_owed_since_when_and_the_way():
    training = Training(
        date(2020, 1, 1),
        BERLIN,
        [edition("7", NOON), edition("1", NOON, step=Step.PROCESSES)],
        [Demand(Step.PARTNER, 3, LONG_AGO), Demand(Step.WEBINAR, 0, LONG_AGO)],
    )
    refused = gate.not_ready(training, NOON + timedelta(days=30))
    assert (str(refused.reason), str(refused.ask), refused.way) == (
        "New tickets are closed to you until this is done: Onboarding webinar; Partner guide, version 7 (there was "
        "time until 28 Nov 2026). You can still work on open ones.",
        "Open your onboarding, do the steps that are open, and you can open tickets at once.",
        "contacts:onboarding",
    )


def test_every_guide_is_a_step():
    assert [*GUIDES, Step.WEBINAR] == list(Step)
