from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tickets.models import Attachment, Example, Ticket

NEW = "/tickets/new/"


def typed(cast, **changes):
    """What a browser sends for a complete incident of alice."""
    return {
        "type": "incident",
        "submission": "7d1f5c3e-5f0d-4c0e-9d57-0a3d4f9b6a11",
        "tenants": [cast.rs1.pk],
        "services": [cast.email_security.pk],
        "customer_information": "missing",
        "customer_information_note": "The recipient's address.",
        "remote_connection": "works",
        "records_searched": "nothing",
        "customisation": "standard",  # asked of the 2nd level only, like the next one
        "system_access": "not needed",
        "triage": "A test mail to another provider arrives.",
        "subject": "Mail to one provider bounces",
        "started": "27.08.2019 - 11:00 UTC+2",
        "ended": "",
        "description": "Since this morning all mail to example.net comes back.",
        "impact_description": "Guests get no booking confirmation.",
        "error_pattern": "550 5.1.1",
        "interface": "SMTP",
        "data_centre": "DE1",
        "affected_count": "1",
        "examples-occurred": ["27.08.2019 11:02", "", ""],
        "examples-sender": ["news@bergbahn.example", "", ""],
        "examples-recipient": ["gast@example.net", "", ""],
        "examples-status": ["550 5.1.1 user unknown", "", ""],
        "examples-log_extract": ["", "", ""],
        "reproduced": "not tried",
        "actions_taken": "Checked Live Search.",
        "known": "no",
        "impact": "medium",
        "urgency": "high",
        "phone": "+49 89 5528-0000",
        "tests_allowed": "yes",
        **changes,
    }


def errors(response) -> dict[str, list[str]]:
    return {name: list(messages) for name, messages in response.context["form"].errors.items()}


def test_a_complete_incident_becomes_a_ticket_with_every_field(client: Client, cast):
    client.force_login(cast.alice)
    log = SimpleUploadedFile("mail.log", b"550 5.1.1")
    response = client.post(NEW, typed(cast, attachments=[log]))
    ticket = Ticket.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/tickets/{ticket.pk}/"
    assert (ticket.partner, ticket.opened_by.user) == (cast.alpine, cast.alice)
    assert list(ticket.tenants.all()) == [cast.rs1]
    assert list(ticket.services.all()) == [cast.email_security]
    assert ticket.started_as_written == "27.08.2019 - 11:00 UTC+2"
    assert (ticket.data_centre, ticket.affected_count, ticket.phone) == ("DE1", 1, "+498955280000")
    assert (ticket.tests_allowed, ticket.known, ticket.reproduced) == (True, False, "not tried")
    assert (ticket.priority, ticket.status) == (2, "new")
    assert list(Example.objects.values_list("position", "sender", "status")) == [
        (1, "news@bergbahn.example", "550 5.1.1 user unknown")
    ]
    assert list(Attachment.objects.values_list("name", "size", "message")) == [("mail.log", 9, None)]


def test_a_double_click_makes_one_ticket(client: Client, cast):
    client.force_login(cast.alice)
    first, second = client.post(NEW, typed(cast)), client.post(NEW, typed(cast))
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


def test_an_incomplete_form_names_each_missing_item_and_keeps_the_text(client: Client, cast):
    client.force_login(cast.alice)
    response = client.post(
        NEW,
        typed(
            cast,
            actions_taken="",
            triage="",
            tests_allowed="",
            **{"examples-occurred": "", "examples-sender": "", "examples-recipient": "", "examples-status": ""},
        ),
    )
    assert response.status_code == 422
    assert errors(response) == {
        "triage": ["Missing. What you tried tells where to look next."],
        "examples": ["Missing. One traceable transaction saves a question and an answer."],
        "tests_allowed": ["Missing. Without your word no test transaction is sent."],
    }
    assert "Since this morning all mail to example.net comes back." in response.content.decode()
    assert Ticket.objects.count() == 0


def test_steps_are_needed_once_it_was_tried_and_a_reference_once_it_is_known(client: Client, cast):
    client.force_login(cast.alice)
    response = client.post(NEW, typed(cast, reproduced="no", known="yes"))
    assert sorted(errors(response)) == ["known_reference", "reproduction_steps"]


def test_what_cannot_be_is_said_beside_its_field(client: Client, cast):
    client.force_login(cast.alice)
    response = client.post(
        NEW, typed(cast, started="yesterday", phone="089 1234", affected_count="-1", related="no number", impact="huge")
    )
    assert errors(response) == {
        "started": ["“yesterday” cannot be read as a moment. Write it like this: 27.08.2019 - 11:00 UTC+2."],
        "affected_count": ["Ensure this value is greater than or equal to 0."],
        "related": ["There is no RCR number in this. Write them like this: RCR-1000231, RCR-1000198."],
        "impact": ["Select a valid choice. huge is not one of the available choices."],
        "phone": ["Write the number with its country code: +49 89 5528 2525."],
    }


def test_an_end_before_the_start_and_a_start_to_come_are_refused(client: Client, cast):
    client.force_login(cast.alice)
    assert errors(client.post(NEW, typed(cast, ended="27.08.2019 - 10:59 UTC+2"))) == {
        "ended": ["The end lies before the start. Check both days and zones."]
    }
    assert errors(client.post(NEW, typed(cast, started="01.01.0001 - 00:00 UTC"))) == {
        "started": [
            "“01.01.0001 - 00:00 UTC” cannot be read as a moment. Write it like this: 27.08.2019 - 11:00 UTC+2."
        ]
    }
    assert errors(client.post(NEW, typed(cast, started="01.01.2099 - 10:00"))) == {
        "started": ["This moment lies in the future. Check the day and the zone."]
    }


def test_foreign_tenants_services_and_persons_cannot_be_chosen(client: Client, cast):
    client.force_login(cast.alice)
    foreign = {
        "tenants": [cast.other_tenant.pk],
        "services": [cast.cloud_fax.pk],
        "contact_persons": [cast.mallory.contact.pk],
    }
    response = client.post(NEW, typed(cast, **foreign))
    assert response.status_code == 422
    assert sorted(errors(response)) == ["contact_persons", "services", "tenants"]
    response = client.get(NEW)
    assert "88888RS" not in response.content.decode()
    assert "23456RS" not in response.content.decode()  # alpine's, but not granted to alice


def test_a_partner_cannot_be_forged(client: Client, cast):
    client.force_login(cast.alice)
    client.post(NEW, typed(cast, partner=cast.other.pk, customer_id="99999", status="closed", derived_priority="1"))
    ticket = Ticket.objects.get()
    assert (ticket.partner, ticket.status, ticket.priority) == (cast.alpine, "new", 2)


def test_switching_the_type_keeps_what_was_typed(client: Client, cast):
    client.force_login(cast.alice)
    response = client.post(NEW, typed(cast, switch="change"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Since this morning all mail to example.net comes back." in page
    assert 'name="started"' not in page
    assert 'name="tests_allowed"' in page
    assert Ticket.objects.count() == 0


def test_each_type_asks_for_its_own_fields(client: Client, cast):
    client.force_login(cast.alice)
    request = client.get(NEW + "?type=service_request").context["form"]
    change = client.get(NEW + "?type=change").context["form"]
    assert {"started", "ended", "tests_allowed", "reproduced", "actions_taken"} & set(request.fields) == set()
    assert {"started", "examples", "known", "reproduced", "actions_taken"} & set(change.fields) == set()


def test_a_refused_file_says_why_and_keeps_the_text(client: Client, cast):
    client.force_login(cast.alice)
    page = SimpleUploadedFile("picture.png", b"<html><script>alert(1)</script>")
    response = client.post(NEW, typed(cast, attachments=[page]))
    assert response.status_code == 422
    assert list(errors(response)) == ["attachments"]
    assert "Since this morning" in response.content.decode()
    assert (Ticket.objects.count(), Attachment.objects.count()) == (0, 0)


def test_who_may_not_open_is_told_why_and_whom_to_ask(client: Client, cast):
    client.force_login(cast.max)
    response = client.get(NEW)
    assert response.status_code == 403
    assert "Your authorization does not include opening tickets." in response.content.decode()


def test_agents_and_strangers_do_not_file(client: Client, cast):
    assert client.get(NEW)["Location"] == f"/account/login/?next={NEW}"
    client.force_login(cast.carol)
    assert client.post(NEW, typed(cast)).status_code == 403


def test_nonsense_is_never_an_error_of_ours(client: Client, cast):
    client.force_login(cast.alice)
    for text in ("\x00", "x" * 60_000, "{{ 7*7 }} {0} %s", "<script>alert(1)</script>", "𝕏" * 500):
        response = client.post(NEW, {name: text for name in typed(cast)})
        assert response.status_code == 422
        assert "<script>alert(1)" not in response.content.decode()
    assert client.post(NEW, {}).status_code == 422


def test_opening_the_form_takes_two_statements_and_filing_fifteen(client: Client, cast, django_assert_num_queries):
    client.force_login(cast.alice)
    client.get(NEW)  # the notices of the frame are kept for a minute
    with django_assert_num_queries(2):
        client.get(NEW)
    log = SimpleUploadedFile("mail.log", b"550 5.1.1")
    with django_assert_num_queries(15):
        client.post(NEW, typed(cast, attachments=[log]))
