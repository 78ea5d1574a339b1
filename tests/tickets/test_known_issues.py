"""What happens to a known issue and to the tickets that join it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from mailroom.models import Delivery
from mailroom.rendering import render
from tests.tickets.known import declaration, declared, joined, joining, mallorys, resolved
from tests.tickets.openings import opened
from tickets import timeline, workflow
from tickets.models import KnownIssue, KnownIssueJoin, KnownIssueNotice, KnownIssueUpdate, Ticket
from tickets.models.known_issues import SILENCE, State
from tickets.status import Deed, NotNow
from tickets.workflow import gate


@pytest.fixture
def issue(cast) -> KnownIssue:
    return declared(cast)


def tell() -> int:
    return workflow.tell_known_issues(timezone.now())


def kinds(ticket: Ticket) -> list[str]:
    return list(ticket.events.order_by("pk").values_list("kind", flat=True))


def mails(template: str = "known_issue") -> list[tuple[str, str, list[str]]]:
    rows = Delivery.objects.filter(template=template).order_by("to", "pk")
    return [(row.to, row.context["kind"], [each["number"] for each in row.context["tickets"]]) for row in rows]


# --- declaring


@pytest.mark.parametrize("who", ["victor", "alice", "mallory"])
def test_only_agents_and_leads_declare(cast, who):
    with pytest.raises(workflow.NotAuthorized):
        workflow.declare_known_issue(by=getattr(cast, who), declaration=declaration(cast))
    assert KnownIssue.objects.count() == 0
    assert workflow.declare_known_issue(by=cast.lea, declaration=declaration(cast)).declared_by == cast.lea


def test_it_is_seen_from_its_beginning_by_whoever_has_its_service(cast, issue):
    fax = declared(cast, services=[cast.cloud_fax])
    later = declared(cast, starts_at=timezone.now() + timedelta(hours=1))
    assert set(KnownIssue.objects.visible_to(cast.alice)) == {issue}
    assert set(KnownIssue.objects.visible_to(cast.mallory)) == {issue}
    assert set(KnownIssue.objects.visible_to(cast.carol)) == {issue, fax, later}
    cast.alpine.contracts.update(valid_until_date=timezone.now() - timedelta(days=2))
    assert set(KnownIssue.objects.visible_to(cast.bob)) == set()


def test_its_state_follows_from_its_moments(cast, issue):
    assert issue.state == State.OPEN
    assert declared(cast, expected_at=timezone.now()).state == State.ANNOUNCED
    resolved(cast, issue)
    assert KnownIssue.objects.get(pk=issue.pk).state == State.RESOLVED


@pytest.mark.parametrize(
    "values",
    [
        {"title_en": ""},
        {"body_en": ""},
        {"ends_at": timezone.now() - timedelta(days=2)},
        {"resolved_at": timezone.now()},
        {"resolution_en": "Done."},
        {"verdict": "vendor"},
        {"data_centres": ["DE9"]},
        {"impact": "huge"},
    ],
)
def test_the_database_refuses_what_makes_no_sense(cast, issue, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        KnownIssue.objects.filter(pk=issue.pk).update(**values)


def test_the_database_keeps_one_join_a_ticket_and_its_moments_in_order(cast, issue):
    ticket, other, now = joined(cast, issue), declared(cast), timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        KnownIssueJoin.objects.create(ticket=ticket, issue=other, by=cast.carol, joined_at=now)
    for values in ({"asked_at": now - timedelta(days=1)}, {"answered_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            KnownIssueJoin.objects.update(**values)
    workflow.update_known_issue(issue, by=cast.carol, body_en="New.")
    with pytest.raises(IntegrityError), transaction.atomic():
        KnownIssueNotice.objects.bulk_create(KnownIssueNotice(update=row, partner=cast.alpine) for row in updates())
    with pytest.raises(IntegrityError), transaction.atomic():
        KnownIssueUpdate.objects.update(body_en="")


def updates() -> list[KnownIssueUpdate]:
    return list(KnownIssueUpdate.objects.order_by("pk"))


# --- joining


def test_a_light_ticket_is_a_whole_incident_in_the_contacts_language(cast, issue):
    cast.alice.language = "de"
    cast.alice.save()
    ticket = joined(cast, issue)
    ticket.refresh_from_db()
    assert (ticket.type, ticket.status, ticket.priority, ticket.partner) == ("incident", "new", 2, cast.alpine)
    assert ticket.subject == issue.title_de
    assert ticket.description == "Ein Relay in DE1 ist überlastet.\n\nOnly since noon."
    assert ticket.impact_description == f"Wie in der bekannten Störung {issue.number} beschrieben."
    assert (ticket.data_centre, ticket.error_pattern, ticket.affected_count) == ("DE1", "451 4.7.1, greylisted", 3)
    assert (ticket.known, ticket.known_reference, ticket.started_at) == (True, issue.number, issue.starts_at)
    assert (list(ticket.tenants.all()), list(ticket.services.all())) == ([cast.rs1], [cast.email_security])
    assert ticket.examples.count() == 1
    assert (ticket.join.issue, ticket.join.by, ticket.join.joined_at) == (issue, cast.alice, ticket.opened_at)
    assert kinds(ticket) == ["opened", "joined"]
    assert list(Delivery.objects.values_list("to", "context__kind")) == [("alice@alpine.example", "opened")]


def test_sent_twice_it_is_one_ticket(cast, issue):
    twice = joining(cast)
    first = workflow.join_known_issue(issue, by=cast.alice, joining=twice)
    assert workflow.join_known_issue(issue, by=cast.alice, joining=twice) == first
    assert (Ticket.objects.count(), KnownIssueJoin.objects.count(), Delivery.objects.count()) == (1, 1, 1)


def test_what_the_matrix_calls_necessary_must_be_said(cast, issue):
    with pytest.raises(workflow.Incomplete) as refused:
        joined(cast, issue, tenants=[cast.rs1], affected_count=None, examples=[], phone="")
    assert [item.value for item in refused.value.items] == ["affected_count", "examples", "phone"]
    with pytest.raises(workflow.NotAuthorized):
        joined(cast, issue, tenants=[cast.other_tenant])
    with pytest.raises(workflow.NotAuthorized):
        joined(cast, issue, by=cast.max)
    assert Ticket.objects.count() == 0


def test_what_one_does_not_see_or_what_is_resolved_cannot_be_joined(cast, issue):
    fax = declared(cast, services=[cast.cloud_fax])
    with pytest.raises(KnownIssue.DoesNotExist):
        joined(cast, fax)
    with pytest.raises(KnownIssue.DoesNotExist):
        workflow.link_known_issue(opened(cast), fax, by=cast.alice)
    resolved(cast, issue)
    with pytest.raises(workflow.NotJoinable):
        joined(cast, issue)
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(("who", "told"), [("alice", []), ("carol", ["alice@alpine.example"])])
def test_a_ticket_that_stands_joins_by_either_side(cast, issue, who, told):
    ticket = opened(cast)
    workflow.link_known_issue(ticket, issue, by=getattr(cast, who))
    assert kinds(ticket) == ["opened", "joined"]
    assert list(Delivery.objects.filter(context__kind="joined").values_list("to", flat=True)) == told
    with pytest.raises(workflow.NotJoinable):
        workflow.link_known_issue(ticket, declared(cast), by=cast.carol)
    with pytest.raises(Ticket.DoesNotExist):
        workflow.link_known_issue(ticket, issue, by=cast.mallory)


def test_not_this_one_after_all_leaves_a_ticket_of_its_own(cast, issue):
    ticket = joined(cast, issue)
    workflow.leave_known_issue(ticket, by=cast.alice, body="Ours is the digest.")
    ticket.refresh_from_db()
    assert (ticket.status, KnownIssueJoin.objects.count(), kinds(ticket)) == ("new", 0, ["opened", "joined", "left"])
    with pytest.raises(workflow.NotJoined):
        workflow.leave_known_issue(ticket, by=cast.alice, body="Again.")
    workflow.update_known_issue(issue, by=cast.carol, body_en="New.")
    assert (tell(), kinds(ticket)) == (0, ["opened", "joined", "left"])


# --- telling


def test_one_update_reaches_every_joined_ticket_and_each_reader_once(cast, issue):
    tickets = [joined(cast, issue) for _each in range(5)]
    bobs = joined(cast, issue, by=cast.bob, tenants=[cast.rs2])
    theirs = mallorys(cast, issue)
    settled = joined(cast, issue)
    workflow.close(settled, by=cast.alice)
    expected = timezone.now() + timedelta(hours=3)
    workflow.update_known_issue(
        issue, by=cast.lea, body_en="Half of it is back.", body_de="Die Hälfte ist zurück.", expected_at=expected
    )
    assert (tell(), tell()) == (2, 0)
    for ticket in (*tickets, bobs, theirs):
        ticket.refresh_from_db()
        assert (ticket.status, ticket.expected_at, ticket.spoken_by_partner) == ("open", expected, False)
        assert ticket.responded_at is not None
        event = ticket.events.get(kind="known")
        assert (event.actor, event.internal, event.version) == (cast.lea, False, ticket.version)
    assert kinds(settled) == ["opened", "joined", "closed"]
    assert mails() == [
        ("alice@alpine.example", "update", [ticket.number for ticket in tickets]),
        ("bob@alpine.example", "update", [bobs.number]),
        ("mallory@other.example", "update", [theirs.number]),
    ]
    urls = list(Delivery.objects.filter(template="known_issue").order_by("to").values_list("context__url", flat=True))
    assert [url.partition("/tickets/")[2] for url in urls] == [
        f"known-issues/{issue.pk}/", f"{bobs.pk}/", f"{theirs.pk}/"
    ]  # fmt: skip
    assert Ticket.objects.visible_to(cast.alice).search("Half").count() == 5


def test_the_story_tells_it_in_the_readers_language(cast, issue):
    ticket = joined(cast, issue)
    workflow.update_known_issue(issue, by=cast.lea, body_en="Half is back.", body_de="Die Hälfte ist zurück.")
    tell()
    told = {}
    for code in ("en", "de"):
        with translation.override(code):
            entry = timeline.of(ticket, cast.alice)[-1]
            told[code] = (entry.who, entry.sentence, entry.text)
    assert told == {
        "en": ("Lea", f"told what is new on {issue.number}, “{issue.title_en}”", "Half is back."),
        "de": ("Lea", f"hat Neues zu {issue.number}, „{issue.title_de}“, mitgeteilt", "Die Hälfte ist zurück."),
    }


def test_who_joined_after_an_update_is_not_told_of_it(cast, issue):
    first = joined(cast, issue)
    workflow.update_known_issue(issue, by=cast.carol, body_en="New.")
    second = joined(cast, issue)
    tell()
    assert (kinds(first), kinds(second)) == (["opened", "joined", "known"], ["opened", "joined"])


def test_updates_come_in_their_order_and_a_waiting_ticket_goes_on_waiting(cast, issue):
    ticket = joined(cast, issue)
    workflow.reply(ticket, by=cast.carol, body="Which relay?", wait=True)
    for text in ("One.", "Two."):
        workflow.update_known_issue(issue, by=cast.carol, body_en=text)
    assert tell() == 2
    ticket.refresh_from_db()
    texts = [event.data["text_en"] for event in ticket.events.filter(kind="known").order_by("version")]
    assert (texts, ticket.status) == (["One.", "Two."], "waiting")


def test_who_may_not_see_the_ticket_any_more_is_not_told(cast, issue):
    ticket = joined(cast, issue, by=cast.bob, tenants=[cast.rs2])
    ticket.contact_persons.add(cast.alice.contacts.get(), cast.anna.contacts.get())
    cast.bob.contacts.update(suspended_at=timezone.now())
    workflow.update_known_issue(issue, by=cast.carol, body_en="New.")
    tell()
    assert mails() == [("anna@alpine.example", "update", [ticket.number])]


# --- resolving


def test_resolving_asks_each_partner_and_a_yes_resolves_at_once(cast, issue):
    ticket, theirs = joined(cast, issue), mallorys(cast, issue)
    resolved(cast, issue)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.join.is_asked, ticket.verdict) == ("waiting", True, "")
    assert [row[:2] for row in mails()] == [
        ("alice@alpine.example", "resolution"), ("mallory@other.example", "resolution")
    ]  # fmt: skip
    workflow.confirm_fixed(ticket, by=cast.alice)
    ticket.refresh_from_db()
    theirs.refresh_from_db()
    assert (ticket.status, ticket.verdict, ticket.resolution) == ("resolved", "vendor", "The relay was replaced.")
    assert (ticket.join.is_asked, theirs.status) == (False, "waiting")
    assert kinds(ticket) == ["opened", "joined", "asked", "confirmed"]
    with pytest.raises(NotNow):
        workflow.confirm_fixed(ticket, by=cast.alice)
    with pytest.raises(Ticket.DoesNotExist):
        workflow.confirm_fixed(theirs, by=cast.alice)


def test_a_no_takes_the_ticket_out_and_back_to_the_vendor(cast, issue):
    ticket = joined(cast, issue)
    resolved(cast, issue)
    workflow.deny_fixed(ticket, by=cast.alice, body="Still late.")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.spoken_by_partner, KnownIssueJoin.objects.count()) == ("open", True, 0)
    assert ticket.messages.get().body == "Still late."
    assert ticket.due_at is not None
    denied = Delivery.objects.get(context__kind="denied")
    assert (denied.to, denied.context["text"]) == ("carol@desk.example", "Still late.")
    assert workflow.settle_confirmed_by_silence(timezone.now() + 2 * SILENCE) == 0


def test_nobody_answers_what_was_not_asked(cast, issue):
    ticket = joined(cast, issue)
    for answer in (
        lambda: workflow.confirm_fixed(ticket, by=cast.alice),
        lambda: workflow.deny_fixed(ticket, by=cast.alice, body="No."),
        lambda: workflow.confirm_fixed(opened(cast), by=cast.alice),
    ):
        with pytest.raises(workflow.NotJoined):
            answer()
    assert gate.refusal(cast.max, Deed.CONFIRM) is not None


def test_three_days_of_silence_resolve_all_of_a_partner_with_one_mail(cast, issue):
    tickets, theirs = [joined(cast, issue) for _each in range(3)], mallorys(cast, issue)
    resolved(cast, issue)
    workflow.confirm_fixed(tickets[0], by=cast.alice)
    now = timezone.now()
    assert workflow.settle_confirmed_by_silence(now + SILENCE - timedelta(minutes=1)) == 0
    assert workflow.settle_confirmed_by_silence(now + SILENCE + timedelta(days=9)) == 3
    assert workflow.settle_confirmed_by_silence(now + SILENCE + timedelta(days=9)) == 0
    for ticket in (*tickets, theirs):
        ticket.refresh_from_db()
        assert (ticket.status, ticket.resolution, ticket.verdict) == ("resolved", "The relay was replaced.", "vendor")
    assert kinds(tickets[1]) == ["opened", "joined", "asked", "settled"]
    assert tickets[1].events.get(kind="settled").actor is None
    assert [row for row in mails() if row[1] == "settled"] == [
        ("alice@alpine.example", "settled", [ticket.number for ticket in tickets[1:]]),
        ("mallory@other.example", "settled", [theirs.number]),
    ]


def test_whoever_spoke_is_not_silent(cast, issue):
    ticket = joined(cast, issue)
    resolved(cast, issue)
    workflow.reply(ticket, by=cast.alice, body="I am not sure.")
    late = timezone.now() + 2 * SILENCE
    assert workflow.settle_confirmed_by_silence(late) == 0
    workflow.reply(ticket, by=cast.carol, body="Look again.", wait=True)
    assert workflow.settle_confirmed_by_silence(late) == 0
    workflow.confirm_fixed(ticket, by=cast.alice)
    ticket.refresh_from_db()
    assert ticket.status == "resolved"


def test_a_resolved_one_is_changed_no_more(cast, issue):
    resolved(cast, issue)
    for deed in (
        lambda: workflow.update_known_issue(issue, by=cast.lea, body_en="More."),
        lambda: resolved(cast, issue),
        lambda: workflow.correct_known_issue(issue, by=cast.lea, declaration=declaration(cast)),
    ):
        with pytest.raises(workflow.ResolvedAlready) as refused:
            deed()
        assert str(refused.value) == f"{issue.number} has been resolved by Carol."


def test_mails_read_well(cast, issue):
    joined(cast, issue)
    workflow.update_known_issue(issue, by=cast.carol, body_en="Half is back & stays.")
    tell()
    mail = render(Delivery.objects.get(template="known_issue"))
    assert mail.subject == f"{issue.number} Mail to some providers is late"
    assert "Half is back & stays." in mail.body
    resolved(cast, issue)
    mail = render(Delivery.objects.get(context__kind="resolution"))
    assert mail.subject == f"Is it fixed for you? {issue.number} Mail to some providers is late"


@pytest.mark.parametrize("count", [1, 40])
def test_a_partner_is_told_and_settled_by_a_fixed_number_of_statements(cast, issue, count, django_assert_num_queries):
    for _each in range(count):
        joined(cast, issue)
    workflow.update_known_issue(issue, by=cast.carol, body_en="New.")
    now = timezone.now()
    with django_assert_num_queries(13):
        assert workflow.tell_known_issues(now, at_most=1) == 1
    resolved(cast, issue)
    with django_assert_num_queries(13):
        assert workflow.settle_confirmed_by_silence(now + 2 * SILENCE, at_most=1) == count
