"""Every number of the report opens exactly the tickets it counts."""

import random

import pytest

from contacts.licence import Role
from reports import behind, monthly
from reports.shares import Kind
from tests.cast import contact
from tests.reports import october
from tests.reports.october import OCTOBER
from tests.reports.test_recount import MONTH, fill
from tests.reports.tickets import berlin

TOTALS = ["opened", "answered", "answered_in_time", "settled", "settled_in_time", "open_at_end"]


@pytest.mark.parametrize("seed", range(2))
def test_as_many_tickets_stand_behind_a_number_as_it_says(cast, seed):
    fill(random.Random(seed), cast)  # noqa: S311
    limited = contact("Lisa", cast.alpine, role=Role.MANAGER, tenants=[cast.rs1])
    for user, partner in [(cast.max, cast.alpine), (limited, cast.alpine), (cast.victor, None)]:
        report = monthly.read(user, partner, MONTH)
        totals = {name: getattr(report.this, name) for name in TOTALS} | {"closed": report.attention.closed}
        found = {name: behind.tickets(user, partner, MONTH, name).count() for name in totals}
        assert found == totals
        for kind, shares in report.by.items():
            for name in ("opened", "settled", "open_at_end"):
                rows = behind.tickets(user, partner, MONTH, name)
                counted = {share.key: getattr(share, name) for share in shares}
                assert {key: behind.within(rows, kind, key).count() for key in counted} == counted


def test_behind_the_escalations_stand_the_tickets_that_were_escalated(cast):
    october.play(cast)
    people = behind.tickets(cast.victor, cast.alpine, OCTOBER, "by_person")
    assert [row.opened_at for row in people] == [berlin(2026, 10, 20, 10), berlin(2026, 10, 5, 9)]
    clock = behind.tickets(cast.victor, cast.alpine, OCTOBER, "by_clock")
    assert [row.opened_at for row in clock] == [berlin(2026, 10, 5, 9)]
    assert list(behind.tickets(cast.max, cast.alpine, OCTOBER, "by_clock")) == []


def test_nothing_stands_behind_a_row_that_does_not_exist(cast):
    october.play(cast)
    rows = behind.tickets(cast.max, cast.alpine, OCTOBER, "opened")
    strange = ["x", "0", "²", "99999999999999999999", "\x00", "1 OR 1=1"]
    assert [behind.within(rows, kind, key).count() for kind in Kind for key in strange] == [0] * 30
