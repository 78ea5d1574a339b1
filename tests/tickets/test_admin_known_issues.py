"""Where agents declare known issues, see whom they reach, tell and resolve; and join tickets to them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import User
from tests.cast import Cast
from tests.tickets.admin_pages import act, page_url, said, signed_in, state, words
from tests.tickets.known import declared, joined, mallorys, resolved
from tests.tickets.openings import opened
from tickets import workflow
from tickets.models import KnownIssue, KnownIssueJoin, KnownIssueUpdate, Ticket

LIST, ADD = "/admin/tickets/knownissue/", "/admin/tickets/knownissue/add/"


def at(issue: KnownIssue, page: str) -> str:
    return f"{LIST}{issue.pk}/{page}/"


def form(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What a browser sends to declare one."""
    return {
        "title_en": "Mail is late",
        "title_de": "Mails verspätet",
        "body_en": "A relay is overloaded.",
        "body_de": "",
        "services": [cast.email_security.pk],
        "data_centres": ["DE1", "DE2"],
        "patterns": "451  4.7.1\r\n\r\ngreylisted\r\n451 4.7.1",
        "starts_at": "2026-11-20T09:10",
        "ends_at": "",
        "expected_at": "",
        "impact": "high",
        "urgency": "high",
        **changes,
    }


def client_of(user: User) -> Client:
    return signed_in(user)


@pytest.mark.parametrize("who", ["carol", "lea"])
def test_agents_and_leads_declare_and_correct(cast, who):
    user = getattr(cast, who)
    response = client_of(user).post(ADD, form(cast))
    issue = KnownIssue.objects.with_services().get()
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert (issue.title_en, issue.data_centres, issue.patterns) == (
        "Mail is late", ["DE1", "DE2"], ["451 4.7.1", "greylisted"]
    )  # fmt: skip
    assert (issue.declared_by, issue.service_ids, issue.impact) == (user, [cast.email_security.pk], "high")
    services = [cast.email_security.pk, cast.cloud_fax.pk]
    client_of(user).post(at(issue, "change"), form(cast, title_en="Mail is very late", services=services))
    issue = KnownIssue.objects.with_services().get()
    assert (issue.title_en, set(issue.service_ids)) == ("Mail is very late", set(services))


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"title_en": ""}, "title_en"),
        ({"body_en": " "}, "body_en"),
        ({"services": []}, "services"),
        ({"data_centres": ["DE9"]}, "data_centres"),
        ({"patterns": "x" * 101}, "patterns"),
        ({"ends_at": "2026-11-19T09:00"}, "__all__"),
        ({"starts_at": ""}, "starts_at"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_declared(cast, data, field):
    response = client_of(cast.carol).post(ADD, form(cast, **data))
    assert (response.status_code, list(response.context["adminform"].form.errors)) == (200, [field])
    assert KnownIssue.objects.count() == 0


def test_a_manager_reads_and_partners_get_nowhere(cast):
    issue = declared(cast)
    manager = client_of(cast.victor)
    assert [manager.get(url).status_code for url in (LIST, at(issue, "change"))] == [200, 200]
    posts = [(ADD, form(cast)), (at(issue, "change"), form(cast)), (at(issue, "update"), {"body_en": "New."})]
    assert [manager.post(url, data).status_code for url, data in posts] == [403, 403, 403]
    for who in (cast.alice, cast.mallory):
        assert [client_of(who).post(url, data).status_code for url, data in posts] == [302, 302, 302]
    assert (KnownIssue.objects.get().title_en, KnownIssueUpdate.objects.count()) == (issue.title_en, 0)


def test_nothing_is_deleted(cast):
    issue = declared(cast)
    root = User.objects.create_superuser("root@desk.example", name="Root")
    assert client_of(root).post(at(issue, "delete"), {"post": "yes"}).status_code == 403
    assert KnownIssue.objects.count() == 1


def test_the_page_counts_partners_tickets_tenants_and_end_customers(cast):
    issue = declared(cast)
    joined(cast, issue, affected_count=3)
    joined(cast, issue, by=cast.bob, tenants=[cast.rs1, cast.rs2], affected_count=4)
    mallorys(cast, issue, affected_count=5)
    mallorys(cast, declared(cast), affected_count=99)
    page = client_of(cast.carol).get(at(issue, "change"))
    reach = page.context["issue"]
    assert (reach.partner_count, reach.ticket_count, reach.tenant_count, reach.affected_sum) == (2, 3, 3, 12)
    assert "2 partners 3 tickets 3 tenants 12 end-customers affected" in words(page)


@pytest.mark.parametrize("count", [1, 12])
def test_list_page_and_preview_cost_the_same_for_few_and_for_many(cast, count, django_assert_num_queries):
    issue = declared(cast)
    for _each in range(count):
        joined(cast, issue)
        mallorys(cast, declared(cast))
        workflow.update_known_issue(issue, by=cast.carol, body_en="New.")
    client = client_of(cast.carol)
    with django_assert_num_queries(5):
        client.get(LIST)
    with django_assert_num_queries(7):
        client.get(at(issue, "change"))
    with django_assert_num_queries(6):
        client.get(at(issue, "update"))


@pytest.mark.parametrize("page", ["update", "resolve"])
def test_before_it_is_sent_the_page_says_who_will_be_told(cast, page):
    issue = declared(cast)
    for _each in range(2):
        joined(cast, issue)
    joined(cast, issue, by=cast.bob)
    mallorys(cast, issue)
    workflow.close(mallorys(cast, issue), by=cast.mallory)
    response = client_of(cast.carol).get(at(issue, page))
    assert [
        (group.partner, len(group.tickets), [reader.name for reader in group.readers])
        for group in response.context["audience"]
    ] == [(cast.alpine, 3, ["Alice", "Bob"]), (cast.other, 1, ["Mallory"])]
    assert "Alpine Mail GmbH , 3 tickets: Alice, Bob" in words(response)


def test_an_agent_tells_what_is_new_and_resolves(cast):
    issue, client = declared(cast), client_of(cast.carol)
    joined(cast, issue)
    soon = f"{timezone.localtime() + timedelta(hours=3):%Y-%m-%dT%H:%M}"
    client.post(at(issue, "update"), {"body_en": "Half is back.", "body_de": "", "expected_at": soon})
    issue.refresh_from_db()
    update = KnownIssueUpdate.objects.get()
    assert (update.body_en, update.by, update.expected_at) == ("Half is back.", cast.carol, issue.expected_at)
    refused = client.post(at(issue, "resolve"), {"verdict": "vendor", "resolution_en": ""})
    assert (refused.status_code, "Say what helps" in words(refused)) == (422, True)
    response = client.post(at(issue, "resolve"), {"verdict": "vendor", "resolution_en": "Replaced."})
    assert (response.status_code, response["Location"]) == (302, at(issue, "change"))
    issue.refresh_from_db()
    assert (issue.verdict, issue.resolution_en, issue.resolved_by) == ("vendor", "Replaced.", cast.carol)
    second = client_of(cast.lea).post(at(issue, "resolve"), {"verdict": "unclear", "resolution_en": "Mine."})
    assert (second.status_code, f"{issue.number} has been resolved by Carol." in words(second)) == (409, True)
    assert "Mine.</textarea>" in second.content.decode()
    assert client.post(at(issue, "change"), form(cast)).status_code == 403


def test_who_saves_what_was_resolved_a_moment_ago_is_told(cast, monkeypatch):
    issue, client = declared(cast), client_of(cast.carol)
    resolved(cast, issue)
    monkeypatch.setattr("tickets.admin.known_issues.KnownIssueAdmin.has_change_permission", lambda *_args: True)
    response = client.post(at(issue, "change"), form(cast))
    assert (response.status_code, said(response)) == (302, [f"{issue.number} has been resolved by Carol."])


# --- on a ticket's page


def test_the_tickets_page_shows_what_it_looks_like_the_likely_one_first(cast):
    possible = declared(cast, patterns=[])
    likely = declared(cast, patterns=["5.1.1"], starts_at=timezone.now() - timedelta(days=1))
    for other in ({"patterns": ["4.7.1"]}, {"services": [cast.cloud_fax]}, {"ends_at": timezone.now()}):
        declared(cast, **other)
    page = client_of(cast.carol).get(page_url(opened(cast, error_pattern="550 5.1.1")))
    assert page.context["alike"] == [likely, possible]


@pytest.mark.parametrize("who", ["carol", "lea"])
def test_an_agent_joins_a_ticket_and_takes_it_out_again(cast, who):
    issue, ticket, client = declared(cast), opened(cast), client_of(getattr(cast, who))
    assert act(client, ticket, "join", issue=issue.pk).status_code == 302
    assert KnownIssueJoin.objects.get().issue == issue
    page = words(client.get(page_url(ticket)))
    assert f"Known issue: {issue}" in page
    assert act(client, ticket, "join", issue=issue.pk).status_code == 409
    assert act(client, ticket, "leave", body="").status_code == 422
    assert act(client, ticket, "leave", body="Another cause.").status_code == 302
    assert KnownIssueJoin.objects.count() == 0


def test_only_what_is_in_force_for_its_service_can_be_joined(cast):
    ticket, client = opened(cast), client_of(cast.carol)
    over = declared(cast)
    resolved(cast, over)
    before = state(ticket)
    for issue in (declared(cast, services=[cast.cloud_fax]), over):
        assert act(client, ticket, "join", issue=issue.pk).status_code == 422
    assert act(client_of(cast.victor), ticket, "join", issue=declared(cast).pk).status_code == 403
    assert state(Ticket.objects.get(pk=ticket.pk)) == before
