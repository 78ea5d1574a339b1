"""An agent declares a known issue; contacts join it instead of filing it all, hear what is new, and say it is fixed."""

from urllib.parse import urlsplit

from django.utils import timezone
from playwright.sync_api import Browser

from mailroom.models import Delivery
from tests.browser.conftest import Reader, Setting
from tests.browser.test_contact_story import fill_incident
from tests.cast import Cast
from tests.tickets.known import declared, mallorys
from tickets import workflow
from tickets.models import KnownIssue, Ticket


def test_a_known_issue_from_its_declaration_to_its_end(browser: Browser, reader: Reader, cast: Cast, live_server):
    desk = reader.page
    reader.signs_in(cast.carol)
    reader.goes_to("/admin/tickets/knownissue/add/")
    desk.fill("#id_title_en", "Mail to some providers is late")
    desk.fill("#id_title_de", "Mails an einige Provider kommen verspätet an")
    desk.fill("#id_body_en", "A relay in DE1 is overloaded. We add a second one.")
    desk.fill("#id_body_de", "Ein Relay in DE1 ist überlastet. Wir ergänzen ein zweites.")
    desk.check(f"input[name=services][value='{cast.email_security.pk}']")
    desk.check("input[name=data_centres][value=DE1]")
    desk.fill("#id_patterns", "550 5.1.1\ngreylisted")
    desk.fill("#id_starts_at", "2026-11-20T09:10")
    desk.click("input[name=_save]")
    desk.wait_for_url("**/admin/tickets/knownissue/")
    issue = KnownIssue.objects.get()
    mallorys(cast, issue)

    context = browser.new_context(
        viewport={"width": reader.setting.width, "height": reader.setting.height}, locale=reader.setting.language
    )
    contact = Reader(context.new_page(), live_server.url, reader.setting)
    page = contact.page
    contact.signs_in(cast.alice)
    contact.goes_to("/tickets/new/")
    fill_incident(contact, cast)
    page.wait_for_selector(f"#beside button[formaction='/tickets/known-issues/{issue.pk}/join/']")
    contact.shows("new-ticket-known-issue")
    page.click("#beside .known button")
    page.wait_for_url("**/join/")
    assert page.input_value("textarea[name=remark]") == "Since this morning all mail to example.net comes back."
    assert page.input_value("input[name=affected_count]") == "1"
    contact.shows("join")
    page.click("main form .actions button[name=join]")
    page.wait_for_url("**/tickets/*/")
    ticket = Ticket.objects.get(partner=cast.alpine)
    contact.shows("ticket-joined")
    contact.goes_to("/tickets/known-issues/")
    contact.shows("known-issues")

    reader.goes_to(f"/admin/tickets/knownissue/{issue.pk}/change/")
    reader.shows("known-issue-at-the-desk")
    reader.goes_to(f"/admin/tickets/knownissue/{issue.pk}/update/")
    assert "Alpine Mail GmbH" in desk.inner_text("[aria-labelledby=audience]")
    desk.fill("textarea[name=body_en]", "The second relay takes half of the mail.")
    desk.fill("textarea[name=body_de]", "Das zweite Relay übernimmt die Hälfte.")
    reader.shows("known-issue-update")
    desk.click("#content form button[type=submit]")
    desk.wait_for_url("**/change/")
    assert workflow.tell_known_issues(timezone.now()) == 2
    told = Delivery.objects.filter(template="known_issue", context__kind="update")
    assert list(told.order_by("to").values_list("to", flat=True)) == ["alice@alpine.example", "mallory@other.example"]

    reader.goes_to(f"/admin/tickets/knownissue/{issue.pk}/resolve/")
    desk.select_option("select[name=verdict]", "vendor")
    desk.fill("textarea[name=resolution_en]", "Both relays are up.")
    desk.fill("textarea[name=resolution_de]", "Beide Relays laufen.")
    desk.click("#content form button[type=submit]")
    desk.wait_for_url("**/change/")
    assert workflow.tell_known_issues(timezone.now()) == 2
    asked = Delivery.objects.get(to="alice@alpine.example", context__kind="resolution")
    contact.goes_to(urlsplit(asked.context["url"]).path)
    contact.shows("is-it-fixed")
    page.click("form[action$='/fixed/'] button")
    page.wait_for_selector(".message")
    ticket.refresh_from_db()
    own = {"en": "Both relays are up.", "de": "Beide Relays laufen."}
    assert (ticket.status, ticket.resolution) == ("resolved", own[reader.setting.language])
    contact.shows("ticket-confirmed")
    context.close()
    assert contact.problems == []


def test_without_javascript_it_is_joined_from_the_form_and_the_form_comes_back_whole(
    browser: Browser, live_server, setting: Setting, cast: Cast
):
    issue = declared(cast)
    context = browser.new_context(
        viewport={"width": setting.width, "height": setting.height}, java_script_enabled=False
    )
    reader = Reader(context.new_page(), live_server.url, setting)
    page = reader.page
    reader.signs_in(cast.alice)
    reader.goes_to("/tickets/new/")
    fill_incident(reader, cast)
    page.click(f"button[formaction='/tickets/known-issues/{issue.pk}/join/'] >> nth=0")
    page.wait_for_url("**/join/")
    page.click("button[name=switch]")
    page.wait_for_url("**/tickets/new/")
    assert page.input_value("input[name=subject]") == "Mail to one provider bounces"
    assert page.input_value("textarea[name=error_pattern]") == "550 5.1.1 user unknown"
    assert page.input_value("input[name=examples-sender] >> nth=0") == "news@bergbahn.example"
    assert page.is_checked("input[name=impact][value=medium]")
    page.click(f"button[formaction='/tickets/known-issues/{issue.pk}/join/'] >> nth=0")
    page.wait_for_url("**/join/")
    page.click("main form .actions button[name=join]")
    page.wait_for_url("**/tickets/*/")
    assert Ticket.objects.get().join.issue == issue
    context.close()
    assert reader.problems == []
