"""A partner admin invites a contact who signs in and files within what is granted, and is out at the next click."""

from playwright.sync_api import Browser

from contacts import workflow
from contacts.models import Contact
from tests.browser.conftest import Reader
from tests.browser.test_contact_story import fill_incident
from tests.cast import Cast
from tests.contacts.invitations import PASSWORD, link
from tickets.models import Ticket


def test_an_admin_invites_a_contact_who_files_and_is_withdrawn(reader: Reader, cast: Cast, browser: Browser):
    page = reader.page
    reader.signs_in(cast.anna)
    reader.goes_to("/contacts/invite/")
    page.fill("input[name=name]", "Nina Neu")
    page.fill("input[name=email]", "nina@alpine.example")
    page.fill("input[name=phone]", "+49 89 55280001")
    page.check(f"input[name=language][value={reader.setting.language}]")
    page.check("input[name=all_tenants][value=False]")
    page.check(f"input[name=tenants][value='{cast.rs1.pk}']")
    page.check("input[name=all_services][value=False]")
    page.check(f"input[name=services][value='{cast.email_security.pk}']")
    reader.shows("contact-invite")
    page.click("main form .actions button.btn-primary[type=submit]")
    page.wait_for_url("**/contacts/")
    reader.shows("contacts")
    nina = Contact.objects.get(user__email="nina@alpine.example")
    context = browser.new_context(locale=reader.setting.language)
    other = Reader(context.new_page(), reader.address, reader.setting)
    other.goes_to(link())
    other.page.fill("input[name=password]", PASSWORD)
    other.page.click("main form button[type=submit]")
    other.goes_to("/tickets/new/")
    fill_incident(other, cast)
    other.page.click("main form .actions button.btn-primary[type=submit]")
    other.page.wait_for_url("**/tickets/*/")
    ticket = Ticket.objects.get()
    assert (ticket.opened_by, list(ticket.services.all())) == (nina, [cast.email_security])
    reader.goes_to(f"/contacts/{nina.pk}/")
    reader.shows("contact")
    reader.goes_to(f"/contacts/{nina.pk}/renew/")
    reader.shows("contact-renew")
    reader.goes_to(f"/contacts/{nina.pk}/edit/")
    reader.shows("contact-edit")
    workflow.withdraw(contact=nina, by=cast.anna, reason="left")
    other.page.click("a[href='/tickets/']")
    other.page.wait_for_url("**/account/login/**")
    assert other.problems == []
    context.close()


def test_the_last_day_passes_and_the_page_says_why_and_whom_to_ask(reader: Reader, cast: Cast):
    reader.signs_in(cast.alice)
    reader.goes_to("/tickets/")
    Contact.objects.filter(user=cast.alice).update(authorized_until_date=cast.alice.contact.authorized_from_date)
    reader.listening = False  # Chromium reports the status of a refusal as a fault
    reader.goes_to("/tickets/")
    assert "anna@alpine.example" in reader.page.inner_text("main")
    reader.shows("refused")
