"""A row as its reader sees it."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from pathlib import Path

import pytest
from django.conf import settings as configured
from pytest_django.fixtures import Settings

from mailroom.models import Delivery
from mailroom.rendering import render
from tests.mailroom.rows import row

OWN_TEMPLATES = Path(__file__).parent / "templates"
CREATED_AT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def with_own_templates(settings: Settings) -> None:
    settings.TEMPLATES = [configured.TEMPLATES[0] | {"DIRS": [OWN_TEMPLATES, *configured.TEMPLATES[0]["DIRS"]]}]


def probe(**values: object) -> Delivery:
    context = {
        "title": "R&D <b>late</b>",
        "due_at": "2026-03-02T22:30:00Z",
        "step": {"warn_at": "2026-03-02T21:00:00"},
        "url": "https://desk.example/tickets/7/",
    }
    return row("alice", template="probe", **({"context": context, "created_at": CREATED_AT} | values))


def parsed(delivery: Delivery) -> EmailMessage:
    mail = BytesParser(policy=modern).parsebytes(render(delivery).message().as_bytes())
    assert isinstance(mail, EmailMessage)
    return mail


def body(delivery: Delivery, kind: str) -> str:
    part = parsed(delivery).get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize(
    ("language", "time_zone", "line"),
    [
        ("en", "UTC", "R&D <b>late</b> 2. March 2026 22:30 UTC 21:00"),
        ("de", "Europe/Berlin", "R&D <b>late</b> 2. März 2026 23:30 CET 22:00"),
        ("de", "Asia/Kolkata", "R&D <b>late</b> 3. März 2026 04:00 IST 02:30"),
        ("en", "Mars/Olympus", "R&D <b>late</b> 2. March 2026 22:30 UTC 21:00"),
        ("en", "../../etc/passwd", "R&D <b>late</b> 2. March 2026 22:30 UTC 21:00"),
    ],
)
def test_text_speaks_the_readers_language_and_hour_and_escapes_nothing(
    language: str, time_zone: str, line: str
) -> None:
    assert body(probe(language=language, time_zone=time_zone), "plain").splitlines()[0] == line


def test_html_is_escaped_and_names_its_language() -> None:
    html = body(probe(language="de", time_zone="Europe/Berlin"), "html")
    assert "<p>R&amp;D &lt;b&gt;late&lt;/b&gt; 2. März 2026 23:30 CET</p>" in html
    assert '<html lang="de">' in html


def test_html_loads_nothing_from_anywhere() -> None:
    html = body(probe(), "html")
    assert [word for word in ("<img", "src=", "url(", "<link", "<script", "@import") if word in html] == []


def test_the_frame_names_the_matter_and_the_portal(settings: Settings) -> None:
    settings.SITE_URL = "https://portal.example"
    delivery = probe(about="RCR-1000001")
    assert "PartnerDesk · RCR-1000001" in body(delivery, "html")
    assert 'href="https://portal.example/"' in body(delivery, "html")
    assert body(delivery, "plain").endswith("https://portal.example/\n")


def test_headers_are_derived_from_the_row_alone() -> None:
    mail = parsed(probe(thread="RCR-1000001", language="de"))
    assert {name: value for name, value in mail.items() if name not in {"Content-Type", "MIME-Version"}} == {
        "Subject": "Priorität: R&D <b>late</b>",
        "From": "PartnerDesk <support@desk.example>",
        "To": "alice@alpine.example",
        "Message-ID": "<c64c2592953e2f39126389541ef9bdcc@desk.example>",
        "Date": "Sun, 01 Mar 2026 10:00:00 +0000",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "de",
        "In-Reply-To": "<7ff65086ad948f24402d91f380240ac4@desk.example>",
        "References": "<7ff65086ad948f24402d91f380240ac4@desk.example>",
    }


def test_mails_of_one_thread_refer_to_one_root_and_others_to_none() -> None:
    first, second = probe(key="a", thread="RCR-1"), probe(key="b", thread="RCR-1")
    other, alone = probe(key="c", thread="RCR-2"), probe(key="d")
    assert len({first.message_id, second.message_id, first.thread_id}) == 3
    assert first.thread_id == second.thread_id != other.thread_id
    assert (parsed(alone)["References"], parsed(alone)["In-Reply-To"]) == (None, None)


def test_the_same_row_gives_the_same_bytes() -> None:
    assert render(probe()).message().as_bytes() == render(probe()).message().as_bytes()


@pytest.mark.parametrize(
    "title",
    [
        "hello\r\nBcc: mallory@other.example",
        "hello\nBcc: mallory@other.example",
        "hello\x0bBcc:\x00 mallory@other.example",
    ],
)
def test_a_line_break_in_a_value_begins_no_header(title: str) -> None:
    mail = parsed(probe(context={"title": title}))
    assert (mail["Subject"], mail["Bcc"]) == ("Priority: hello Bcc: mallory@other.example", None)


def test_a_subject_is_bounded() -> None:
    assert parsed(probe(context={"title": "ä" * 5000}))["Subject"].strip() == "Priority: " + "ä" * 190


def test_a_value_that_looks_like_a_template_stays_text() -> None:
    assert body(probe(context={"title": "{{ site_url }} {% now 'Y' %} %s {0}"}), "plain").startswith(
        "{{ site_url }} {% now 'Y' %} %s {0}"
    )


def test_a_moment_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="Invalid isoformat"):
        render(probe(context={"due_at": "tomorrow"}))


def test_an_account_mail_keeps_its_text_and_makes_its_links_usable() -> None:
    delivery = row("alice", context={"subject": "Reset", "text": "Go to https://desk.example/reset/?a=1&b=2\n\nBye"})
    assert body(delivery, "plain").startswith("Go to https://desk.example/reset/?a=1&b=2\n\nBye\n")
    assert 'href="https://desk.example/reset/?a=1&amp;b=2"' in body(delivery, "html")
