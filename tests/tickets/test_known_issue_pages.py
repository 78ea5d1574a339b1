"""Known issues as a contact sees them: beside the form, on their own pages, on a ticket."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.tickets.admin_pages import said, words
from tests.tickets.known import declared, joined, mallorys, resolved
from tests.tickets.openings import opened
from tests.tickets.test_filing import errors, typed
from tickets import workflow
from tickets.models import Example, KnownIssue, KnownIssueJoin, Ticket

NEW, BESIDE, LIST = "/tickets/new/", "/tickets/new/beside/", "/tickets/known-issues/"


@pytest.fixture
def issue(cast) -> KnownIssue:
    return declared(cast)


@pytest.fixture
def alice(cast) -> Client:
    client = Client()
    client.force_login(cast.alice)
    return client


def light(cast, **changes):
    """What a browser sends from the short page."""
    return {
        "join": "1",
        "submission": "7d1f5c3e-5f0d-4c0e-9d57-0a3d4f9b6a11",
        "tenants": [cast.rs1.pk],
        "affected_count": "3",
        "phone": "+49 89 5528-0000",
        "examples-occurred": ["27.08.2019 11:02"],
        "examples-sender": ["news@bergbahn.example"],
        "remark": "Only since noon.",
        **changes,
    }


def at(issue: KnownIssue, page: str = "") -> str:
    return f"{LIST}{issue.pk}/{page}"


# --- beside the form


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, False),  # the pasted row says 550 5.1.1
        ({"error_pattern": "451 4.7.1 try again"}, True),
        ({"error_pattern": "", "examples-status": ["host said: 451-4.7.1 greylisted"]}, True),
        ({"error_pattern": "", "examples-status": [""]}, True),
        ({"error_pattern": "451 4.7.1", "data_centre": "DE2"}, False),
        ({"error_pattern": "451 4.7.1", "services": []}, False),
        ({"error_pattern": "451 4.7.1", "type": "change"}, False),
    ],
)
def test_beside_the_form_stands_what_fits(alice, cast, issue, changes, shown):
    declared(cast, services=[cast.cloud_fax], patterns=[])
    response = alice.post(BESIDE, typed(cast, **changes))
    assert response.context["known"] == ([issue] if shown else [])
    assert (f"This is mine: join {issue.number}" in response.content.decode()) == shown


def test_the_likely_one_stands_first(alice, cast, issue):
    newer = declared(cast, patterns=[], starts_at=timezone.now() - timedelta(minutes=1))
    response = alice.post(BESIDE, typed(cast, error_pattern="451 4.7.1"))
    assert response.context["known"] == [issue, newer]


def test_without_a_script_they_stand_on_the_page_of_the_form(alice, cast, issue):
    over = declared(cast)
    resolved(cast, over)
    for nothing in ({"services": [cast.cloud_fax]}, {"starts_at": timezone.now() + timedelta(hours=1)}):
        declared(cast, **nothing)
    page = alice.get(NEW)
    assert page.context["known_issues"] == [issue]
    assert f'formaction="{at(issue, "join/")}"' in page.content.decode()
    assert "What Retarus knows of already" not in alice.get(f"{NEW}?type=change").content.decode()


# --- joining


def test_what_was_typed_into_the_form_comes_along_and_goes_back_whole(alice, cast, issue):
    page = alice.post(at(issue, "join/"), typed(cast, tenants=[cast.rs1.pk], description="Late since noon."))
    form = page.context["form"]
    assert (page.status_code, KnownIssueJoin.objects.count()) == (200, 0)
    assert form["tenants"].value() == [str(cast.rs1.pk)]
    assert (form["phone"].value(), form["affected_count"].value()) == ("+49 89 5528-0000", "1")
    assert form["remark"].value() == "Late since noon."
    assert [row["sender"] for row in form["examples"].value()] == ["news@bergbahn.example"]
    carried = dict(page.context["carried"])
    assert (carried["subject"], carried["error_pattern"]) == ("Mail to one provider bounces", "550 5.1.1")
    back = {**typed(cast), **carried, "switch": "incident", "remark": "Late since noon."}
    again = alice.post(NEW, back).context["form"]
    assert {name: again[name].value() for name in ("subject", "description", "impact", "known")} == {
        "subject": "Mail to one provider bounces", "description": "Late since noon.", "impact": "medium", "known": "no"
    }  # fmt: skip


def test_the_short_page_makes_one_light_ticket(alice, cast, issue):
    first = alice.post(at(issue, "join/"), light(cast))
    second = alice.post(at(issue, "join/"), light(cast))
    ticket = Ticket.objects.get()
    assert first["Location"] == second["Location"] == f"/tickets/{ticket.pk}/"
    assert (ticket.join.issue, ticket.affected_count, ticket.phone) == (issue, 3, "+498955280000")
    page = words(alice.get(f"/tickets/{ticket.pk}/"))
    assert f"Known issue {issue.number} Mail to some providers is late" in page
    assert f"{ticket.number} has joined the known issue. What is new, you hear by mail too." in page


def test_what_is_missing_is_said_beside_its_field_and_the_rest_stays(alice, cast, issue):
    blank = {"examples-occurred": [""], "examples-sender": [""], "phone": "", "affected_count": ""}
    response = alice.post(at(issue, "join/"), light(cast, **blank))
    assert (response.status_code, sorted(errors(response))) == (422, ["affected_count", "examples", "phone"])
    assert "Only since noon.</textarea>" in response.content.decode()
    foreign = alice.post(at(issue, "join/"), light(cast, tenants=[cast.other_tenant.pk]))
    assert (foreign.status_code, list(errors(foreign))) == (422, ["tenants"])
    assert Ticket.objects.count() == 0


def test_evidence_is_read_on_the_short_page_too(alice, cast, issue):
    data = light(
        cast, read="1", pasted="Timestamp,Sender,Recipient,Status\n2026-11-20 10:00,a@b.example,c@d.example,451"
    )
    del data["join"]
    page = alice.post(at(issue, "join/"), data)
    assert [row["sender"] for row in page.context["form"]["examples"].value()] == [
        "news@bergbahn.example", "a@b.example"
    ]  # fmt: skip
    assert "1 row read." in words(page)
    assert f'formaction="{at(issue, "join/")}#' in page.content.decode()
    assert Example.objects.count() == 0


def test_a_resolved_one_is_not_joined_and_says_so(alice, cast, issue):
    resolved(cast, issue)
    response = alice.get(at(issue, "join/"))
    assert (response["Location"], said(response)) == (at(issue), [f"{issue.number} has been resolved meanwhile."])
    assert alice.post(at(issue, "join/"), light(cast)).status_code == 302
    assert Ticket.objects.count() == 0


def test_already_known_is_answered_by_choosing_it(alice, cast, issue):
    fields = {"known": "yes", "known_issue": str(issue.pk)}
    alice.post(NEW, typed(cast, **fields))
    ticket = Ticket.objects.get()
    assert (ticket.known, ticket.known_reference, ticket.join.issue) == (True, issue.number, issue)
    again = {"submission": str(uuid.uuid4())}
    refused = alice.post(NEW, typed(cast, known="no", known_issue=str(issue.pk), **again))
    assert (refused.status_code, list(errors(refused))) == (422, ["known_issue"])
    foreign = declared(cast, services=[cast.cloud_fax])
    refused = alice.post(NEW, typed(cast, known="yes", known_issue=str(foreign.pk), **again))
    assert "known_issue" in errors(refused)
    unsaid = alice.post(NEW, typed(cast, known="yes", known_issue="", **again))
    assert list(errors(unsaid)) == ["known_reference"]


# --- the list and the page of one


def test_the_list_shows_what_is_open_and_what_was_resolved_lately(alice, cast, issue):
    lately, long_ago = declared(cast), declared(cast)
    for each in (lately, long_ago):
        resolved(cast, each)
    KnownIssue.objects.filter(pk=long_ago.pk).update(resolved_at=timezone.now() - timedelta(days=15))
    declared(cast, services=[cast.cloud_fax])
    page = alice.get(LIST)
    assert (page.context["open"], page.context["resolved"]) == ([issue], [lately])


def test_its_page_shows_what_is_new_and_the_own_tickets_only(alice, cast, issue):
    own = joined(cast, issue)
    hidden, theirs = joined(cast, issue, by=cast.bob, tenants=[cast.rs2]), mallorys(cast, issue)
    workflow.update_known_issue(issue, by=cast.carol, body_en="Half is back.")
    page = alice.get(at(issue))
    text = words(page)
    assert list(page.context["own"]) == [own]
    assert "Half is back." in text
    assert [number for number in (own.number, hidden.number, theirs.number) if number in text] == [own.number]


def test_what_is_not_of_ones_services_does_not_exist(alice, cast):
    fax = declared(cast, services=[cast.cloud_fax])
    ticket = opened(cast)
    answers = [alice.get(at(fax)), alice.get(at(fax, "join/")), alice.post(at(fax, "join/"), light(cast))]
    answers.append(alice.post(f"/tickets/{ticket.pk}/known-issue/{fax.pk}/"))
    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
    assert KnownIssueJoin.objects.count() == 0


# --- on a ticket


def test_a_ticket_that_stands_joins_and_leaves(alice, cast, issue):
    ticket = opened(cast)
    assert alice.get(f"/tickets/{ticket.pk}/").context["joinable"] == [issue]
    alice.post(f"/tickets/{ticket.pk}/known-issue/{issue.pk}/")
    assert KnownIssueJoin.objects.get().ticket == ticket
    again = alice.post(f"/tickets/{ticket.pk}/known-issue/{issue.pk}/")
    assert said(again)[-1:] == ["This ticket belongs to a known issue already."]
    assert alice.post(f"/tickets/{ticket.pk}/leave/", {"body": ""}).status_code == 422
    assert alice.post(f"/tickets/{ticket.pk}/leave/", {"body": "Ours is the digest."}).status_code == 302
    assert KnownIssueJoin.objects.count() == 0
    assert alice.post(f"/tickets/{ticket.pk}/leave/", {"body": "Again."}).status_code == 409


def test_the_question_is_answered_with_one_click_or_a_text(alice, cast, issue):
    fixed, broken, unasked = joined(cast, issue), joined(cast, issue), joined(cast, declared(cast))
    resolved(cast, issue)
    assert "Is it fixed for you?" in words(alice.get(f"/tickets/{fixed.pk}/"))
    assert "Is it fixed for you?" not in words(alice.get(f"/tickets/{unasked.pk}/"))
    alice.post(f"/tickets/{fixed.pk}/fixed/")
    alice.post(f"/tickets/{unasked.pk}/fixed/")
    assert alice.post(f"/tickets/{broken.pk}/not-fixed/", {"body": ""}).status_code == 422
    alice.post(f"/tickets/{broken.pk}/not-fixed/", {"body": "Still late."})
    states = {ticket.pk: ticket.status for ticket in Ticket.objects.all()}
    assert states == {fixed.pk: "resolved", broken.pk: "open", unasked.pk: "new"}
    again = alice.post(f"/tickets/{fixed.pk}/fixed/")
    assert said(again)[-1:] == ["This ticket is settled already."]


def test_who_only_reads_is_offered_nothing(cast, issue):
    client = Client()
    client.force_login(cast.max)
    ticket = joined(cast, issue)
    resolved(cast, issue)
    assert "Yes, it is fixed" not in words(client.get(f"/tickets/{ticket.pk}/"))
    assert client.post(f"/tickets/{ticket.pk}/fixed/").status_code == 403
    assert "This is mine: join" not in words(client.get(at(declared(cast))))


@pytest.mark.parametrize("count", [1, 20])
def test_the_pages_cost_the_same_for_few_and_for_many(alice, cast, issue, count, django_assert_num_queries):
    ticket = joined(cast, issue)
    for _each in range(count):
        joined(cast, issue)
        mallorys(cast, declared(cast))
        workflow.update_known_issue(issue, by=cast.carol, body_en="New.")
    alice.get("/")
    with django_assert_num_queries(2):
        alice.get(LIST)
    with django_assert_num_queries(4):
        alice.get(at(issue))
    with django_assert_num_queries(3):
        alice.get(at(issue, "join/"))
    with django_assert_num_queries(7):
        alice.get(f"/tickets/{ticket.pk}/")
