"""The licence over every role, action and state, against a table written out by hand; and over what it is about."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts import licence
from contacts.licence import ROLES, Action, Basis, Level, Matter, Refusal, Right, Role, Standing, refusal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
YESTERDAY, TODAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24)

ALLOWED = {
    Role.MEMBER: {"see", "open", "reply", "escalate", "close", "reopen"},
    Role.ADMIN: {"see", "open", "reply", "escalate", "close", "reopen", "read reports", "manage contacts"},
    Role.MANAGER: {"see", "escalate", "read reports"},
}
BY_ONE_RIGHT = {
    Right.OPEN: {"see", "open"},
    Right.ANSWER: {"see", "reply", "close", "reopen"},
    Right.ESCALATE: {"see", "escalate"},
    Right.READ_REPORTS: {"see", "read reports"},
    Right.MANAGE_CONTACTS: {"see", "manage contacts"},
}
EXCEPTION = {"basis": Basis.DEDICATED, "basis_until": TODAY}
AGREEMENT = {"basis": Basis.DIRECT_SUPPORT, "basis_from": TODAY, "basis_until": TODAY}
IN_FORCE = {
    "from today": {"authorized_from": TODAY},
    "until today": {"authorized_until": TODAY},
    "an exception until today": EXCEPTION,
    "an agreement from today until today": AGREEMENT,
}
AUTHORIZATION = "Your authorization as a support contact "
EXCEPTION_ENDED = "The exception under which you are a support contact has ended."
NO_AGREEMENT = "The agreement on direct support under which you are a contact is not in force."
OUT_OF_FORCE = {
    "begins tomorrow": ({"authorized_from": TOMORROW}, f"{AUTHORIZATION}has not begun yet."),
    "ended yesterday": ({"authorized_until": YESTERDAY}, f"{AUTHORIZATION}has expired."),
    "suspended": ({"suspended_at": NOW - timedelta(minutes=1)}, f"{AUTHORIZATION}is suspended."),
    "withdrawn": ({"revoked_at": NOW - timedelta(minutes=1)}, f"{AUTHORIZATION}has been withdrawn."),
    "exception ended": (EXCEPTION | {"basis_until": YESTERDAY}, EXCEPTION_ENDED),
    "exception without an end": (EXCEPTION | {"basis_until": None}, EXCEPTION_ENDED),
    "agreement ended": (AGREEMENT | {"basis_from": YESTERDAY, "basis_until": YESTERDAY}, NO_AGREEMENT),
    "agreement begins tomorrow": (AGREEMENT | {"basis_from": TOMORROW, "basis_until": TOMORROW}, NO_AGREEMENT),
}

OWN, OTHER = 1, 2
ONE_TENANT = {"tenants": frozenset({10}), "services": frozenset({20}), "highest_priority": 2}
#: What is asked of a contact for tenant 10 and service 20 up to P2, and the words of the refusal; None: allowed.
TENANT = "Your authorization does not cover all tenants this is about."
SERVICE = "Your authorization does not cover all services this is about."
PARTNER = "This belongs to a partner you are not a contact of."
HIGH = "This ticket would be P1. You may open tickets up to P2."
ABOUT = {
    "own tenant and service": (Matter(OWN, frozenset({10}), frozenset({20}), 2), None),
    "a lower priority": (Matter(OWN, frozenset({10}), frozenset({20}), 4), None),
    "another partner": (Matter(OTHER, frozenset({10}), frozenset({20}), 2), PARTNER),
    "a foreign tenant": (Matter(OWN, frozenset({11}), frozenset({20}), 2), TENANT),
    "a foreign tenant beside the own": (Matter(OWN, frozenset({10, 11}), frozenset({20}), 2), TENANT),
    "no tenant in particular": (Matter(OWN, frozenset(), frozenset({20}), 2), TENANT),
    "a foreign service": (Matter(OWN, frozenset({10}), frozenset({21}), 2), SERVICE),
    "a foreign service beside the own": (Matter(OWN, frozenset({10}), frozenset({20, 21}), 2), SERVICE),
    "no service in particular": (Matter(OWN, frozenset({10}), frozenset(), 2), SERVICE),
    "too high a priority": (Matter(OWN, frozenset({10}), frozenset({20}), 1), HIGH),
}


def standing(role=None, **changes):
    values = {
        "partner": OWN,
        "rights": ROLES[role] if role else frozenset(Right),
        "authorized_from": date(2020, 1, 1),
        "time_zone": "Europe/Berlin",
    }
    return Standing(**values | changes)


def test_the_third_level_belongs_to_no_contact():
    assert Level.values == ["L1", "L2"]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("changes", IN_FORCE.values(), ids=IN_FORCE)
def test_in_force_each_role_may_do_exactly_what_the_table_says(role, changes):
    may = {action.value for action in Action if refusal(standing(role, **changes), action, NOW) is None}
    assert may == ALLOWED[role]


@pytest.mark.parametrize("right", Right)
def test_each_right_allows_its_own_actions_and_no_other(right):
    one = standing(rights=frozenset({right}))
    assert {action.value for action in Action if refusal(one, action, NOW) is None} == BY_ONE_RIGHT[right]


def test_without_any_right_a_contact_sees_and_no_more():
    nothing = standing(rights=frozenset())
    assert [action for action in Action if refusal(nothing, action, NOW) is None] == [Action.SEE]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize(("changes", "words"), OUT_OF_FORCE.values(), ids=OUT_OF_FORCE)
def test_out_of_force_nobody_may_do_anything_and_is_told_why_and_whom_to_ask(role, action, changes, words):
    refused = refusal(standing(role, **changes), action, NOW)
    assert refused is not None
    assert str(refused.reason) == words
    assert str(refused.ask).startswith("Ask your partner admin, who can ")


@pytest.mark.parametrize("action", Action)
def test_a_stranger_may_do_nothing(action):
    refused = refusal(None, action, NOW)
    assert refused is not None
    assert str(refused.reason) == "You are not named as a support contact of any partner."


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize(("matter", "words"), ABOUT.values(), ids=ABOUT)
def test_a_limited_contact_acts_only_within_what_is_granted(action, matter, words):
    expected = None if words == HIGH and action != Action.OPEN else words
    refused = refusal(standing(**ONE_TENANT), action, NOW, matter)
    assert (str(refused.reason) if refused else None) == expected


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("matter", [matter for matter, _words in ABOUT.values()], ids=ABOUT)
def test_a_contact_for_everything_is_stopped_only_by_another_partner(action, matter):
    refused = refusal(standing(), action, NOW, matter)
    assert (refused is None) == (matter.partner == OWN)


@pytest.mark.parametrize("action", Action)
def test_who_still_owes_a_step_opens_no_ticket_and_may_do_all_else(action):
    owing = Refusal("The guide is not confirmed yet.", "Read and confirm it.")
    assert refusal(standing(not_ready=owing), action, NOW) == (owing if action == Action.OPEN else None)


keys = st.frozensets(st.integers(1, 4), max_size=4)


@given(granted=keys, more=keys, about=keys, action=st.sampled_from(Action))
def test_to_be_granted_more_never_takes_anything_away(granted, more, about, action):
    matter = Matter(OWN, tenants=about)
    less = refusal(standing(tenants=granted), action, NOW, matter)
    wider = refusal(standing(tenants=granted | more), action, NOW, matter)
    everything = refusal(standing(tenants=None), action, NOW, matter)
    assert less is not None or wider is None
    assert everything is None


@given(rights=st.frozensets(st.sampled_from(Right)))
def test_a_role_is_named_exactly_where_its_rights_are_granted(rights):
    role = licence.role_of(rights)
    assert (role is None) == (rights not in ROLES.values())
    assert role is None or ROLES[role] == rights


def test_a_refusal_says_why_and_whom_to_ask_in_one_breath():
    refused = refusal(standing(suspended_at=NOW), Action.SEE, NOW)
    assert str(refused) == (
        "Your authorization as a support contact is suspended. Ask your partner admin, who can change this."
    )


@pytest.mark.parametrize(
    ("zone", "allowed"), [("Pacific/Auckland", False), ("Europe/Berlin", True), ("Pacific/Honolulu", True)]
)
@pytest.mark.parametrize("last", [{"authorized_until": TODAY}, EXCEPTION, AGREEMENT | {"basis_from": YESTERDAY}])
def test_the_last_day_ends_at_midnight_where_the_partner_is(zone, allowed, last):
    assert (refusal(standing(time_zone=zone, **last), Action.SEE, NOW) is None) is allowed
