"""Who reads which report, over the web."""

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client

from contacts.licence import Role
from contacts.models import User
from tests.cast import contact
from tests.reports import october
from tests.reports.tickets import HOUR, berlin, ticket

PAGES = ["/reports/", "/reports/csv/", "/reports/tickets/?figure=opened"]
NOW = berlin(2026, 11, 23, 11)


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(NOW, tick=False):
        yield


def asked(user: User | None, address: str, **query: str):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.get(address, query)


def text(response) -> str:
    return response.content.decode()


ANSWERS = {
    "alice": 403, "bob": 403, "anna": 200, "max": 200, "mallory": 200, "carol": 200, "lea": 200, "victor": 200,
}  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_partner_admins_managers_and_staff_read_reports_and_members_do_not(cast, address):
    october.play(cast)
    people = {**cast.partners_people, **cast.staff}
    assert {name: asked(user, address).status_code for name, user in people.items()} == ANSWERS


@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_is_sent_to_the_door(cast, address):
    response = asked(None, address)
    assert (response.status_code, response["Location"].startswith("/account/login/")) == (302, True)


@pytest.mark.parametrize("address", PAGES)
def test_reports_are_only_read(cast, client, address):
    client.force_login(cast.max)
    answers = [client.generic(method, address).status_code for method in ("POST", "PUT", "PATCH", "DELETE")]
    assert answers == [405] * 4


@pytest.mark.parametrize("address", PAGES)
def test_staff_who_may_not_see_tickets_read_no_report(cast, address):
    october.play(cast)
    cast.victor.groups.set([Group.objects.create(name="Accounting")])
    response = asked(cast.victor, address)
    assert response.status_code == 403
    assert "Your account has no right to do this." in text(response)


@pytest.mark.parametrize("address", PAGES)
def test_a_manager_out_of_force_reads_no_report(cast, address):
    october.play(cast)
    cast.max.contacts.update(suspended_at=NOW)
    assert asked(cast.max, address).status_code == 403


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("partner", ["73125", "all", "00000", "x' OR 1=1", "\x00", "73125 "])
def test_a_forged_partner_does_not_exist_for_a_manager_of_another(cast, address, partner):
    october.play(cast)
    assert asked(cast.mallory, address, partner=partner, figure="opened").status_code == 404


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("partner", ["00000", "x", "\x00"])
def test_a_partner_that_does_not_exist_is_404_for_staff_too(cast, address, partner):
    assert asked(cast.victor, address, partner=partner, figure="opened").status_code == 404


@pytest.mark.parametrize("address", PAGES)
def test_a_partners_report_is_the_same_whatever_the_others_do(cast, address):
    """Mallory's address, file and list of October, before and after everything of alpine's."""
    ticket(cast.other, berlin(2026, 9, 3), responded=berlin(2026, 9, 3) + HOUR, tenants=[cast.other_tenant])
    ticket(cast.other, berlin(2026, 10, 3), responded=berlin(2026, 10, 3) + HOUR, tenants=[cast.other_tenant])
    before = text(asked(cast.mallory, address, figure="opened"))
    october.play(cast)
    cast.other.tickets.filter(opened_at=berlin(2026, 10, 7, 9)).update(partner=cast.alpine)
    assert without_tokens(text(asked(cast.mallory, address, figure="opened"))) == without_tokens(before)
    assert "Harbour" in before or "88888RS" in before


def without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf" not in line.lower()]


def test_what_alpine_reads_could_leak(cast):
    """The pages above hold what mallory must not see, when alpine's own manager asks."""
    october.play(cast)
    assert ["Alpine" in text(asked(cast.max, "/reports/")), "Bergbahn" in text(asked(cast.max, "/reports/csv/"))] == [
        True,
        True,
    ]
    assert "12345RS" in text(asked(cast.max, "/reports/tickets/", figure="opened"))


def test_a_manager_for_one_tenant_reads_nothing_of_the_other_one(cast):
    october.play(cast)
    limited = contact("Lisa", cast.alpine, role=Role.MANAGER, tenants=[cast.rs1])
    pages = "".join(text(asked(limited, page, figure="opened")) for page in PAGES)
    assert ("12345RS" in pages, "23456RS" in pages, "Seilbahn" in pages) == (True, False, False)


def test_the_last_full_month_stands_first(cast):
    october.play(cast)
    page = text(asked(cast.max, "/reports/"))
    assert "Alpine Mail GmbH (73125) · October 2026" in page
    assert "In October 2026, Alpine Mail GmbH opened 5 tickets, 3 more than in September." in page


def test_the_vendor_begins_with_all_partners_and_chooses_one(cast):
    october.play(cast)
    assert "In October 2026, all partners together opened 6 tickets" in text(asked(cast.victor, "/reports/"))
    one = text(asked(cast.victor, "/reports/", partner="99999", month="2026-10"))
    assert "In October 2026, Other Ltd opened one ticket, the first one ever." in one


def test_the_month_that_runs_says_so(cast):
    october.play(cast)
    page = text(asked(cast.max, "/reports/", month="2026-11"))
    assert "In November 2026, Alpine Mail GmbH opened one ticket, so far." in page
    assert "The month is not over" in page


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    "month", ["2026-12", "2099-01", "2026-13", "October", "0000-01", "9999-12", "\x00", "9" * 5000]
)
def test_a_month_that_is_none_or_lies_ahead_gets_a_clear_answer(cast, address, month):
    october.play(cast)
    response = asked(cast.max, address, month=month, figure="opened")
    assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "There is no such month" in text(response)


def test_a_month_before_the_first_ticket_leads_to_the_first_one(cast):
    october.play(cast)
    response = asked(cast.max, "/reports/", month="2020-02")
    assert response.status_code == 200
    assert "The first ticket was opened in September 2026." in text(response)
    assert 'href="?partner=73125&amp;month=2026-09"' in text(response)


def test_a_partner_without_tickets_is_told_what_will_stand_here(cast):
    response = asked(cast.max, "/reports/")
    assert (response.status_code, "No tickets yet." in text(response)) == (200, True)


def test_an_empty_month_says_so_and_shows_its_figures(cast):
    at = berlin(2026, 8, 3)
    ticket(cast.alpine, at, responded=at + HOUR, resolved=at + 2 * HOUR)
    page = text(asked(cast.max, "/reports/", month="2026-10"))
    assert "An empty month" in page
    assert "In October 2026, Alpine Mail GmbH opened no tickets, as many as in September." in page
    assert "<td>–</td>" in page


def test_a_figure_or_a_row_that_does_not_exist_is_404(cast):
    october.play(cast)
    queries = [{"figure": "x"}, {}, {"figure": "opened", "by": "x"}, {"figure": "opened", "by": "assignee", "row": "1"}]
    assert [asked(cast.max, "/reports/tickets/", **query).status_code for query in queries] == [404] * 4
    harmless = [{"figure": "opened", "by": "tenant", "row": "\x00"}, {"figure": "opened", "page": "-1"}]
    assert [asked(cast.max, "/reports/tickets/", **query).status_code for query in harmless] == [200] * 2


def test_nothing_of_a_report_is_kept_by_the_browser_or_on_the_way(cast):
    october.play(cast)
    for page in PAGES:
        assert "no-store" in asked(cast.max, page)["Cache-Control"]


def test_every_chart_has_a_title_and_no_style_of_its_own(cast):
    october.play(cast)
    page = text(asked(cast.max, "/reports/"))
    assert page.count('role="img" aria-labelledby="') == 3
    assert page.count("<desc id=") == 3
    assert "style=" not in page.split("<main")[1]


def test_german_numbers_do_not_break_the_drawings(cast):
    cast.max.language = "de"
    cast.max.save()
    october.play(cast)
    drawings = text(asked(cast.max, "/reports/")).split("<svg")[1:]
    points = [part.split('"')[0] for drawing in drawings for part in drawing.split('points="')[1:]]
    assert points
    assert all(len(point.split(",")) == 2 for run in points for point in run.split())


@pytest.mark.parametrize("count", [3, 300])
@pytest.mark.parametrize(("reader", "statements"), [("max", 2), ("victor", 3)])
def test_a_report_costs_the_same_however_many_tickets_there_are(
    cast, client, django_assert_num_queries, count, reader, statements
):
    for number in range(count):
        at = berlin(2026, 10, 1) + number * HOUR
        ticket(cast.alpine, at, responded=at + HOUR, tenants=[cast.rs1], services=[cast.email_security])
    client.force_login(getattr(cast, reader))
    client.get("/reports/")  # the notices of the frame are read once a minute
    for page in ("/reports/", "/reports/csv/"):
        with django_assert_num_queries(statements):
            assert client.get(page).status_code == 200
