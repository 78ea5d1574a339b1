"""What a reader sees of tickets, and what it costs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.tickets.openings import opened
from tickets import timeline, workflow
from tickets.models import Attachment, Ticket
from tickets.workflow import files


def numbers(response) -> list[str]:
    return [ticket.number for ticket in response.context["page"].rows]


def test_the_list_shows_the_own_open_tickets_newest_first(client: Client, cast):
    first, second = opened(cast), opened(cast, by=cast.bob, tenants=[cast.rs2])
    settled = opened(cast)
    workflow.close(settled, by=cast.alice)
    client.force_login(cast.bob)
    assert numbers(client.get("/tickets/")) == [second.number, first.number]
    client.force_login(cast.alice)
    assert numbers(client.get("/tickets/")) == [first.number]  # 23456RS is not hers
    client.force_login(cast.mallory)
    assert numbers(client.get("/tickets/?status=all")) == []


def test_a_ticket_of_two_tenants_is_hidden_from_who_has_only_one(client: Client, cast):
    both = opened(cast, by=cast.bob, tenants=[cast.rs1, cast.rs2])
    client.force_login(cast.alice)
    assert client.get(f"/tickets/{both.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=settled", ["closed"]),
        ("status=all", ["closed", "change", "mail"]),
        ("status=new", ["change", "mail"]),
        ("priority=2", ["mail"]),
        ("q=bounces", ["closed", "mail"]),
        ("q=relay", ["change"]),
        ("q=12345RS", ["closed", "mail"]),
        ("q=73125", ["closed", "change", "mail"]),
        ("q=99999", []),
        ("q=gast@example.net", ["closed", "mail"]),
        ("sort=priority&status=all", ["closed", "mail", "change"]),
        ("q=nothing+like+it", []),
        ("page=99&status=all", []),
        ("page=x&status=all", ["closed", "change", "mail"]),
    ],
)
def test_filters_sorting_and_search(client: Client, cast, query, found):
    known = {
        opened(cast).number: "mail",
        opened(
            cast,
            by=cast.bob,
            subject="Another relay",
            description="x",
            reproduction_steps="y",
            error_pattern="y",
            examples=[{"occurred": "today"}],
            tenants=[cast.rs2],
            services=[cast.transactional_email],
            urgency="low",
        ).number: "change",
        opened(cast).number: "closed",
    }
    workflow.close(Ticket.objects.get(pk=max(known).removeprefix("RCR-")), by=cast.alice)
    client.force_login(cast.bob)
    assert [known[number] for number in numbers(client.get(f"/tickets/?{query}"))] == found


@pytest.mark.parametrize("query", ["status=nonsense", "tenant=999", "service=x", "sort=-x", "priority=0"])
def test_a_filter_that_does_not_exist_finds_nothing_and_says_so(client: Client, cast, query):
    opened(cast)
    client.force_login(cast.alice)
    response = client.get(f"/tickets/?{query}")
    assert response.status_code == 200
    assert numbers(response) == []
    assert len(response.context["form"].errors) == 1


@pytest.mark.parametrize("text", ["(", "'", '"', "[", "\x00", "x" * 6000, "%s {0}", "a & b | !c <-> d", "\\"])
def test_no_search_text_is_an_error_of_ours(client: Client, cast, text):
    opened(cast)
    client.force_login(cast.alice)
    for url in ("/search/", "/tickets/"):
        assert client.get(url, {"q": text}).status_code in {200, 302}


def test_the_search_box_jumps_to_a_number_and_takes_words_to_the_list(client: Client, cast):
    mine, foreign = opened(cast), opened(cast, by=cast.bob, tenants=[cast.rs2])
    client.force_login(cast.alice)
    assert client.get("/search/", {"q": mine.number})["Location"] == f"/tickets/{mine.pk}/"
    assert client.get("/search/", {"q": "relay moved"})["Location"] == "/tickets/?q=relay+moved"
    assert client.get("/search/", {"q": foreign.number})["Location"] == f"/tickets/?q={foreign.number}"
    assert numbers(client.get("/tickets/", {"q": foreign.number})) == []


def test_a_words_search_finds_public_messages_and_no_notes(client: Client, cast):
    ticket = opened(cast)
    workflow.reply(ticket, by=cast.carol, body="The xylograph was jammed.")
    workflow.note(ticket, by=cast.carol, body="Their admin is a zealot.")
    client.force_login(cast.alice)
    assert numbers(client.get("/tickets/?q=xylograph")) == [ticket.number]
    assert numbers(client.get("/tickets/?q=zealot")) == []


def test_the_page_tells_the_story_without_the_vendors_inner_life(client: Client, cast):
    ticket = opened(cast)
    workflow.assign(ticket, by=cast.lea, to=cast.carol)
    workflow.note(ticket, by=cast.carol, body="Their admin is a zealot.", attachments=upload("inner.txt"))
    workflow.reply(ticket, by=cast.carol, body="We look at it.", attachments=upload("outer.txt"))
    client.force_login(cast.alice)
    response = client.get(f"/tickets/{ticket.pk}/")
    assert [(entry.kind, entry.who, entry.body) for entry in response.context["entries"]] == [
        ("event", "Alice", ""),
        ("message", "Carol", "We look at it."),
        ("event", "Carol", ""),
    ]
    assert response.context["entries"][-1].sentence == "changed the status from “New” to “With Retarus”"
    page = response.content.decode()
    assert "zealot" not in page
    assert "inner.txt" not in page
    assert "outer.txt" in page


def test_an_agent_takes_a_ticket_or_gives_it_to_another(cast):
    ticket = opened(cast)
    workflow.assign(ticket, by=cast.carol, to=cast.carol)
    workflow.assign(ticket, by=cast.carol, to=cast.lea)
    told = [(entry.who, entry.sentence) for entry in timeline.of(ticket, cast.carol)]
    assert told == [("Alice", "opened the ticket"), ("Carol", "took the ticket"), ("Carol", "assigned it to Lea")]


def upload(name: str) -> list[files.Upload]:
    return files.check([SimpleUploadedFile(name, b"evidence")])


def test_markup_that_was_typed_is_shown_and_not_run(client: Client, cast):
    evil = "<script>alert(1)</script> {{ settings }} <img src=x onerror=y>"
    ticket = opened(cast, subject=evil[:60], description=evil, impact_description=evil, error_pattern=evil)
    workflow.reply(ticket, by=cast.alice, body=evil + " javascript:alert(1) https://example.net/")
    client.force_login(cast.alice)
    page = client.get(f"/tickets/{ticket.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page


def test_a_file_is_handed_over_as_an_attachment_and_never_shown(client: Client, cast):
    ticket = opened(cast, attachments=files.check([SimpleUploadedFile('Übersicht"; x.txt', b"evidence")]))
    row = Attachment.objects.get()
    client.force_login(cast.alice)
    response = client.get(f"/tickets/{ticket.pk}/attachments/{row.pk}/")
    assert b"".join(response.streaming_content) == b"evidence"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%C3%9Cbersicht%22%3B%20x.txt"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store, private"
    assert str(row.file).count("/") == 1
    assert "bersicht" not in str(row.file)


def test_a_notes_file_and_a_strangers_file_do_not_exist(client: Client, cast):
    ticket, other = opened(cast), opened(cast, by=cast.bob, tenants=[cast.rs2])
    note = workflow.note(ticket, by=cast.carol, body="Look.", attachments=upload("inner.txt"))
    client.force_login(cast.alice)
    inner = note.attachments.get()
    assert client.get(f"/tickets/{ticket.pk}/attachments/{inner.pk}/").status_code == 404
    workflow.reply(other, by=cast.bob, body="Look.", attachments=upload("other.txt"))
    foreign = Attachment.objects.get(name="other.txt")
    assert client.get(f"/tickets/{ticket.pk}/attachments/{foreign.pk}/").status_code == 404
    assert client.get(f"/tickets/{other.pk}/attachments/{foreign.pk}/").status_code == 404


def test_an_empty_answer_is_refused_and_a_late_one_keeps_its_text(client: Client, cast):
    ticket = opened(cast)
    client.force_login(cast.alice)
    response = client.post(f"/tickets/{ticket.pk}/reply/", {"body": "  "})
    assert (response.status_code, response.context["form"].errors) == (
        422,
        {"body": ["The answer is empty. Write what you want to say."]},
    )
    workflow.close(ticket, by=cast.bob)
    response = client.post(f"/tickets/{ticket.pk}/reply/", {"body": "One more thing."})
    assert response.status_code == 409
    assert "One more thing." in response.content.decode()
    assert ticket.messages.count() == 0


def test_close_reopen_and_escalate_by_page(client: Client, cast):
    ticket = opened(cast)
    client.force_login(cast.alice)
    assert client.post(f"/tickets/{ticket.pk}/escalate/", {"body": ""}).status_code == 422
    assert client.post(f"/tickets/{ticket.pk}/escalate/", {"body": "Everybody waits."}).status_code == 302
    assert client.post(f"/tickets/{ticket.pk}/close/").status_code == 302
    assert client.post(f"/tickets/{ticket.pk}/escalate/", {"body": "Again."}).status_code == 409
    assert client.post(f"/tickets/{ticket.pk}/reopen/", {"body": "It is back."}).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.status, ticket.escalations.count()) == ("open", 1)


@pytest.mark.parametrize("verb", ["reply", "close"])
def test_nothing_changes_by_merely_looking(client: Client, cast, verb):
    ticket = opened(cast)
    client.force_login(cast.alice)
    assert client.get(f"/tickets/{ticket.pk}/{verb}/").status_code == 405


@pytest.mark.parametrize("count", [3, 300])
def test_the_list_and_the_page_cost_the_same_for_few_and_for_many(
    client: Client, cast, count, django_assert_num_queries
):
    ticket = opened(cast)
    for _turn in range(min(count, 30)):
        workflow.reply(ticket, by=cast.alice, body="And another thing.", attachments=upload("log.txt"))
    copies(ticket, count - 1)
    client.force_login(cast.alice)
    client.get("/")  # the notices of the frame are kept for a minute
    with django_assert_num_queries(3):
        client.get("/")  # who asks, the drafts, the tickets
    with django_assert_num_queries(3):
        client.get("/tickets/")
    with django_assert_num_queries(6):
        client.get(f"/tickets/{ticket.pk}/")


def copies(ticket: Ticket, count: int) -> None:
    """More tickets like this one, by bulk."""
    tenants, services = list(ticket.tenants.all()), list(ticket.services.all())
    rows = [Ticket(**fields(ticket)) for _copy in range(count)]
    Ticket.objects.bulk_create(rows)
    Ticket.tenants.through.objects.bulk_create(
        Ticket.tenants.through(ticket=row, tenant=tenant) for row in rows for tenant in tenants
    )
    Ticket.services.through.objects.bulk_create(
        Ticket.services.through(ticket=row, service=service) for row in rows for service in services
    )


def fields(ticket: Ticket) -> dict:
    left_out = {"id", "submission", "search", "search_notes"}
    return {
        field.attname: getattr(ticket, field.attname)
        for field in Ticket._meta.concrete_fields
        if field.attname not in left_out
    }
