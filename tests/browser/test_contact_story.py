"""A contact signs in, looks for an answer, files an incident, reads the reply, answers and escalates."""

from tests.browser.conftest import Reader
from tests.cast import Cast
from tickets import workflow
from tickets.models import Ticket


def test_a_contact_finds_no_answer_files_an_incident_and_follows_it(reader: Reader, cast: Cast):
    page = reader.page
    reader.signs_in(cast.alice)
    reader.shows("home")
    reader.goes_to("/tickets/new/")
    reader.shows("new-ticket")
    page.click("main form .actions button.btn-primary[type=submit]")
    page.wait_for_selector(".error-summary")
    reader.shows("new-ticket-errors")
    fill_incident(reader, cast)
    page.click("main form .actions button.btn-primary[type=submit]")
    page.wait_for_url("**/tickets/*/")
    ticket = Ticket.objects.get()
    assert ticket.number in page.inner_text("h1")
    reader.shows("ticket")
    workflow.reply(ticket, by=cast.carol, body="Which relay do you send from?", wait=True)
    reader.goes_to("/")
    page.click(f"text={ticket.number}")
    page.fill("textarea[name=body]", "From mx1.bergbahn.example.")
    page.set_input_files("input[name=attachments]", {"name": "mail.log", "mimeType": "text/plain", "buffer": b"550"})
    page.click("#reply button[type=submit]")
    page.wait_for_selector(".message")
    reader.shows("ticket-answered")
    reader.goes_to(f"/tickets/{ticket.pk}/escalate/")
    page.fill("textarea[name=body]", "The whole hotel is without mail.")
    reader.shows("escalate")
    page.click("main form button[type=submit]")
    page.wait_for_selector(".message")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.escalated_at is not None) == ("open", True)
    reader.goes_to("/tickets/?q=hotel")
    reader.goes_to("/tickets/")
    reader.shows("tickets")


def fill_incident(reader: Reader, cast: Cast) -> None:
    page = reader.page
    page.check(f"input[name=tenants][value='{cast.rs1.pk}']")
    page.check(f"input[name=services][value='{cast.email_security.pk}']")
    page.check("input[name=customer_information][value=missing]")
    page.fill("input[name=customer_information_note]", "The recipient's address.")
    page.check("input[name=remote_connection][value=works]")
    page.check("input[name=records_searched][value=nothing]")
    page.fill("textarea[name=triage]", "Checked Live Search, sent a test mail.")
    page.fill("input[name=subject]", "Mail to one provider bounces")
    page.fill("input[name=started]", "27.08.2019 - 11:00 UTC+2")
    page.fill("textarea[name=description]", "Since this morning all mail to example.net comes back.")
    page.fill("textarea[name=impact_description]", "Guests get no booking confirmation.")
    page.fill("textarea[name=error_pattern]", "550 5.1.1 user unknown")
    page.fill("input[name=interface]", "SMTP")
    page.fill("input[name=affected_count]", "1")
    page.fill("input[name=examples-occurred] >> nth=0", "27.08.2019 11:02")
    page.fill("input[name=examples-sender] >> nth=0", "news@bergbahn.example")
    page.check("input[name=reproduced][value='not tried']")
    page.check("input[name=known][value=no]")
    page.check("input[name=impact][value=medium]")
    page.check("input[name=urgency][value=high]")
    page.check("input[name=tests_allowed][value=yes]")
