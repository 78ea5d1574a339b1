"""Rules of the house that a reviewer would otherwise have to remember."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models

ROOT = Path(__file__).resolve().parents[1]
APPS = ["mailroom", "contacts", "kb", "tickets", "reports", "partnerdesk"]
CODE = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)  # fmt: skip


def lines_with(pattern: str, *, outside: tuple[str, ...] = ()) -> list[str]:
    """`file:line` of every match in the code, except in files whose path begins with one of `outside`."""
    found = []
    for path in CODE:
        name = str(path.relative_to(ROOT))
        if not name.startswith(outside):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if re.search(pattern, line):
                    found.append(f"{name}:{number}")
    return found


def test_only_the_workflow_writes_tickets():
    models = (
        "Ticket|Message|Attachment|Example|Event|Escalation|Draft|DraftFile|"
        "KnownIssue|KnownIssueUpdate|KnownIssueJoin|KnownIssueNotice"
    )
    rows = rf"\b({models})\.(objects|tenants\.through\.objects)"
    writes = rows + r"(\.\w+\(.*\))*\.(create|bulk_create|update|delete|get_or_create|update_or_create)\("
    by_demo = ("tickets/workflow/", "tickets/demo", "tickets/management/")
    assert lines_with(writes, outside=by_demo) == []


def test_pages_reach_tickets_through_visible_to():
    models = "Ticket|Message|Attachment|Event|Escalation|Draft|DraftFile|KnownIssue|KnownIssueUpdate|KnownIssueJoin"
    reach = rf"\b({models})\.objects\.(?!visible_to\b|none\b)\w+"
    scratch = ("tickets/demo", "tickets/bench/", "tickets/management/")
    below = ("tickets/models", "tickets/workflow/", "tickets/tasks", *scratch)
    assert lines_with(reach, outside=below) == []


def test_no_mail_leaves_but_from_the_mailroom():
    own = ("mailroom/", "partnerdesk/local", "contacts/adapter.py")  # the adapter puts allauth's mails into the outbox
    assert lines_with(r"send_mail|EmailMessage|EmailMultiAlternatives|smtplib", outside=own) == []


def test_no_markup_is_declared_safe_but_by_the_one_cleaner():
    assert lines_with(r"mark_safe\(", outside=("kb/markup.py",)) == []
    templates = [path for path in (ROOT / "templates").rglob("*.html") if "|safe" in path.read_text()]
    assert templates == []


def test_no_page_holds_inline_style_or_script():
    """Mails may: no policy reaches them, and many readers understand nothing else."""
    faults = []
    for path in (ROOT / "templates").rglob("*.html"):
        if "mail" not in path.relative_to(ROOT / "templates").parts[:1]:
            text = path.read_text()
            if re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=|hx-on", text):
                faults.append(str(path.relative_to(ROOT)))
    assert faults == []


def test_no_page_speaks_to_a_foreign_host():
    sources = r"""(?:src|<link[^>]*href|action|hx-(?:get|post))=["'](?:https?:)?//"""
    assert [str(path) for path in (ROOT / "templates").rglob("*.html") if re.search(sources, path.read_text())] == []


REACHED = [
    model
    for app in ("contacts", "kb", "tickets")
    for model in apps.get_app_config(app).get_models()
    if model.__name__
    not in {
        "User",  # a login is reached through its contact only
        "Session",  # read by its key, shown to nobody
        "ServiceLevel", "ResponseTarget",
        "Requirement",  # terms of the vendor, shown to staff
        "Example",  # a part of its ticket, never asked for by itself
        "TicketService", "TicketTenant",  # likewise
        "KnownIssueNotice",  # what the clock has still to tell
    }
]  # fmt: skip


@pytest.mark.parametrize("model", REACHED, ids=lambda model: model.__name__)
def test_every_model_a_contact_can_reach_starts_from_nothing(db, model: type[models.Model]):
    assert list(model.objects.visible_to(AnonymousUser())) == []
