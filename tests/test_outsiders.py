"""Every address of the portal, asked by everybody whom it does not concern, with every method.

The addresses come from the URL map itself, so a new page is asked on the day it is made; one with a new kind of part
fails here until the table below says what to put in.
"""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from contacts.models import Contact
from tests.cast import Cast
from tests.tickets.known import declared
from tests.tickets.openings import opened
from tickets import workflow
from tickets.models import Attachment, Draft, KnownIssue, Ticket
from tickets.requirements import TicketType
from tickets.workflow import files

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
DRAFT = uuid.UUID("7d1f5c3e-5f0d-4c0e-9d57-0a3d4f9b6a22")  # bob's, not sent yet
MARKER = "zweitakter"  # stands in everything of alpine's that others must not read

#: Pages for people who are not signed in yet, and for machines that ask how the portal is.
OPEN_TO_ALL = {
    "healthz",
    "readyz",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "contacts:invitation",
    "set_language",
    "admin:login",
    "admin:jsi18n",
    "mfa_authenticate",
}


def addresses(resolver: URLResolver, route: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Every (name, route) of the map; parts in angle brackets are still open."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from addresses(entry, route + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name or ''}", route + str(entry.pattern)


MAP = sorted(set(addresses(get_resolver())))
PORTAL = [(name, route) for name, route in MAP if not route.startswith("admin/")]
ADMIN = [(name, route) for name, route in MAP if route.startswith("admin/")]


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    ticket = opened(
        cast,
        by=cast.bob,
        tenants=[cast.rs2],
        subject=f"Subject {MARKER}",
        description=MARKER,
        attachments=files.check([SimpleUploadedFile(f"{MARKER}.txt", MARKER.encode())]),
    )
    typing = workflow.Typing(submission=DRAFT, type=TicketType.INCIDENT, answers={"subject": [MARKER]}, pasted=MARKER)
    workflow.keep_draft(by=cast.bob, typing=typing)
    uploads = files.check([SimpleUploadedFile(f"{MARKER}.txt", MARKER.encode())])
    workflow.attach_to_draft(by=cast.bob, typing=typing, uploads=uploads)
    workflow.reply(ticket, by=cast.carol, body=MARKER)
    workflow.note(ticket, by=cast.carol, body=MARKER)
    declared(cast, services=[cast.cloud_fax], title_en=MARKER, body_en=MARKER)  # a service that nobody here has
    return ticket


def fill(route: str, ticket: Ticket) -> str:
    """The route with the ids of alpine's own rows in its open parts."""
    contact = Contact.objects.get(user__name="Bob").pk
    issue = getattr(KnownIssue.objects.first(), "pk", 1)
    pk = contact if route.startswith("contacts/") else issue if "/knownissue/" in route else ticket.pk
    parts = {
        "pk": pk,
        "issue_pk": issue,
        "attachment_pk": Attachment.objects.filter(ticket=ticket).earliest("pk").pk,
        "object_id": ticket.pk if "/ticket/" in route else issue if "/knownissue/" in route else contact,
        "token": "not-a-token",
        "slug": "mailbox",
        "submission": DRAFT,
        "app_label": "tickets",
        "content_type_id": 1,
        "uidb36": "1",
        "key": "set-password",
        "url": "tickets/",
        "id": 1,
    }
    plain = re.sub(
        r"<(?:\w+:)?(\w+)>", lambda part: str(parts[part[1]]), re.sub(r"\(\?P(<\w+>).*?\)(?=[/$-]|$)", r"\1", route)
    )
    return "/" + plain.replace("^", "").replace("$", "").replace("\\Z", "").replace("(?P", "")


def ask(client: Client, method: str, address: str):
    return client.generic(method, address, b"body=x&reason=x", content_type="application/x-www-form-urlencoded")


def content(response) -> str:
    return b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()


@pytest.mark.parametrize(("name", "route"), PORTAL, ids=[name for name, _route in PORTAL])
def test_a_stranger_is_sent_to_the_door_or_meets_nothing(client: Client, ticket, name, route):
    for method in METHODS:
        response = ask(client, method, fill(route, ticket))
        assert MARKER not in content(response)
        if name not in OPEN_TO_ALL:
            assert response.status_code in {302, 403, 404, 405, 410}, (method, response.status_code)
            if response.status_code == 302:
                assert response["Location"].startswith("/account/login/"), method
        assert response.status_code < 500
    untouched(ticket)


@pytest.mark.parametrize("outsider", ["mallory", "alice", "gone"])
@pytest.mark.parametrize(("name", "route"), PORTAL, ids=[name for name, _route in PORTAL])
def test_what_is_not_ones_own_does_not_exist(client: Client, cast, ticket, name, route, outsider):
    """Mallory is another partner's admin; alice lacks the tenant; gone was bob's colleague until he was suspended."""
    user = cast.max if outsider == "gone" else getattr(cast, outsider)
    client.force_login(user)
    if outsider == "gone":
        user.contacts.update(suspended_at=timezone.now())
    for method in METHODS:
        response = ask(client, method, fill(route, ticket))
        assert response.status_code < 500, method
        assert MARKER not in content(response), method
        if "<int:" in route or "<uuid:" in route:
            assert response.status_code in {403, 404, 405}, (method, response.status_code)
            if outsider == "mallory":
                assert response.status_code in {404, 405}, (method, response.status_code)
    untouched(ticket)


@pytest.mark.parametrize("other", ["alice", "anna", "mallory"])
def test_nobody_elses_draft_can_be_continued(client: Client, cast, ticket, other):
    client.force_login(getattr(cast, other))
    assert client.get(f"/tickets/new/?draft={DRAFT}").status_code == 404
    assert MARKER not in content(client.get("/tickets/new/"))
    assert str(DRAFT) not in content(client.get("/")) + content(client.get("/tickets/new/"))


def test_the_marker_could_leak(client: Client, cast, ticket):
    """The addresses above are right: who may read alpine's ticket meets the marker there."""
    client.force_login(cast.bob)
    routes = [route for name, route in PORTAL if name in {"tickets:detail", "tickets:attachment", "tickets:escalate"}]
    assert [MARKER in content(client.get(fill(route, ticket))) for route in routes] == [True, True, True]
    drafts = ["/", f"/tickets/new/?draft={DRAFT}", f"/tickets/drafts/{DRAFT}/discard/"]
    assert [MARKER in content(client.get(address)) for address in drafts] == [True, True, True]
    client.force_login(cast.carol)
    change = next(route for name, route in ADMIN if name == "admin:tickets_ticket_change")
    assert MARKER in content(client.get(fill(change, ticket)))


@pytest.mark.parametrize("outsider", ["nobody", "mallory", "anna"])
def test_the_agents_admin_is_shut_for_everybody_else(client: Client, cast, ticket, outsider):
    if outsider != "nobody":
        client.force_login(getattr(cast, outsider))
    for name, route in ADMIN:
        for method in ("GET", "POST", "DELETE"):
            response = ask(client, method, fill(route, ticket))
            assert MARKER not in content(response), name
            assert name in OPEN_TO_ALL or response.status_code in {302, 403, 404, 405}, (name, method)
            assert response.status_code < 500
    untouched(ticket)


def untouched(ticket: Ticket) -> None:
    again = Ticket.objects.get(pk=ticket.pk)
    ticket.refresh_from_db()
    assert (again.version, again.messages.count(), again.escalations.count()) == (3, 2, 0)
    assert Contact.objects.filter(user__name="Bob", suspended_at__isnull=True, revoked_at__isnull=True).exists()
    assert Draft.objects.get(submission=DRAFT).files.count() == 1
