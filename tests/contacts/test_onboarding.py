from datetime import UTC, datetime, timedelta

import pytest

from contacts import onboarding
from contacts.onboarding import ForeignDomain, NoDomains, State

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.mark.parametrize("email", ["nina@alpine.example", "nina@ALPINE.example", "a@b@alpine.example"])
def test_an_address_at_a_domain_of_the_partner_passes(email):
    onboarding.check_domain(email, ["alpine.example", "alpine-mail.example"])


@pytest.mark.parametrize(
    "email", ["nina@other.example", "nina@sub.alpine.example", "nina@notalpine.example", "alpine.example", "nina@"]
)
def test_any_other_domain_is_refused_and_the_allowed_ones_are_named(email):
    with pytest.raises(ForeignDomain) as refused:
        onboarding.check_domain(email, ["b.example", "Alpine.example"])
    assert str(refused.value).endswith("These are: alpine.example, b.example.")


def test_a_partner_without_domains_can_name_nobody():
    with pytest.raises(NoDomains):
        onboarding.check_domain("nina@alpine.example", [])


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, State.IN_FORCE),
        ({"authorized_from": TODAY + DAY}, State.BEGINS),
        ({"authorized_until": TODAY}, State.IN_FORCE),
        ({"authorized_until": TODAY - DAY}, State.EXPIRED),
        ({"invited_until": NOW + DAY}, State.INVITED),
        ({"invited_until": NOW}, State.INVITATION_EXPIRED),
        ({"invited_until": NOW + DAY, "authorized_until": TODAY - DAY}, State.EXPIRED),
        ({"suspended_at": NOW, "invited_until": NOW + DAY}, State.SUSPENDED),
        ({"revoked_at": NOW, "suspended_at": NOW}, State.WITHDRAWN),
    ],
)
def test_the_state_of_a_contact(changes, found):
    values = {
        "today": TODAY,
        "now": NOW,
        "authorized_from": TODAY - DAY,
        "authorized_until": None,
        "suspended_at": None,
        "revoked_at": None,
        "invited_until": None,
    }
    assert onboarding.state(**values | changes) is found
