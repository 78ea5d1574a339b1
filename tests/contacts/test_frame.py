"""The frame of every page: what it offers to whom, what it weighs, and how it speaks of time."""

import gzip
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation

from contacts import moments
from contacts.models import User
from contacts.templatetags import desk

PAGES = ["/", "/tickets/", "/contacts/", "/contacts/invite/", "/preferences/", "/account/second-factor/"]


def links(page: HttpResponse) -> list[str]:
    bar = re.search(r'<header class="bar">.*?</header>', page.text, re.DOTALL)
    return re.findall(r'href="([^"]+)"', bar[0])


@pytest.mark.parametrize(
    ("who", "more"),
    [
        ("alice", {"/tickets/new/", "/tickets/", "/onboarding/"}),
        ("anna", {"/tickets/new/", "/tickets/", "/onboarding/", "/reports/", "/contacts/"}),
        ("max", {"/tickets/", "/onboarding/", "/reports/"}),
        ("carol", {"/admin/", "/reports/"}),
    ],
)
def test_the_bar_offers_what_the_reader_may_do_and_nothing_else(client, cast, who, more):
    client.force_login(getattr(cast, who))
    always = {
        "/",
        "/knowledge/",
        "/resources/",
        "/preferences/",
        "/account/password/change/",
        "/account/second-factor/",
    }
    assert set(links(client.get("/preferences/"))) == always | more


def test_strangers_see_a_bar_without_doors(client):
    assert links(client.get("/account/login/")) == ["/"]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_one_heading_one_main_and_a_way_past_the_bar(client, cast, path):
    client.force_login(cast.anna)
    page = client.get(path).text
    assert (len(re.findall(r"<h1[ >]", page)), len(re.findall(r"<main[ >]", page))) == (1, 1)
    assert page.index('href="#content"') < page.index("<header")
    assert 'id="content"' in page


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_code_or_style_inside_or_a_foreign_host(client, cast, path):
    client.force_login(cast.anna)
    page = client.get(path).text
    assert re.findall(r"<script(?![^>]* src=)[^>]*>|<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", page) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]+\.(?:js|css|png|woff2?)"', page) == []


@pytest.mark.parametrize("path", ["/account/login/", *PAGES])
def test_no_page_weighs_more_than_80_kb_on_the_first_visit(client, cast, path):
    if path != "/account/login/":
        client.force_login(cast.anna)
    page = client.get(path)
    files = re.findall(r'(?:src|href)="/static/([^"]+)"', page.text)
    parts = [page.content, *(Path(finders.find(file)).read_bytes() for file in files)]
    assert sum(len(gzip.compress(part, 6)) for part in parts) < 80_000


def test_the_language_of_the_bar_is_kept_and_comes_back_to_the_same_page(client, cast):
    client.force_login(cast.anna)
    answer = client.post("/i18n/setlang/", {"language": "de", "next": "/contacts/"})
    assert answer["Location"] == "/contacts/"
    page = client.get("/contacts/")
    assert (page["Content-Language"], '<html lang="de">' in page.text) == ("de", True)


def test_preferences_are_everybodys_own_and_win_over_the_bar(client, cast):
    client.force_login(cast.alice)
    client.post("/i18n/setlang/", {"language": "en"})
    answer = client.post("/preferences/", {"language": "de", "time_zone": "America/Sao_Paulo", "is_staff": "on"})
    assert answer["Location"] == "/preferences/"
    alice = User.objects.get(pk=cast.alice.pk)
    assert (alice.language, alice.time_zone, alice.is_staff) == ("de", "America/Sao_Paulo", False)
    assert client.get("/preferences/")["Content-Language"] == "de"


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "", "../../etc/passwd", "localtime"])
def test_a_time_zone_that_is_none_is_refused(client, cast, zone):
    client.force_login(cast.alice)
    assert client.post("/preferences/", {"language": "en", "time_zone": zone}).status_code == 422
    assert User.objects.get(pk=cast.alice.pk).time_zone == "Europe/Berlin"


def test_markup_typed_as_a_name_stays_text(client, cast):
    User.objects.filter(pk=cast.bob.pk).update(name='<img src=x onerror="alert(1)">')
    client.force_login(cast.anna)
    page = client.get("/contacts/").text
    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_strangers_get_a_token_for_the_form_they_are_shown(cast):
    client = Client(enforce_csrf_checks=True)
    page = client.get("/account/login/").text
    assert re.search(r'name="csrfmiddlewaretoken" value="\w{64}"', page)


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=-1), "1 min ago"),
        (timedelta(hours=1, minutes=12, seconds=40), "in 1 h 12 min"),
        (timedelta(hours=-23, minutes=-59), "23 h 59 min ago"),
        (timedelta(days=1), "in 1 day"),
        (timedelta(days=-13, hours=-23), "13 days ago"),
        (timedelta(days=14), "7 Dec 2026"),
        (timedelta(days=-14), "9 Nov 2026"),
    ],
)
def test_how_far_away_a_moment_is(distance, words):
    with translation.override("en"):
        assert moments.in_words(NOW + distance, NOW) == words


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Berlin", "23 Nov 2026, 13:00 CET"),
        ("America/Sao_Paulo", "23 Nov 2026, 09:00 UTC-03"),
        ("UTC", "23 Nov 2026, 12:00 UTC"),
    ],
)
def test_a_moment_in_full_names_its_zone(zone, words):
    with timezone.override(zone), translation.override("en"):
        assert moments.exactly(NOW) == words
        assert str(desk.moment(NOW, "exact")) == f'<time datetime="2026-11-23T12:00:00+00:00">{words}</time>'


def test_nothing_is_written_for_no_moment():
    assert (desk.moment(None), desk.day(None), desk.duration(None)) == ("", "", "")


def test_a_day_is_the_day_where_the_reader_is():
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    with timezone.override("Europe/Berlin"), translation.override("en"):
        assert (moments.day(late), moments.day(date(2026, 1, 2))) == ("24 Nov 2026", "2 Jan 2026")


@pytest.mark.parametrize("name", desk.ICONS)
def test_an_icon_beside_a_word_is_hidden_and_one_instead_of_a_word_has_its_name(name):
    assert 'aria-hidden="true"' in desk.icon(name)
    assert 'role="img" aria-label="&lt;b&gt;"' in desk.icon(name, "<b>")
