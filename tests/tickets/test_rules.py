"""The rule files: plain functions against tables."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets import clock, evidence, filetypes, moments, numbers, priority
from tickets.priority import Impact, Priority, Urgency
from tickets.status import Status


@pytest.mark.parametrize(
    ("text", "utc", "offset"),
    [
        ("27.08.2019 - 11:00 UTC+2", datetime(2019, 8, 27, 9, 0, tzinfo=UTC), 120),
        ("27.08.2019 - 13:00 UTC+2", datetime(2019, 8, 27, 11, 0, tzinfo=UTC), 120),
        ("27.8.2019 11:00", datetime(2019, 8, 27, 9, 0, tzinfo=UTC), 120),
        ("27.12.2019, 11:00 Uhr", datetime(2019, 12, 27, 10, 0, tzinfo=UTC), 60),
        ("2019-08-27T11:00Z", datetime(2019, 8, 27, 11, 0, tzinfo=UTC), 0),
        ("2019-08-27 11:00:30 +05:30", datetime(2019, 8, 27, 5, 30, tzinfo=UTC), 330),
        ("27.08.2019 - 11:00 utc-3", datetime(2019, 8, 27, 14, 0, tzinfo=UTC), -180),
        ("27.08.2019 11:00 MESZ", datetime(2019, 8, 27, 9, 0, tzinfo=UTC), 120),
        ("27.08.2019 11:00 GMT", datetime(2019, 8, 27, 11, 0, tzinfo=UTC), 0),
        ("27.08.2019 11:00 UTC−0130", datetime(2019, 8, 27, 12, 30, tzinfo=UTC), -90),
        ("2019-08-27T11:00:30.123456Z", datetime(2019, 8, 27, 11, 0, tzinfo=UTC), 0),
        ("2019-08-27 11:00:30,123", datetime(2019, 8, 27, 9, 0, tzinfo=UTC), 120),
        ("Tue, 27 Aug 2019 11:00:00 +0100 (BST)", datetime(2019, 8, 27, 10, 0, tzinfo=UTC), 60),
        ("27/Aug/2019:11:00:00 +0200", datetime(2019, 8, 27, 9, 0, tzinfo=UTC), 120),
    ],
)
def test_a_moment_is_understood_as_typed(text, utc, offset):
    moment = moments.parse(text, "Europe/Berlin")
    assert (moment.at, moment.offset_minutes) == (utc, offset)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "27.08.2019", "31.02.2019 11:00", "27.08.2019 25:00", "27.08.2019 11:00 UTC+99", "1" * 60]
)
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  # any of its kinds
        moments.parse(text, "Europe/Berlin")


def test_a_log_that_leaves_the_year_out_means_the_last_such_moment():
    now = datetime(2019, 8, 27, 9, 0, tzinfo=UTC)
    said = {text: moments.parse(text, "Europe/Berlin", now=now).at for text in ("Aug 27 11:00:59", "Aug 27 11:01:00")}
    assert said == {"Aug 27 11:00:59": now, "Aug 27 11:01:00": datetime(2018, 8, 27, 9, 1, tzinfo=UTC)}
    for text, told in (("Aug 27 11:00:00", None), ("Aug 32 11:00:00", now), ("Fob 27 11:00:00", now)):
        with pytest.raises(ValueError):  # noqa: PT011  # any of its kinds
            moments.parse(text, "Europe/Berlin", now=told)


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1990 < at.year < 2090), st.integers(-14 * 60, 14 * 60))
def test_what_is_written_is_read_back(at, offset):
    at = at.replace(second=0, microsecond=0)
    assert moments.parse(moments.as_written(at, offset), "UTC") == moments.Moment(at, offset)


@given(st.text())
def test_no_text_breaks_the_reading_of_moments(text):
    with contextlib.suppress(ValueError):
        moments.parse(text, "Europe/Berlin")


@pytest.mark.parametrize(
    ("impact", "urgency", "level"),
    [
        ("high", "high", 1), ("high", "medium", 2), ("high", "low", 3),
        ("medium", "high", 2), ("medium", "medium", 3), ("medium", "low", 4),
        ("low", "high", 3), ("low", "medium", 4), ("low", "low", 4),
    ],
)  # fmt: skip
def test_priority_follows_impact_and_urgency(impact, urgency, level):
    assert priority.derive(Impact(impact), Urgency(urgency)) == Priority(level)


def test_numbers_are_found_in_any_text_and_read_from_a_search_box():
    assert numbers.find("see RCR-1000231, rcr 1000198 and RCR#1000231; not 1000777") == [1000231, 1000198]
    assert [numbers.parse(text) for text in ("RCR-1000231", " rcr1000231 ", "1000231", "12345RS", "mail", "")] == [
        1000231, 1000231, 1000231, None, None, None
    ]  # fmt: skip
    assert numbers.display(1000001) == "RCR-1000001"


OPENED = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TARGET = clock.Target(timedelta(hours=4), timedelta(hours=24))


@pytest.mark.parametrize(
    ("now", "responded", "hours"),
    [
        (Status.NEW, False, 4), (Status.OPEN, False, 4), (Status.OPEN, True, 24),
        (Status.WAITING, True, None), (Status.RESOLVED, True, None), (Status.CLOSED, False, None),
    ],
)  # fmt: skip
def test_what_is_owed_next(now, responded, hours):
    due = clock.next_due_at(now, OPENED if responded else None, clock.due(OPENED, TARGET))
    assert due == (OPENED + timedelta(hours=hours) if hours else None)


def test_pauses_move_both_due_moments():
    assert clock.due(OPENED, TARGET, timedelta(hours=2)) == clock.Due(
        OPENED + timedelta(hours=6), OPENED + timedelta(hours=26)
    )


def test_columns_of_evidence_follow_the_service():
    assert evidence.columns(["email-security"]) == ["occurred", "sender", "recipient", "status", "log_extract"]
    assert evidence.columns(["cloud-fax"]) == [
        "occurred", "job_id", "sending_account", "inbound_number", "termination_address", "status", "log_extract"
    ]  # fmt: skip
    assert evidence.columns(["sms", "email-security"]) == [
        "occurred", "job_id", "sender", "recipient", "sending_account", "inbound_number", "termination_address",
        "status", "log_extract",
    ]  # fmt: skip
    assert evidence.columns([]) == evidence.columns(["something new"]) == evidence.columns(["email-security"])


PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.mark.parametrize(
    ("name", "head", "content_type"),
    [
        ("mail.log", b"550 user unknown", "text/plain"),
        ("Bericht.CSV", "Größe;1".encode(), "text/csv"),
        ("utf16.txt", "log".encode("utf-16"), "text/plain"),
        ("picture.png", PNG, "image/png"),
        ("photo.JPEG", b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        ("report.pdf", b"%PDF-1.7", "application/pdf"),
        ("logs.zip", b"PK\x03\x04" + bytes(26), "application/zip"),
        ("picture.png", b"<html>", None),
        ("page.html", b"<html>", None),
        ("x.svg", b"<svg/>", None),
        ("x.php", b"<?php", None),
        (".htaccess", b"Options", None),
        ("mail.log", b"MZ\x90\x00\x03", None),
        ("noending", b"text", None),
        ("evil.png.exe", PNG, None),
        ("", b"", None),
    ],
)
def test_a_file_is_what_its_name_and_its_content_agree_on(name, head, content_type):
    kind = filetypes.recognise(name, head)
    assert (kind.content_type if kind else None) == content_type


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"), ("C:\\logs\\mail.log", "mail.log"), ("a\r\nb\x00.txt", "ab.txt"),
        ("Übersicht 2026.pdf", "Übersicht 2026.pdf"), ("", "file"), ("...", "file"),
    ],
)  # fmt: skip
def test_a_name_keeps_its_last_part_and_nothing_that_harms(given_name, safe):
    assert filetypes.safe_name(given_name) == safe


@given(st.text(max_size=400))
def test_no_name_is_too_strange(name):
    safe = filetypes.safe_name(name)
    assert 0 < len(safe) <= 150
    assert "/" not in safe
    assert safe.isprintable()
