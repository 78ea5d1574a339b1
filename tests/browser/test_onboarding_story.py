"""A contact onboards and files; a new version closes new tickets, and answering stays open."""

import re
from datetime import timedelta

import time_machine

from contacts import lessons
from contacts.licence import Action
from contacts.models import Enrolment, User
from contacts.readiness import Step
from tests.browser.conftest import Reader
from tests.browser.test_contact_story import fill_incident
from tests.cast import Cast
from tests.contacts.trained import demand, guide_in_force, newer, webinar
from tickets.models import Ticket


def test_a_contact_onboards_files_and_is_told_when_the_grace_is_over(reader: Reader, cast: Cast):
    page, session = reader.page, webinar(cast, begins=timedelta(hours=1))
    for step in (Step.PARTNER, Step.PROCESSES, Step.WEBINAR):
        demand(cast.alpine, step)
    reader.signs_in(cast.alice)
    page.click("section[aria-labelledby=steps] a.btn >> nth=0")
    reader.listening = False  # the refused page is a 403, which the console names
    reader.goes_to("/tickets/new/")
    reader.shows("gate-closed")
    page.click("main a[href='/onboarding/']")
    reader.shows("onboarding")
    reader.goes_to(f"/training/{session.pk}/")
    reader.shows("webinar")
    page.click("main form[action$='enrol/'] button")
    reader.goes_to(f"/training/{session.pk}/")
    with time_machine.travel(session.ends_at):
        attended = Enrolment.Attendance.ATTENDED
        lessons.record_attendance(enrolment=Enrolment.objects.get(), by=cast.carol, attendance=attended)
    for step in (Step.PARTNER, Step.PROCESSES):
        reader.goes_to(f"/resources/guides/{guide_in_force(step).pk}/")
        reader.shows(f"guide-{step.value}")
        for box in page.locator("main input[type=checkbox]").all():
            box.check()
        page.click("main form button[type=submit]")
    reader.goes_to("/tickets/new/")
    fill_incident(reader, cast)
    page.wait_for_timeout(1500)  # what stands beside the form is still being asked for
    page.get_by_role("button", name=re.compile("An Retarus senden|Send to Retarus")).click()
    page.wait_for_url(re.compile(r"/tickets/\d+/"))
    ticket = Ticket.objects.get()
    newer(cast)
    reader.listening = False  # the refused page is a 403, which the console names
    reader.goes_to("/tickets/new/")
    assert page.locator("main a[href='/onboarding/']").count() == 1
    reader.listening = True
    reader.goes_to(f"/tickets/{ticket.pk}/")
    page.fill("textarea[name=body]", "From mx1.bergbahn.example.")
    page.click("#reply button[type=submit]")
    page.wait_for_selector(".message")
    assert (ticket.messages.count(), User.objects.get(pk=cast.alice.pk).may(Action.OPEN)) == (1, False)
