"""The demo: the cast as promised, and a history that the workflow itself would have written."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.utils import timezone

from contacts.demo import LOGINS, PASSWORD
from contacts.models import Contact, Partner, User
from kb.models import Announcement
from mailroom.models import Delivery
from tests.tickets.demos import people
from tickets import demo, workflow
from tickets.models import Event, KnownIssue, Ticket
from tickets.notifications import AGENTS, LEADS, MANAGERS


@pytest.fixture(autouse=True)
def demo_is_on(db: None, settings: Any) -> None:
    settings.DEMO = True


def load() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


# --- the command


def test_the_cast_is_the_guides_example_partner_another_one_and_the_desk():
    load()
    contacts = Contact.objects.order_by("pk").select_related("user", "partner")
    assert [
        (row.user.email, row.partner.customer_id, row.role, row.level, [each.customer_id for each in row.tenants.all()])
        for row in contacts
    ] == [
        ("l1@alpine.example", "73125", "Member", "L1", ["12345RS"]),
        ("l2@alpine.example", "73125", "Member", "L2", []),
        ("admin@alpine.example", "73125", "Partner admin", "L2", []),
        ("manager@alpine.example", "73125", "Partner manager", "L2", []),
        ("l2@nordwind.example", "84210", "Partner admin", "L2", []),
    ]  # fmt: skip
    assert [row.all_tenants for row in contacts] == [False, True, True, True, True]
    staff = User.objects.filter(is_staff=True).order_by("email")
    assert [(user.email, user.is_superuser, user.groups.get().name) for user in staff] == [
        ("agent@desk.example", False, AGENTS),
        ("lead@desk.example", False, LEADS),
        ("manager@desk.example", False, MANAGERS),
    ]
    assert list(LOGINS) == [*(row.user.email for row in contacts), *(user.email for user in staff)]


def test_each_partner_has_tenants_contracts_a_manager_and_the_four_covering_documents():
    load()
    manager, covered = "manager@desk.example", ["L1", "L2", "L3", "status"]
    assert [
        (
            partner.customer_id,
            partner.mail_domains,
            partner.partner_manager.email,
            [tenant.customer_id for tenant in partner.tenants.order_by("customer_id")],
            [contract.service_level.code for contract in partner.contracts.in_force().order_by("reference")],
            [row.covers for row in partner.covering_documents.order_by("pk")],
        )
        for partner in Partner.objects.order_by("pk")
    ] == [
        ("73125", ["alpine.example"], manager, ["12345RS", "23456RS"], ["extended", "standard"], covered),
        ("84210", ["nordwind.example"], manager, ["34567RS", "45678RS", "56789RS"], ["standard"], covered),
    ]


def test_every_login_signs_in_with_the_one_password_and_sees_its_first_page(client):
    load()
    firsts = {}
    for email in LOGINS:
        response = client.post("/account/login/", {"login": email, "password": PASSWORD}, follow=True)
        firsts[email] = (response.status_code, response.wsgi_request.user.email)
        client.logout()
    assert firsts == {email: (200, email) for email in LOGINS}


def test_loading_again_changes_nothing():
    assert load() == "Loaded 300 tickets.\n"
    before = list(Ticket.objects.order_by("pk").values_list("pk", "version", "touched_at"))
    assert load() == ""
    assert list(Ticket.objects.order_by("pk").values_list("pk", "version", "touched_at")) == before
    assert User.objects.count() == len(LOGINS)


def test_logins_are_printed_once_the_demo_is_there_and_nothing_is_loaded_for_it():
    def printed() -> str:
        out = StringIO()
        call_command("load_demo", print_logins=True, stdout=out)
        return out.getvalue()

    assert printed() == "\n"
    assert User.objects.count() == 0
    load()
    lines = printed().splitlines()
    assert lines[0] == f"Demo logins, all with the password {PASSWORD}"
    assert [line.split()[0] for line in lines[1:]] == list(LOGINS)


@pytest.mark.parametrize(("demo_on", "production"), [(False, False), (True, True), (False, True)])
def test_without_the_demos_setting_or_in_production_it_is_refused(settings, demo_on, production):
    settings.DEMO, settings.PRODUCTION = demo_on, production
    for options in ({}, {"print_logins": True}):
        with pytest.raises(CommandError):
            call_command("load_demo", **options)
    assert User.objects.count() == Partner.objects.count() == 0


def test_it_does_not_go_beside_partners_of_ones_own():
    Partner.objects.create(name="Real", customer_id="4711")
    with pytest.raises(CommandError):
        load()
    assert (User.objects.count(), Ticket.objects.count()) == (0, 0)


def test_nobody_gets_mail_about_the_past_and_the_first_sweep_finds_two():
    load()
    assert Delivery.objects.count() == 0
    assert workflow.notice_overdue(timezone.now()) == 2
    assert workflow.notice_overdue(timezone.now()) == 0


def test_one_maintenance_is_under_way_and_seen_on_every_page():
    load()
    now = timezone.now()
    shown = [row.title_en for row in Announcement.objects.for_the_frame(now) if row.stands_in_frame(now)]
    assert shown == ["Maintenance of the quarantine in DE2"]
    assert not Announcement.objects.filter(Q(title_de="") | Q(body_de="")).exists()


def test_one_known_issue_is_open_and_both_partners_have_joined_it():
    load()
    issue = KnownIssue.objects.with_reach().get()
    assert (issue.state, issue.partner_count, issue.ticket_count) == ("announced", 2, 2)
    for email in ("l2@alpine.example", "l2@nordwind.example"):
        assert list(KnownIssue.objects.visible_to(User.objects.get(email=email))) == [issue]


# --- the tickets, whenever they are loaded


def next_moment(weekday: int, hour: int) -> datetime:
    """An hour in the night or at noon of the next such day, so that the demo is tried at odd times too."""
    now = timezone.now()
    day = now + timedelta(days=(weekday - now.weekday()) % 7)
    return day.replace(hour=hour, minute=7, second=11, microsecond=0)


def new_years_day() -> datetime:
    return datetime(timezone.now().year + 1, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("at", [next_moment(6, 3), next_moment(2, 12), new_years_day()])
def test_every_queue_holds_something_whenever_it_is_loaded(at):
    assert demo.load(people(), at) == 300
    open_now = Ticket.objects.unsettled()
    soon = at + timedelta(hours=4)
    assert not Event.objects.filter(created_at__gt=at).exists()
    assert open_now.filter(due_at__lte=at, overdue_noticed_at=None).count() == 2
    assert open_now.filter(due_at__lte=at, overdue_noticed_at__isnull=False).count() >= 2
    assert open_now.filter(due_at__gt=at, due_at__lte=soon).count() >= 4
    assert open_now.filter(status="waiting").count() >= 6
    assert open_now.filter(status="new", assignee=None).count() >= 5
    assert open_now.filter(escalated_at__isnull=False).count() >= 2
    assert 20 <= open_now.count() <= 45
    assert Ticket.objects.filter(status="resolved").count() >= 4


def test_the_same_moment_gives_the_same_demo():
    cast, now = people(), timezone.now()

    def told() -> list[Any]:
        demo.load(cast, now)
        rows = list(
            Ticket.objects.order_by("pk").values_list("subject", "status", "version", "touched_at", "submission")
        )
        Ticket.objects.all().delete()
        return rows

    assert told() == told()
