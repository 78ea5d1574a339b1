"""What cannot be done on a ticket's page: overtaken, too late, missing or wrong; and what becomes of the text then."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import Cast
from tests.tickets.admin_pages import VALID, act, act_url, signed_in, state, words
from tests.tickets.openings import opened
from tickets import workflow
from tickets.models import Ticket


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return opened(cast)


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.carol)


@pytest.mark.parametrize("name", sorted(set(VALID) - {"assign", "status", "reopen"}))
def test_the_second_of_two_agents_sees_what_changed_and_keeps_the_text(cast, desk, ticket, name):
    seen = ticket.version
    workflow.assign(ticket, by=cast.lea, to=cast.lea)
    workflow.reply(ticket, by=cast.alice, body="It has begun again.")
    before = state(ticket)
    response = desk.post(act_url(ticket, name), {"seen": seen, **VALID[name]})
    assert (response.status_code, state(ticket)) == (409, before)
    text = words(response)
    assert (
        "Somebody else has changed this ticket meanwhile. Look at what changed, then save again. "
        "Lea took the ticket, now Alice answered, now What you typed is still there." in text
    )
    page = response.content.decode()
    assert [value for key, value in VALID[name].items() if key in ("body", "reason", "resolution")] == [
        value for key, value in VALID[name].items() if key in ("body", "reason", "resolution") and value in page
    ]
    # Having looked, the agent sends the same form again, and it now carries the version that was looked at.
    assert f'name="seen" value="{ticket.version + 2}"' in page
    assert act(desk, ticket, name, **VALID[name]).status_code == 302


def test_a_double_click_sends_one_answer(desk, ticket):
    data = {"seen": ticket.version, "body": "We look at it."}
    first, second = desk.post(act_url(ticket, "reply"), data), desk.post(act_url(ticket, "reply"), data)
    assert (first.status_code, second.status_code) == (302, 409)
    assert ticket.messages.count() == 1
    assert "Carol answered, now" in words(second)


def test_a_form_without_its_version_is_refused(desk, ticket):
    before = state(ticket)
    for seen in ("", "x", "0"):
        assert desk.post(act_url(ticket, "reply"), {"seen": seen, "body": "Hello."}).status_code == 422
    assert state(ticket) == before


TOO_LATE = {
    "reply": "This ticket is closed. Reopen it to go on writing.",
    "assign": "This ticket is settled. Reopen it before you assign it.",
    "priority": "This ticket is settled. Reopen it before you change its priority.",
    "expected": "This ticket is settled. An expected date would promise nothing.",
    "resolve": "This ticket is settled already.",
    "escalate": "This ticket is settled. Reopen it before you escalate it.",
    "close": "This ticket is closed already.",
}


@pytest.mark.parametrize(("name", "why"), TOO_LATE.items())
def test_what_makes_no_sense_any_more_is_refused_and_the_text_is_shown(cast, desk, ticket, name, why):
    workflow.close(ticket, by=cast.lea)
    before = state(ticket)
    response = act(desk, ticket, name, **VALID[name])
    text = words(response)
    assert (response.status_code, state(ticket)) == (409, before)
    assert why in text
    if "body" in VALID[name]:
        assert f"What you typed Answer to the partner {VALID[name]['body']}" in text


def test_an_open_ticket_is_not_reopened(desk, ticket):
    response = act(desk, ticket, "reopen", reason="It is back.")
    assert response.status_code == 409
    assert "This ticket is open already." in words(response)
    assert ticket.messages.count() == 0


@pytest.mark.parametrize("status", ["new", "resolved", "closed", "nonsense", ""])
def test_only_what_the_table_lets_follow_can_be_set(desk, ticket, status):
    before = state(ticket)
    assert act(desk, ticket, "status", new=status).status_code == 422
    assert state(ticket) == before


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("reply", {"body": " "}, "The answer is empty. Write what the partner should know."),
        ("reply", {"body": "x" * 100_001}, "Ensure this value has at most 100000 characters (it has 100001)."),
        ("reply", {"body": "a\x00b"}, "Null characters are not allowed."),
        ("note", {"body": ""}, "The note is empty. Write what the next agent should know."),
        ("priority", {"new": "1", "reason": ""}, "Say why: the partner reads it too."),
        ("priority", {"new": "7", "reason": "x"}, "Select a valid choice. 7 is not one of the available choices."),
        ("expected", {"at": "2020-01-01T10:00", "reason": "x"}, "This moment has passed. Name one that lies ahead."),
        ("expected", {"at": "", "reason": "x"}, "Name the day and the time."),
        ("expected", {"at": "soon", "reason": "x"}, "This is no day and time. Write it like this: 2026-12-01 14:30."),
        ("expected", {"at": "9999-12-31T23:59", "reason": "x"}, "This is no day and time."),
        ("verdict", {"verdict": ""}, "This field is required."),
        ("resolve", {"verdict": "vendor", "resolution": ""}, "Say what helps: the partner reads it as the answer."),
        ("escalate", {"reason": ""}, "Say why, in a sentence that both sides can read."),
        ("assign", {"to": "999999"}, "Select a valid choice. 999999 is not one of the available choices."),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field(desk, ticket, name, data, why):
    before = state(ticket)
    response = act(desk, ticket, name, **data)
    text = words(response)
    assert (response.status_code, state(ticket)) == (422, before)
    assert "One thing is missing or not right" in text
    assert text.count(why) >= (1 if name == "assign" else 2)  # in the summary and beside the field


def test_a_file_of_a_wrong_kind_is_refused_and_the_text_is_kept(desk, ticket):
    upload = SimpleUploadedFile("run.exe", b"MZ\x90\x00")
    response = act(desk, ticket, "reply", body="See the file.", attachments=[upload])
    assert response.status_code == 422
    assert "run.exe cannot be attached" in words(response)
    assert "See the file.</textarea>" in response.content.decode()
    assert (ticket.messages.count(), ticket.attachments.count()) == (0, 0)


def test_a_ticket_is_not_given_to_somebody_who_may_not_work_on_it(cast, desk, ticket):
    for user in (cast.victor, cast.alice):
        assert act(desk, ticket, "assign", to=user.pk).status_code == 422
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_a_ticket_that_is_not_there_cannot_be_worked_on(cast, desk):
    for name, data in VALID.items():
        assert desk.post(f"/admin/tickets/ticket/1/{name}/", {"seen": 1, **data}).status_code == 404
