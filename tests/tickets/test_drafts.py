"""In the form and on the start page: what is typed is kept, with and without JavaScript, with and without a session."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.tickets.pasted import POSTFIX
from tests.tickets.test_filing import NEW, typed
from tickets.models import Attachment, Draft, DraftFile, Ticket
from tickets.views.typed import key_for
from tickets.workflow import drafting

SAVE, FILES = "/tickets/new/draft/", "/tickets/new/files/"
SUBMISSION = "7d1f5c3e-5f0d-4c0e-9d57-0a3d4f9b6a11"
GO_ON = f"{NEW}?draft={SUBMISSION}"
HIDDEN = re.compile(r'<input type="hidden" name="(page|seen|asked|draft_key|submission)" value="([^"]*)"')


def head(response) -> dict[str, str]:
    """What a page carries beside its fields."""
    return dict(HIDDEN.findall(response.content.decode()))


def sent_by(cast, **changes):
    """What a page of alice's sends."""
    key = key_for(cast.alice.contact, SUBMISSION)
    return typed(cast, page=str(uuid.uuid4()), seen="0", asked="subject started", draft_key=key, **changes)


def log(name="mail.log"):
    return SimpleUploadedFile(name, b"550 5.1.1")


def shown(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_form_saves_itself_and_comes_back_as_it_was_typed(client: Client, cast):
    client.force_login(cast.alice)
    first = sent_by(cast, started="yesterday evening", reproduced="", phone="089 1234", impact="")
    response = client.post(SAVE, first)
    assert re.search(r"Draft saved \d\d:\d\d", shown(response))
    client.post(SAVE, {name: first[name] for name in ("page", "draft_key", "submission", "type")} | {"pasted": POSTFIX})
    form = client.get(GO_ON).context["form"]
    for name in ("subject", "description", "interface", "data_centre", "affected_count", "actions_taken", "urgency"):
        assert form[name].value() == first[name], name
    assert (form["started"].value(), form["phone"].value(), form["impact"].value()) == (
        "yesterday evening", "089 1234", ""
    )  # fmt: skip
    assert (form["tenants"].value(), form["pasted"].value()) == ([str(cast.rs1.pk)], POSTFIX)
    assert [row["sender"] for row in form["examples"].value()] == ["news@bergbahn.example"]


def test_files_are_kept_as_soon_as_they_are_chosen_and_go_out_again(client: Client, cast):
    client.force_login(cast.alice)
    page = sent_by(cast)
    fake = SimpleUploadedFile("fake.png", b"<html>")
    response = client.post(FILES, {**page, "attachments": [log(), fake, log("second.log")]})
    assert [file.name for file in response.context["files"]] == ["mail.log", "second.log"]
    assert "fake.png cannot be attached" in shown(response)
    first = DraftFile.objects.earliest("pk")
    response = client.post(FILES, {**page, "remove": first.pk})
    assert [file.name for file in response.context["files"]] == ["second.log"]
    assert [file.name for file in client.get(GO_ON).context["files"]] == ["second.log"]


@pytest.mark.parametrize("button", ["switch", "more", "read", "remove", "overwrite"])
def test_without_javascript_every_button_keeps_text_and_files(client: Client, cast, button):
    client.force_login(cast.alice)
    value = {"switch": "change", "remove": "0"}.get(button, "1")
    response = client.post(NEW, sent_by(cast, attachments=[log()], pasted="550 of mine", **{button: value}))
    assert response.status_code == 200
    assert [file.name for file in response.context["files"]] == ["mail.log"]
    assert "Choose your files again" not in shown(response)
    draft = Draft.objects.get()
    assert (draft.subject, drafting.read_pasted(draft)) == ("Mail to one provider bounces", "550 of mine")


def test_save_draft_is_a_button_too(client: Client, cast):
    client.force_login(cast.alice)
    response = client.post(NEW, sent_by(cast, attachments=[log()], save="1"), follow=True)
    assert response.redirect_chain == [(GO_ON, 302)]
    assert "The draft is saved. You find it on the start page, for 30 days." in shown(response)
    assert "mail.log" in shown(response)


def test_a_refused_form_is_kept_with_its_files_and_becomes_a_ticket_with_them(client: Client, cast):
    client.force_login(cast.alice)
    response = client.post(NEW, sent_by(cast, subject="", attachments=[log()]))
    assert (response.status_code, [file.name for file in response.context["files"]]) == (422, ["mail.log"])
    again = client.post(NEW, {**typed(cast), **head(response)})
    assert again.status_code == 302
    assert list(Attachment.objects.values_list("ticket__subject", "name")) == [
        ("Mail to one provider bounces", "mail.log")
    ]
    assert Draft.objects.count() == 0
    after = client.post(SAVE, sent_by(cast))  # a save that was still on its way
    assert f"it is ticket {Ticket.objects.get().number}" in shown(after)
    assert Draft.objects.count() == 0
    assert client.get(GO_ON)["Location"] == again["Location"]


def test_switching_there_and_back_loses_nothing(client: Client, cast):
    client.force_login(cast.alice)
    page = client.get(NEW)
    said = {**typed(cast), **head(page), "started": "27.08.2019 - 11:00 UTC+2"}
    change = client.post(NEW, {**said, "switch": "change"})
    assert 'name="started"' not in shown(change)
    of_change = {"type": "change", "subject": "Another", **head(change), "switch": "incident"}
    form = client.post(NEW, of_change).context["form"]
    assert (form["started"].value(), form["subject"].value()) == ("27.08.2019 - 11:00 UTC+2", "Another")


def test_a_blank_form_leaves_no_draft(client: Client, cast):
    client.force_login(cast.alice)
    client.post(NEW, {"type": "incident", "phone": "+49 89 1", "tenants": [cast.rs1.pk], "switch": "change"})
    client.post(SAVE, {"draft_key": key_for(cast.alice.contact, SUBMISSION), "submission": SUBMISSION, "asked": "x"})
    assert Draft.objects.count() == 0


def test_the_second_device_is_told_and_chooses(client: Client, cast):
    client.force_login(cast.alice)
    desk = sent_by(cast)
    client.post(SAVE, desk)
    phone = {**typed(cast), **head(client.get(GO_ON)), "subject": "From the phone"}
    assert "Draft saved" in shown(client.post(SAVE, phone))
    told = client.post(SAVE, {**desk, "subject": "From the desk"})
    assert "on another device or in another tab" in shown(told)
    assert Draft.objects.get().subject == "From the phone"
    sent = client.post(NEW, {**desk, "subject": "From the desk"})
    assert (sent.status_code, Ticket.objects.count()) == (409, 0)
    assert "From the desk" in shown(sent)
    client.post(SAVE, {**desk, "subject": "From the desk", "overwrite": "1"})
    assert Draft.objects.get().subject == "From the desk"
    assert client.post(NEW, desk).status_code == 302


def test_a_session_that_ends_in_mid_sentence_loses_nothing(client: Client, cast):
    page = sent_by(cast)
    line = client.post(SAVE, page)
    assert "You are signed out." in shown(line)
    assert f"/account/login/?next={NEW}%3Fdraft%3D{SUBMISSION}" in shown(line)
    door = client.post(NEW, page | {"attachments": [log()]})
    assert door["Location"] == f"/account/login/?next={NEW}%3Fdraft%3D{SUBMISSION}"
    assert "What you typed is kept" in shown(client.get(door["Location"]))
    client.force_login(cast.alice)
    back = client.get(GO_ON)
    assert (back.context["form"]["subject"].value(), len(back.context["files"])) == ("Mail to one provider bounces", 1)


def test_a_key_writes_one_draft_and_reads_none_and_ends_with_the_right(client: Client, cast):
    other = {**sent_by(cast), "submission": str(uuid.uuid4())}
    forged = {**sent_by(cast), "draft_key": key_for(cast.alice.contact, SUBMISSION)[:-1] + "x"}
    for refused in (other, forged, typed(cast)):
        assert client.post(SAVE, refused).status_code == 403
    good = sent_by(cast)
    answer = client.post(SAVE, good)
    assert "bounces" not in shown(answer)
    cast.alice.set_password("another one, long enough")
    cast.alice.save()
    assert client.post(SAVE, good).status_code == 403
    fresh = sent_by(cast)
    cast.alice.contacts.update(suspended_at="2026-01-01T00:00:00Z")
    assert "suspended" in shown(client.post(SAVE, fresh))
    assert client.get(SAVE).status_code == 405


def test_the_start_page_names_what_is_missing_and_the_form_offers_to_go_on(client: Client, cast):
    client.force_login(cast.alice)
    client.post(SAVE, sent_by(cast, tests_allowed="", started="yesterday"))
    home = client.get("/")
    assert "2 things missing" in shown(home)
    assert "Incident, 12345RS: Mail to one provider bounces" in shown(home)
    fresh = client.get(NEW)
    assert [draft.subject for draft in fresh.context["offered"]] == ["Mail to one provider bounces"]
    assert fresh.context["form"]["subject"].value() is None
    question = f"/tickets/drafts/{SUBMISSION}/discard/"
    assert (client.get(question).status_code, Draft.objects.count()) == (200, 1)
    assert (client.post(question)["Location"], Draft.objects.count()) == ("/", 0)
    assert client.get(question).status_code == client.get(GO_ON).status_code == 404


def test_a_tenant_that_was_lost_cannot_be_chosen_by_an_old_draft(client: Client, cast):
    client.force_login(cast.alice)
    client.post(SAVE, sent_by(cast))
    contact = cast.alice.contacts.get()
    contact.tenants.set([cast.rs2])
    page = client.get(GO_ON)
    assert (f'value="{cast.rs1.pk}"' in shown(page), "12345RS" in shown(page)) == (False, False)
    assert client.post(NEW, {**typed(cast), **head(page)}).status_code == 422
    assert "12345RS" not in shown(client.get("/"))


@pytest.mark.parametrize("count", [1, 5])
def test_what_drafts_cost_does_not_grow_with_them(client: Client, cast, count, django_assert_num_queries):
    client.force_login(cast.alice)
    client.get("/")
    with django_assert_num_queries(3):
        client.get("/")
    for _draft in range(count):
        submission = str(uuid.uuid4())
        key = key_for(cast.alice.contact, submission)
        client.post(SAVE, sent_by(cast) | {"submission": submission, "draft_key": key})
    with django_assert_num_queries(4):
        client.get("/")
    with django_assert_num_queries(2):
        client.get(NEW)
    again = sent_by(cast) | {"submission": submission, "draft_key": key, "overwrite": "1"}
    with django_assert_num_queries(6):
        client.post(SAVE, again)
