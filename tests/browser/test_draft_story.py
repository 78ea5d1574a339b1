"""A browser dies in mid-sentence; on a second device everything is there, and one ticket comes of it."""

import os
import signal

from playwright.sync_api import Browser, BrowserType

from tests.browser.conftest import PHONE, Reader, Setting
from tests.browser.test_contact_story import fill_incident
from tests.cast import Cast
from tests.tickets.pasted import BOUNCE
from tickets.models import Draft, Ticket

LOG = {"name": "mail.log", "mimeType": "text/plain", "buffer": b"550 5.1.1"}


def kill(browser: Browser) -> None:
    """As the system does it when memory runs out: no page hears of it."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    os.kill(next(process["id"] for process in processes if process["type"] == "browser"), signal.SIGKILL)


def test_what_was_typed_survives_a_killed_browser_and_a_second_device(
    browser: Browser, browser_type: BrowserType, browser_type_launch_args, live_server, cast: Cast
):
    dying = browser_type.launch(**browser_type_launch_args)
    desk = Reader(dying.new_page(viewport={"width": 1280, "height": 900}), live_server.url, Setting("en", 1280, 900))
    desk.signs_in(cast.alice)
    desk.goes_to("/tickets/new/")
    fill_incident(desk, cast)
    desk.page.fill("textarea[name=triage]", "")
    desk.page.click(".paste summary")
    desk.page.fill("textarea[name=pasted]", BOUNCE)
    desk.page.set_input_files("input[name=attachments]", LOG)
    desk.page.wait_for_selector("#draft-files li")
    desk.page.wait_for_selector("text=Draft saved")
    desk.page.wait_for_timeout(2_000)  # the pause after which typing is saved
    desk.shows("draft-saved")
    assert desk.problems == []
    kill(dying)

    context = browser.new_context(viewport={"width": PHONE.width, "height": PHONE.height}, locale="de")
    phone = Reader(context.new_page(), live_server.url, PHONE)
    phone.signs_in(cast.alice)
    phone.shows("home-with-draft")
    phone.page.click(".drafts .btn-primary")
    page = phone.page
    assert page.input_value("input[name=subject]") == "Mail to one provider bounces"
    assert page.input_value("textarea[name=pasted]") == BOUNCE
    assert page.is_checked("input[name=urgency][value=high]")
    assert "mail.log" in page.inner_text("#draft-files")
    page.fill("textarea[name=triage]", "Checked Live Search.")
    page.wait_for_selector("#draft >> text=Entwurf gespeichert")
    phone.shows("draft-continued")
    page.click("main form .actions button.btn-primary[type=submit]")
    page.wait_for_url("**/tickets/*/")
    assert (Ticket.objects.count(), Draft.objects.count()) == (1, 0)
    ticket = Ticket.objects.get()
    assert (ticket.actions_taken, ticket.attachments.get().name) == ("Checked Live Search.", "mail.log")
    context.close()
    assert phone.problems == []


def test_without_javascript_the_buttons_keep_everything(browser: Browser, live_server, setting: Setting, cast: Cast):
    def new_device() -> Reader:
        size = {"width": setting.width, "height": setting.height}
        return Reader(browser.new_page(viewport=size, java_script_enabled=False), live_server.url, setting)

    first = new_device()
    first.signs_in(cast.alice)
    first.goes_to("/tickets/new/")
    fill_incident(first, cast)
    first.page.fill("input[name=started]", "")
    first.page.set_input_files("input[name=attachments]", LOG)
    first.page.click("button[name=save]")
    first.page.wait_for_url("**/tickets/new/?draft=*")
    first.page.close()

    second = new_device()
    second.signs_in(cast.alice)
    second.page.click(".drafts .btn-primary")
    second.page.click("main form .actions button.btn-primary[type=submit]")
    second.page.wait_for_selector(".error-summary")
    assert "mail.log" in second.page.inner_text("#draft-files")
    second.page.fill("input[name=started]", "27.08.2019 - 11:00 UTC+2")
    second.page.click("main form .actions button.btn-primary[type=submit]")
    second.page.wait_for_url("**/tickets/*/")
    assert (Ticket.objects.get().attachments.count(), Draft.objects.count()) == (1, 0)
    second.page.close()
    assert first.problems + second.problems == []


def test_a_line_that_is_down_is_told_and_saved_once_it_is_back(reader: Reader, cast: Cast):
    page = reader.page
    reader.signs_in(cast.alice)
    reader.goes_to("/tickets/new/")
    page.wait_for_load_state("networkidle")
    reader.listening = False  # a browser complains about each request that fails
    page.context.set_offline(True)
    page.fill("input[name=subject]", "Typed in a tunnel")
    page.wait_for_selector("#draft [data-trouble=offline]")
    page.context.set_offline(False)
    page.wait_for_selector("#draft p:not([data-trouble])")
    page.wait_for_load_state("networkidle")  # what else was asked while the line was down has been complained about
    reader.listening = True
    assert Draft.objects.get().subject == "Typed in a tunnel"
