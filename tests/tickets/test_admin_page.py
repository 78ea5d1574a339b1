"""The ticket's page in the admin: what an agent reads there."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.tickets.admin_pages import act_url, page_url, signed_in, words
from tests.tickets.openings import EXAMPLE, change, opened, service_request
from tickets import workflow
from tickets.admin.acts import ACTS
from tickets.models import Ticket
from tickets.workflow import files


@pytest.mark.parametrize(
    ("allowed", "said"),
    [
        (True, "Tests allowed The partner agrees to test transactions."),
        (False, "No tests allowed Send no test transaction for this ticket."),
    ],
)
def test_whether_tests_are_allowed_stands_on_top(cast, allowed, said):
    ticket = opened(cast, tests_allowed=allowed)
    text = words(signed_in(cast.carol).get(page_url(ticket)))
    assert said in text
    assert text.index(said) < text.index("What is asked")


def test_where_tests_were_not_asked_for_the_page_says_so(cast):
    ticket = workflow.open_ticket(by=cast.bob, opening=service_request(cast))
    assert "Not asked for Ask the partner before you send one." in words(signed_in(cast.carol).get(page_url(ticket)))


def test_the_partners_facts_stand_on_top(cast):
    ticket = opened(cast, contact_persons=[cast.anna.contacts.get()])
    text = words(signed_in(cast.carol).get(page_url(ticket)))
    facts = text[text.index("Partner Alpine") : text.index("Test transactions")]
    assert facts == (
        "Partner Alpine Mail GmbH Customer ID 73125 Tenants 12345RS Services Email Security Service level Standard "
        "Contact Alice , 1st level Telephone +49 89 55280000 E-mail alice@alpine.example Language English "
        "Also Anna, +49 89 55280000 "
    )


def test_everything_that_was_filed_can_be_read(cast):
    earlier = opened(cast)
    upload = files.check([SimpleUploadedFile("extract.csv", b"a;b\n")])
    ticket = opened(cast, attachments=upload, related=[earlier.pk], known=True, known_reference="Status page")
    response = signed_in(cast.carol).get(page_url(ticket))
    text = words(response)
    asked = text[text.index("What is asked") : text.index("What the partner checked before")]
    assert asked == (
        "What is asked Since this morning all mail to example.net comes back. "
        "Impact Guests get no booking confirmation. "
        "One end-customer as a whole, or part of a service · Work stands still, there is no way around it "
        "Error pattern 550 5.1.1 Start 27 Aug 2019, 11:00 CEST written as 27.08.2019 - 11:00 UTC+2 "
        "Interface or URL SMTP, mx1.bergbahn.example End-customers affected 1 "
        "Reproduced Yes Send any mail to gast@example.net. Done so far Checked Live Search, sent a test mail. "
        f"Already known Yes: Status page Related tickets {earlier.number} {earlier.subject} (New) "
        "extract.csv 4\xa0bytes "
    ).replace("\xa0", " ")
    assert all(value in text for value in EXAMPLE.values())
    file = ticket.attachments.get()
    link = reverse("tickets:attachment", args=[ticket.pk, file.pk])
    assert f'href="{link}"' in response.content.decode()
    assert b"".join(signed_in(cast.carol).get(link).streaming_content) == b"a;b\n"


def test_a_change_shows_no_field_that_it_was_not_asked_for(cast):
    ticket = workflow.open_ticket(by=cast.bob, opening=change(cast))
    text = words(signed_in(cast.carol).get(page_url(ticket)))
    names = ["Error pattern", "Start", "Reproduced", "Affected transactions", "End-customers affected"]
    assert [name for name in names if name in text] == []


def test_the_story_is_told_oldest_first_with_notes_and_promises(cast):
    start = timezone.now().replace(microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        ticket = opened(cast)
        for step in (
            lambda: workflow.assign(ticket, by=cast.lea, to=cast.carol),
            lambda: workflow.reply(ticket, by=cast.carol, body="We look at it."),
            lambda: workflow.note(ticket, by=cast.carol, body="Same as last week."),
            lambda: workflow.set_expected(ticket, start + timedelta(hours=9), by=cast.carol, reason="Noon, they say."),
            lambda: workflow.set_expected(
                ticket, start + timedelta(days=9), by=cast.carol, reason="A part is missing."
            ),
            lambda: workflow.escalate(ticket, by=cast.max, reason="The hotel closes."),
            lambda: workflow.give_verdict(ticket, Ticket.Verdict.VENDOR, by=cast.carol),
            lambda: workflow.resolve(ticket, by=cast.carol, resolution="The relay was restarted."),
        ):
            clock.shift(timedelta(minutes=1))
            step()
        text = words(signed_in(cast.carol).get(page_url(ticket)))
    story = text[text.rindex("What happened so far") :]
    told = [
        "Alice opened the ticket",
        "Lea assigned it to Carol",
        "Carol Retarus 6 min ago We look at it.",
        "Carol Internal note 5 min ago Same as last week.",
        "Carol set the expected date",
        "Noon, they say.",
        "A part is missing",
        "Max escalated the ticket · 2 min ago The hotel closes.",
        "Carol gave the verdict “Caused by Retarus”",
        "Carol resolved the ticket · now The relay was restarted.",
    ]
    places = [story.find(line) for line in told]
    assert -1 not in places
    assert places == sorted(places)
    assert "named 2 times" in text
    assert story.count("(before:") == 1


def test_what_was_written_outside_is_shown_as_text_and_links_lead_nowhere_for_search_engines(cast):
    ticket = opened(cast, subject="<script>alert(1)</script>", description="See https://e.example/?a=1 <img src=x>")
    workflow.reply(ticket, by=cast.alice, body="<b>bold</b>\nhttp://x.example")
    page = signed_in(cast.carol).get(page_url(ticket)).content.decode()
    assert [tag for tag in ("<script>alert", "<img src=x", "<b>bold") if tag in page] == []
    assert '<a href="https://e.example/?a=1" rel="nofollow">' in page
    assert "&lt;b&gt;bold&lt;/b&gt;<br><a href" in page


OFFERED = {
    "new": {
        "ask",
        "reply",
        "note",
        "assign",
        "status",
        "priority",
        "expected",
        "verdict",
        "resolve",
        "escalate",
        "close",
    },
    "open": {
        "ask",
        "reply",
        "note",
        "assign",
        "status",
        "priority",
        "expected",
        "verdict",
        "resolve",
        "escalate",
        "close",
    },
    "waiting": {
        "ask",
        "reply",
        "note",
        "assign",
        "status",
        "priority",
        "expected",
        "verdict",
        "resolve",
        "escalate",
        "close",
    },
    "resolved": {"reply", "note", "verdict", "close", "reopen"},
    "closed": {"note", "verdict", "reopen"},
}


@pytest.mark.parametrize("status", OFFERED)
def test_only_what_makes_sense_now_is_offered(cast, status):
    ticket = opened(cast)
    Ticket.objects.filter(pk=ticket.pk).update(
        status=status,
        resolution="x",
        resolved_at=timezone.now(),
        due_at=ticket.due_at if status in ("new", "open") else None,
        paused_at=None if status in ("new", "open") else timezone.now(),
    )
    page = signed_in(cast.lea).get(page_url(ticket)).content.decode()
    assert {name for name in ACTS if f'action="{act_url(ticket, name)}"' in page} == OFFERED[status]


def test_whoever_only_reads_is_offered_nothing(cast):
    ticket = opened(cast)
    response = signed_in(cast.victor).get(page_url(ticket))
    page = response.content.decode()
    assert [name for name in ACTS if f'action="{act_url(ticket, name)}"' in page] == []
    assert "You can read this ticket." in words(response)


def test_a_ticket_can_be_given_only_to_those_who_may_work_on_it(cast):
    ticket = opened(cast)
    form = signed_in(cast.carol).get(page_url(ticket)).context["assign"].form
    assert form.fields["to"].choices == [("", "Nobody"), (str(cast.carol.pk), "Carol"), (str(cast.lea.pk), "Lea")]


def test_a_ticket_that_is_not_there_is_not_found(cast):
    client = signed_in(cast.carol)
    for pk in ("1", "99999999999999999999999", "x", "0"):
        assert client.get(f"/admin/tickets/ticket/{pk}/change/").status_code == 404


def test_the_stock_history_leads_to_the_story(cast):
    ticket = opened(cast)
    response = signed_in(cast.carol).get(f"/admin/tickets/ticket/{ticket.pk}/history/")
    assert (response.status_code, response["Location"]) == (302, page_url(ticket))


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_for_a_short_and_a_long_story(cast, django_assert_num_queries, count):
    ticket = opened(cast, examples=[EXAMPLE] * count, contact_persons=[cast.anna.contacts.get()])
    for number in range(count):
        upload = files.check([SimpleUploadedFile("a.txt", b"a")])
        workflow.reply(ticket, by=cast.carol, body=f"Answer {number}", attachments=upload)
        workflow.note(ticket, by=cast.carol, body=f"Note {number}", attachments=upload[:0])
        workflow.assign(ticket, by=cast.lea, to=cast.carol)
    client = signed_in(cast.carol)
    # session, user, two of rights; ticket, messages, events, files, examples, persons, related, agents
    with django_assert_num_queries(9):
        client.get(page_url(ticket))


def test_pages_of_the_desk_are_never_kept_by_a_cache_between(cast):
    ticket = opened(cast)
    for url in ("/admin/", "/admin/tickets/ticket/", page_url(ticket)):
        assert "no-store" in signed_in(cast.carol).get(url)["Cache-Control"]
