"""Notices show while they stand, on the page and in the frame of every page, and cost nothing on a warm one."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from contacts.models import Contact, Service
from kb.context import KEPT_SECONDS, board
from kb.models import Announcement

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOTICE = re.compile(r'<p class="notice[^>]*>.*?<a href="/announcements/#notice-[0-9]+">([^<]+)</a>')


def announce(title: str, kind: str = "status", *, begins=-HOUR, ends=None, published=-HOUR, **fields) -> Announcement:
    now = timezone.now()
    return Announcement.objects.create(
        title_en=title,
        kind=kind,
        starts_at=now + begins,
        ends_at=None if ends is None else now + ends,
        published_at=None if published is None else now + published,
        **fields,
    )


def everything() -> None:
    announce("Status now")
    announce("Status over", begins=-3 * HOUR, ends=-HOUR)
    announce("Status to come", begins=HOUR)
    announce("Maintenance now", "maintenance", ends=HOUR)
    announce("Maintenance tomorrow", "maintenance", begins=DAY - HOUR, ends=DAY)
    announce("Maintenance next week", "maintenance", begins=7 * DAY, ends=7 * DAY + HOUR)
    announce("Update", "update", ends=DAY)
    announce("Draft", published=None)
    announce("Published later", published=HOUR)


def in_frame(client: Client) -> list[str]:
    html = client.get("/knowledge/").content.decode()
    return NOTICE.findall(html)


def test_the_frame_shows_what_every_reader_must_know_now(client: Client, cast):
    everything()
    board.clear()
    client.force_login(cast.alice)
    assert sorted(in_frame(client)) == ["Maintenance now", "Maintenance tomorrow", "Status now"]


def test_the_page_sorts_them_by_now_planned_and_past(client: Client, cast):
    everything()
    client.force_login(cast.alice)
    context = client.get("/announcements/").context
    assert {name: [row.title for row in context[name]] for name in ("current", "planned", "past")} == {
        "current": ["Update", "Maintenance now", "Status now"],
        "planned": ["Status to come", "Maintenance tomorrow", "Maintenance next week"],
        "past": ["Status over"],
    }
    client.force_login(cast.carol)
    assert [row.title for row in client.get("/announcements/").context["current"]] == [
        "Published later",
        "Draft",
        "Update",
        "Maintenance now",
        "Status now",
    ]


def test_a_warm_page_pays_nothing_and_a_new_notice_shows_within_a_minute(
    client: Client, cast, django_assert_num_queries
):
    assert KEPT_SECONDS < 60
    client.force_login(cast.alice)
    board.clear()
    with django_assert_num_queries(4):
        assert in_frame(client) == []
    announce("New")
    with django_assert_num_queries(3):
        assert in_frame(client) == []
    board.read_at -= KEPT_SECONDS + 1  # half a minute later
    assert in_frame(client) == ["New"]


def test_what_ends_leaves_the_frame_on_time_though_it_is_kept(client: Client, cast):
    client.force_login(cast.alice)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        announce("Ends soon", ends=timedelta(seconds=10))
        board.clear()
        assert in_frame(client) == ["Ends soon"]
        clock.shift(11)
        assert in_frame(client) == []


def test_strangers_and_refused_contacts_see_no_notices_and_cost_no_statement(
    client: Client, cast, django_assert_num_queries
):
    announce("For readers only")
    board.clear()
    with django_assert_num_queries(0):
        assert "For readers only" not in client.get("/account/login/").content.decode()
    Contact.objects.filter(user=cast.alice).update(suspended_at=timezone.now())
    client.force_login(cast.alice)
    assert in_frame(client) == []


def test_announcements_are_visible_to_readers_alone(cast):
    everything()
    Contact.objects.filter(user=cast.bob).update(revoked_at=timezone.now())

    def count(user):
        return Announcement.objects.visible_to(user).count()

    assert [count(user) for user in (AnonymousUser(), cast.bob, cast.alice, cast.carol)] == [0, 0, 7, 9]


def test_a_german_reader_gets_german_and_text_without_markup_of_its_own(client: Client, cast):
    notice = announce(
        "Delays", title_de="Verzögerungen", body_en="<script>x</script>", body_de="**Bitte** <b>warten</b>"
    )
    notice.services.add(Service.objects.get(code="sms"))
    client.force_login(cast.alice)
    client.cookies["django_language"] = "de"
    html = client.get("/announcements/").content.decode()
    assert "Verzögerungen" in html
    assert "<strong>Bitte</strong> &lt;b&gt;warten&lt;/b&gt;" in html
    assert '<span class="badge">SMS</span>' in html


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "status", "ends": -2 * HOUR},
        {"kind": "maintenance", "ends": None},
        {"kind": "update", "ends": None},
        {"kind": "rumour", "ends": HOUR},
    ],
)
def test_the_database_refuses_windows_that_make_no_sense(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        announce("x", **fields)


def test_the_status_page_is_linked(client: Client, cast, settings):
    settings.STATUS_PAGE_URL = "https://status.elsewhere.example/"
    client.force_login(cast.alice)
    for page in ("/announcements/", "/resources/documents/"):
        assert 'href="https://status.elsewhere.example/"' in client.get(page).content.decode()
