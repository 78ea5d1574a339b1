"""The licence over every role, action and state, against a table written out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contacts.licence import Action, Level, Role, Standing, refusal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
YESTERDAY, TODAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24)

ALLOWED = {
    Role.MEMBER: {"see", "open", "reply", "escalate", "close", "reopen"},
    Role.ADMIN: {"see", "open", "reply", "escalate", "close", "reopen", "read reports", "manage contacts"},
    Role.MANAGER: {"see", "escalate", "read reports"},
}
IN_FORCE = {
    "from today": {"authorized_from": TODAY},
    "until today": {"authorized_until": TODAY},
}
OUT_OF_FORCE = {
    "begins tomorrow": ({"authorized_from": TOMORROW}, "has not begun yet"),
    "ended yesterday": ({"authorized_until": YESTERDAY}, "has expired"),
    "suspended": ({"suspended_at": NOW - timedelta(minutes=1)}, "is suspended"),
    "withdrawn": ({"revoked_at": NOW - timedelta(minutes=1)}, "has been withdrawn"),
}


def standing(role, **changes):
    values = {
        "authorized_from": date(2020, 1, 1),
        "authorized_until": None,
        "suspended_at": None,
        "revoked_at": None,
        "time_zone": "Europe/Berlin",
    }
    return Standing(role=role, **values | changes)


def test_the_third_level_belongs_to_no_contact():
    assert Level.values == ["L1", "L2"]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("changes", IN_FORCE.values(), ids=IN_FORCE)
def test_in_force_each_role_may_do_exactly_what_the_table_says(role, changes):
    may = {action.value for action in Action if refusal(standing(role, **changes), action, NOW) is None}
    assert may == ALLOWED[role]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize(("changes", "words"), OUT_OF_FORCE.values(), ids=OUT_OF_FORCE)
def test_out_of_force_nobody_may_do_anything_and_is_told_why_and_whom_to_ask(role, action, changes, words):
    refused = refusal(standing(role, **changes), action, NOW)
    assert refused is not None
    assert str(refused.reason) == f"Your authorization as a support contact {words}."
    assert str(refused.ask) == "Ask your partner admin, who can change this."


@pytest.mark.parametrize("action", Action)
def test_a_stranger_may_do_nothing(action):
    refused = refusal(None, action, NOW)
    assert refused is not None
    assert str(refused.reason) == "You are not named as a support contact of any partner."


@pytest.mark.parametrize(
    ("zone", "allowed"), [("Pacific/Auckland", False), ("Europe/Berlin", True), ("Pacific/Honolulu", True)]
)
def test_the_last_day_ends_at_midnight_where_the_partner_is(zone, allowed):
    last = standing(Role.MEMBER, authorized_until=TODAY, time_zone=zone)
    assert (refusal(last, Action.SEE, NOW) is None) is allowed
