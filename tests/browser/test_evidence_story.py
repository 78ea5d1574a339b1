"""A contact pastes a bounce instead of typing it, picks a file beside it, and sends the ticket with their rows."""

from playwright.sync_api import Browser

from tests.browser.conftest import Reader, Setting
from tests.browser.test_contact_story import fill_incident
from tests.cast import Cast
from tests.tickets.pasted import BOUNCE, JOBS, PASTED, whole
from tickets.models import Example

LOG = {"name": "mail.log", "mimeType": "text/plain", "buffer": b"550 5.1.1"}
CSV = {"name": "sms.csv", "mimeType": "text/csv", "buffer": JOBS.encode()}


def test_a_contact_pastes_a_bounce_and_reads_a_file_into_rows(reader: Reader, cast: Cast):
    page = reader.page
    reader.signs_in(cast.alice)
    reader.goes_to("/tickets/new/")
    fill_incident(reader, cast)
    page.set_input_files("input[name=attachments]", LOG)
    page.click(".paste summary")
    page.fill("textarea[name=pasted]", f"{BOUNCE}")
    page.set_input_files("input[name=evidence_file]", CSV)
    page.locator("textarea[name=pasted]").blur()
    page.wait_for_selector("#missing a", state="detached")
    page.wait_for_timeout(1_500)  # what typing asks for is answered: from here on only the rows that were read can ask
    page.click("button[name=read]")
    page.wait_for_selector(".examples [role=status] .alert")
    assert page.evaluate("document.activeElement.id") == "id_read"
    assert page.input_value("input[name=subject]") == "Mail to one provider bounces"
    assert page.input_value("textarea[name=pasted]") == BOUNCE
    page.wait_for_selector("#missing a")  # a lone job ID has no moment
    reader.shows("evidence-read")
    page.fill("input[name=examples-occurred] >> nth=3", "2026-11-20 10:00:00")
    page.wait_for_selector("#missing a", state="detached")
    page.click("main form .actions button.btn-primary[type=submit]")
    page.wait_for_url("**/tickets/*/")
    reader.shows("ticket-with-evidence")
    stored = [{column: getattr(row, column) for column in whole({})} for row in Example.objects.order_by("position")]
    job, sent = PASTED["SMS jobs"][1]
    read = [*PASTED["bounce"][1], {**job, "occurred": "2026-11-20 10:00:00"}, sent]
    assert [row["log_extract"].replace("\r\n", "\n") for row in stored[1:]] == [
        row.get("log_extract", "") for row in read
    ]
    assert [row | {"log_extract": ""} for row in stored[1:]] == [whole(row | {"log_extract": ""}) for row in read]
    assert page.locator(".files a").count() == 1


def test_without_javascript_the_whole_form_comes_back_at_its_rows(
    browser: Browser, live_server, setting: Setting, cast: Cast
):
    context = browser.new_context(
        viewport={"width": setting.width, "height": setting.height}, java_script_enabled=False
    )
    reader = Reader(context.new_page(), live_server.url, setting)
    page = reader.page
    reader.signs_in(cast.alice)
    reader.goes_to("/tickets/new/")
    fill_incident(reader, cast)
    page.click(".paste summary")
    page.fill("textarea[name=pasted]", BOUNCE)
    page.click("button[name=read]")
    page.wait_for_url("**/tickets/new/#id_examples")
    recipients = page.locator("input[name=examples-recipient]")
    assert [recipients.nth(row).input_value() for row in range(4)] == ["", "gast@example.net", "zwei@example.net", ""]
    assert page.input_value("input[name=subject]") == "Mail to one provider bounces"
    assert page.input_value("textarea[name=pasted]") == BOUNCE
    page.click("main form .actions button.btn-primary[type=submit]")
    page.wait_for_url("**/tickets/*/")
    assert Example.objects.count() == 3
    context.close()
    assert reader.problems == []
