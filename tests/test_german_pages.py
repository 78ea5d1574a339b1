"""A German reader meets no English: every address of the URL map, the states worth seeing, and every mail."""

import json
import uuid
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import polib
import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from contacts.models import User
from kb.models import Announcement
from mailroom.models import Delivery
from mailroom.rendering import render
from tests.cast import Cast
from tests.contacts.invitations import PASSWORD, invite, link
from tests.contacts.test_signin import code
from tests.english import Visible, english_in
from tests.test_outsiders import ADMIN, PORTAL, fill
from tests.tickets.known import declared, joined, resolved
from tests.tickets.openings import EXAMPLE, QUALIFIED, opened
from tickets import workflow
from tickets.models import Draft, Ticket
from tickets.priority import Priority
from tickets.qualification import TOLD, Answer
from tickets.requirements import Item, TicketType
from tickets.status import Status
from tickets.views.typed import key_for
from tickets.workflow import files

#: What is typed is German too, so that all English on a page is the page's own.
TYPED: dict[str, Any] = {
    "subject": "Mails an einen Provider kommen nicht an",
    "description": "Seit heute Morgen kommt alles von dort zurück.",
    "impact_description": "Gäste erhalten keine Buchungsbestätigung.",
    "reproduction_steps": "Eine Mail an gast@example.net senden.",
    "actions_taken": "Live Search geprüft.",
    "examples": [EXAMPLE | {"status": "550 5.1.1", "log_extract": "550"}],
    "qualification": {
        **QUALIFIED,
        Item.CUSTOMER_INFORMATION: Answer("missing", "Die Adresse des Empfängers."),
        Item.TRIAGE: Answer(TOLD, "Eine Testmail an einen anderen Provider kommt an."),
    },
    "priority": Priority.P3,
    "priority_reason": "Das Hotel hat geschlossen.",
}


def english_on(
    client: Client, addresses: Iterable[str], *, posted: dict[str, str] | None = None
) -> dict[str, set[str]]:
    """What is English on these pages, by address; nothing for answers that are no page."""
    found = {}
    for address in addresses:
        response = client.get(address) if posted is None else client.post(address, posted)
        if response.status_code != 302 and response["Content-Type"].startswith("text/html"):
            assert response["Content-Language"] == "de", address
            found[address] = english_in(Visible(response.content.decode()).pieces)
    assert found, "no page was read"
    return {address: texts for address, texts in found.items() if texts}


@pytest.fixture
def german(cast: Cast) -> Cast:
    User.objects.update(language="de")
    for person in (*cast.partners_people.values(), *cast.staff.values()):
        person.refresh_from_db()
    return cast


@pytest.fixture
def tickets(german: Cast) -> list[Ticket]:
    """One that has seen everything, one overdue, one that waits for the partner, one resolved, one closed."""
    by, now, day = {"by": german.carol}, timezone.now(), timedelta(days=1)
    full, late, waiting, resolved, closed = (opened(german, by=german.bob, **TYPED) for _each in range(5))
    workflow.assign(full, by=german.lea, to=german.carol)
    evidence = files.check([SimpleUploadedFile("protokoll.txt", b"550")])
    workflow.reply(full, body="Wir sehen es uns an.", attachments=evidence, **by)
    workflow.note(full, body="Wie im Mai.", **by)
    workflow.change_priority(full, Priority.P1, reason="Viele sind betroffen.", **by)
    workflow.set_expected(full, now + day, reason="Ein Bauteil fehlt.", **by)
    workflow.set_expected(full, now + 2 * day, reason="Es kommt erst morgen.", **by)
    workflow.give_verdict(full, Ticket.Verdict.VENDOR, **by)
    workflow.escalate(full, by=german.bob, reason="Das Hotel ist voll.")
    workflow.change_status(waiting, Status.WAITING, **by)
    workflow.give_verdict(resolved, Ticket.Verdict.NOT_VENDOR, **by)
    workflow.resolve(resolved, resolution="Der Eintrag im Verzeichnis fehlte.", **by)
    workflow.reopen(resolved, by=german.bob, reason="Es kommt wieder.")
    workflow.resolve(resolved, resolution="Der Eintrag ist jetzt auch in der Datei.", **by)
    workflow.close(closed, reason="Es war ein Versehen.", **by)
    Ticket.objects.filter(pk=late.pk).update(response_due_at=now - day, due_at=now - day)
    workflow.notice_overdue(now)
    return [full, late, waiting, resolved, closed]


@pytest.fixture
def known(german: Cast) -> list[Ticket]:
    """A known issue with an update, another that is resolved; its tickets asked, confirmed, denied and settled."""
    words: dict[str, Any] = {"patterns": ["451 4.7.1"]}
    for language in ("en", "de"):
        words |= {f"title_{language}": "Mails verspätet", f"body_{language}": "Ein Relay ist überlastet."}
    own = {"by": german.bob, "remark": "Seit heute Mittag."}
    going_on, over = declared(german, **words), declared(german, **words)
    told = joined(german, going_on, **own)
    workflow.update_known_issue(
        going_on,
        by=german.carol,
        body_en="Half.",
        body_de="Die Hälfte ist zurück.",
        expected_at=timezone.now() + timedelta(hours=3),
    )
    asked, confirmed, denied, silent = (joined(german, over, **own) for _each in range(4))
    left = joined(german, going_on, **own)
    workflow.link_known_issue(opened(german, by=german.bob, **TYPED), going_on, by=german.carol)
    workflow.leave_known_issue(left, by=german.lea, body="Das ist etwas anderes.")
    resolved(german, over)
    workflow.assign(confirmed, by=german.lea, to=german.carol)
    workflow.confirm_fixed(confirmed, by=german.bob)
    workflow.deny_fixed(denied, by=german.bob, body="Es ist nicht behoben.")
    workflow.reply(asked, by=german.bob, body="Wir prüfen es.")
    workflow.settle_confirmed_by_silence(timezone.now() + timedelta(days=4))
    again = joined(german, declared(german, **words), **own)
    resolved(german, again.join.issue)
    return [told, asked, confirmed, denied, silent, left, again]


@pytest.fixture
def draft(german: Cast) -> Draft:
    """One of bob's, with a file, that will end soon."""
    answers = {"subject": ["Mails kommen nicht an"], "started": ["gestern"]}
    typing = workflow.Typing(submission=uuid.uuid4(), type=TicketType.INCIDENT, answers=answers, pasted="550 5.1.1")
    workflow.keep_draft(by=german.bob, typing=typing)
    evidence = files.check([SimpleUploadedFile("protokoll.txt", b"550")])
    draft = workflow.attach_to_draft(by=german.bob, typing=typing, uploads=evidence)
    workflow.warn_of_expiry(draft.expires_at)
    return draft


@pytest.fixture
def announced(german: Cast) -> None:
    """One of each kind: standing, planned, past."""
    now, day = timezone.now(), timedelta(days=1)
    for kind, begins, ends in (("status", -day, None), ("maintenance", day, 2 * day), ("update", -2 * day, -day)):
        Announcement.objects.create(
            kind=kind,
            title_en="Late",
            title_de="Verzögerungen in DE1",
            starts_at=now + begins,
            ends_at=ends and now + ends,
            published_at=now - 3 * day,
        )


def every_page(routes: Iterable[tuple[str, str]], ticket: Ticket) -> list[str]:
    """The map's addresses, save the one that ends the session."""
    return [fill(route, ticket) for name, route in routes if name not in {"account_logout", "admin:logout"}]


#: The mails about a ticket that this story brings forth.
KINDS = {
    "opened",
    "replied",
    "assigned",
    "status",
    "priority",
    "expected",
    "escalated",
    "overdue",
    "resolved",
    "closed",
    "joined",
    "left",
    "denied",
    "confirmed",
}
FACTOR = "/account/second-factor/"
SEARCHES = ["/search/?q=xylophon", "/knowledge/?q=xylophon", "/knowledge/?q=Postfach", "/tickets/?q=xylophon"]
FORMS = [f"/tickets/new/?type={kind}&service=email-security" for kind in ("incident", "service_request", "change")]
ARTICLES = ["/knowledge/suggest/", "/knowledge/unwanted-mail-not-filtered/"]


def test_a_contact_reads_german(client: Client, german, tickets, known, draft, announced):
    client.force_login(german.bob)
    own = f"/tickets/drafts/{draft.submission}/discard/"
    assert english_on(client, ["/", "/tickets/new/", f"/tickets/new/?draft={draft.submission}", own]) == {}
    page = {"submission": str(draft.submission), "page": str(uuid.uuid4()), "seen": "9", "subject": "Anders"}
    page |= {"draft_key": key_for(german.bob.contact, draft.submission), "asked": "subject"}
    saving = [f"/tickets/new/{part}" for part in ("", "draft/", "files/")]
    assert english_on(client, saving, posted=page) == {}
    stories = [f"/tickets/{ticket.pk}/" for ticket in [*tickets, *known]]
    lists = ["/tickets/?status=all", "/tickets/?status=settled&sort=due", "/tickets/?page=99"]
    pages = [*every_page(PORTAL, tickets[0]), *stories, *lists, *SEARCHES, *FORMS, *ARTICLES]
    assert english_on(client, pages) == {}
    refused = ["/tickets/new/", "/preferences/", f"{stories[0]}reply/", f"{stories[0]}escalate/"]
    assert english_on(client, refused, posted={"started": "gestern", "related": "x", "phone": "1"}) == {}
    open_one, over = known[0].join.issue_id, known[1].join.issue_id
    issues = [f"/tickets/known-issues/{pk}/{page}" for pk in (open_one, over) for page in ("", "join/")]
    assert english_on(client, issues) == {}
    unsaid = [issues[1], f"/tickets/{known[0].pk}/leave/", f"/tickets/{known[1].pk}/not-fixed/"]
    assert english_on(client, unsaid, posted={"join": "1"}) == {}
    assert english_on(client, [issues[1]], posted={"description": "Seit heute."}) == {}
    too_late = [f"{stories[4]}{deed}/" for deed in ("reply", "escalate", "reopen")]
    assert english_on(client, too_late, posted={"body": "Noch etwas."}) == {}


def test_a_member_without_tickets_reads_german(client: Client, german):
    client.force_login(german.alice)
    assert english_on(client, ["/", "/tickets/", "/announcements/", "/reports/", "/contacts/", "/nowhere/"]) == {}


def test_a_partners_admin_reads_german(client: Client, german, tickets):
    invite(german)
    client.force_login(german.anna)
    report = ["/reports/?month=2019-01", "/reports/?month=x", f"/reports/?month={timezone.now():%Y-%m}"]
    figures = [f"/reports/tickets/?figure={name}&month={timezone.now():%Y-%m}" for name in ("opened", "closed")]
    assert english_on(client, [*every_page(PORTAL, tickets[0]), *report, *figures]) == {}
    bob = german.bob.contacts.get().pk
    refused = ["/contacts/invite/", f"/contacts/{bob}/edit/", f"/contacts/{bob}/suspend/", "/account/password/change/"]
    posted = {"email": "a@b.example", "phone": "1", "password1": "a", "password2": "b"}
    assert english_on(client, refused, posted=posted) == {}


def test_a_stranger_reads_german(client: Client, german):
    invite(german)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    doors = ["/account/login/", "/account/password/reset/", "/account/password/reset/done/", "/account/inactive/"]
    keys = [f"/account/password/reset/key/{key}/" for key in ("1-set-password", "done")]
    assert english_on(client, [*doors, *keys, "/invitation/x/", link()]) == {}
    assert english_on(client, [link()], posted={"password1": "alpine"}) == {}
    for _attempt in range(7):  # the last ones meet the limit
        assert english_on(client, ["/account/login/"], posted={"login": "bob@alpine.example", "password": "x"}) == {}


def test_the_second_factor_speaks_german(client: Client, german):
    german.bob.set_password(PASSWORD)
    german.bob.save()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    client.post("/account/login/", {"login": german.bob.email, "password": PASSWORD})
    again = client.get(f"{FACTOR}totp/activate/")["Location"]
    assert english_on(client, [again]) == {}
    client.post(again, {"password": PASSWORD})
    assert english_on(client, [f"{FACTOR}totp/activate/", FACTOR]) == {}
    assert english_on(client, [f"{FACTOR}totp/activate/"], posted={"code": "000000"}) == {}
    secret = client.get(f"{FACTOR}totp/activate/").context["form"].secret  # each page has a new one
    client.post(f"{FACTOR}totp/activate/", {"code": code(secret)})
    ways = ["", "recovery-codes/", "recovery-codes/generate/", "totp/deactivate/"]
    assert english_on(client, [f"{FACTOR}{way}" for way in ways]) == {}
    client.post("/account/logout/")
    client.post("/account/login/", {"login": german.bob.email, "password": PASSWORD})
    assert english_on(client, [f"{FACTOR}authenticate/"]) == {}
    assert english_on(client, [f"{FACTOR}authenticate/"], posted={"code": "000000"}) == {}


def test_an_agent_reads_german(client: Client, german, tickets, known, announced):
    german.lea.is_superuser = True
    german.lea.save()
    client.force_login(german.lea)
    own = [f"/admin/tickets/ticket/{ticket.pk}/change/" for ticket in [*tickets, *known]]
    issues = [f"/admin/tickets/knownissue/{ticket.join.issue_id}/change/" for ticket in known[:2]]
    assert english_on(client, issues) == {}
    tellings = [fill(route, tickets[0]) for name, route in ADMIN if name.endswith(("knownissue_update", "_resolve"))]
    assert english_on(client, ["/admin/tickets/knownissue/add/", *tellings], posted={"verdict": "x"}) == {}
    lists = ["?status=all", "?due=overdue", "?q=xylophon", "?assignee=nobody", "?escalated=yes"]
    queue = [f"/admin/tickets/ticket/{query}" for query in lists]
    assert english_on(client, [*every_page(ADMIN, tickets[0]), *own, *queue, "/admin/"]) == {}
    assert english_on(client, every_page(PORTAL, tickets[0])) == {}
    acts = [route for name, route in ADMIN if name.startswith("admin:tickets_ticket_") and "object_id" not in route]
    urls = [fill(route, tickets[0]) for route in acts if "<" in route]
    refused = [url.replace(str(tickets[0].pk), str(ticket.pk)) for url in urls for ticket in tickets]
    assert refused
    assert english_on(client, refused, posted={"seen": "1", "at": "x"}) == {}


def test_the_stock_admins_scripts_speak_german(client: Client, german):
    client.force_login(german.lea)
    script = client.get("/admin/jsi18n/").content.decode()
    said = json.loads(script.split("const newcatalog = ")[1].split(";\n")[0])
    admins = polib.pofile(str(Path(admin.__file__).parent / "locale/en/LC_MESSAGES/djangojs.po"))
    assert [entry.msgid for entry in admins if entry.msgid not in said and not entry.msgctxt] == []


def test_mails_are_german(client: Client, german, tickets, known, draft):
    invite(german)
    client.post("/account/password/reset/", {"email": german.bob.email})
    mails = [render(delivery) for delivery in Delivery.objects.filter(language="de")]
    kinds = set(Delivery.objects.values_list("template", flat=True))
    assert Delivery.objects.exclude(language="de").count() == 0
    assert kinds == {"ticket", "known_issue", "invitation", "account", "draft"}
    told = {delivery.context["kind"] for delivery in Delivery.objects.filter(template="ticket")}
    assert told >= KINDS
    told = {delivery.context["kind"] for delivery in Delivery.objects.filter(template="known_issue")}
    assert told == {"update", "resolution", "settled"}
    for mail in mails:
        page = str(mail.alternatives[0][0])
        assert english_in([str(mail.subject), *str(mail.body).splitlines(), *Visible(page).pieces]) == set()


@pytest.mark.parametrize(
    ("piece", "found"),
    [
        ("New ticket", True),
        ("  At most 3 tickets at once. Choose fewer; nothing has been changed.", True),
        ("Retarus asks of everybody", True),
        ("Neues Ticket", False),
        ("Support & Implementation Guide für Partner", False),
        ("Status", False),
    ],
)
def test_english_would_be_seen(piece: str, found: bool):
    assert bool(english_in([piece])) == found


def test_what_is_marked_as_english_may_be_english():
    page = '<p title="Open">Ja <button lang="en"><b>English</b></button> Nein<script>the</script></p>'
    assert Visible(page).pieces == ["Open", "Ja ", " Nein"]
