"""A contact describes a fault, an article appears, two steps are ticked: solved the first time, a ticket the second."""

from kb.models import Outcome
from tests.browser.conftest import Reader
from tests.browser.test_contact_story import fill_incident
from tests.cast import Cast
from tickets.models import Ticket

SUBJECT = "Mailbox never receives mail from outside"


def test_an_article_saves_one_ticket_and_goes_along_with_the_next(reader: Reader, cast: Cast):
    page = reader.page
    reader.signs_in(cast.alice)
    reader.goes_to("/tickets/new/")
    try_two_steps(reader, cast)
    reader.shows("articles-in-form")
    page.click(".try >> nth=0 >> button[name=solved]")
    page.wait_for_selector("button[name=not_solved]")
    reader.shows("solved")
    assert list(Outcome.objects.values_list("verdict", flat=True)) == ["solved"]
    assert Ticket.objects.count() == 0

    reader.goes_to("/tickets/new/")
    fill_incident(reader, cast)
    try_two_steps(reader, cast)
    page.click(".try >> nth=0 >> button[name=not_solved]")
    page.wait_for_selector("[id^=tried-]")
    reader.shows("article-did-not-help")
    assert page.locator("[id^=tried-] input[name=steps]:checked").count() == 2
    page.fill("textarea[name=actions_taken]", "")
    page.click("main form .actions button.btn-primary[type=submit]")
    page.wait_for_url("**/tickets/*/")
    assert page.locator(".tried-before li").count() == 2
    reader.shows("ticket-with-steps")
    page.context.clear_cookies()
    reader.signs_in(cast.max)
    reader.goes_to(f"/reports/?month={Outcome.objects.latest('pk').said_at:%Y-%m}")
    assert page.locator("section[aria-labelledby=by_article] tbody tr").count() >= 1
    reader.shows("report-with-articles")


def try_two_steps(reader: Reader, cast: Cast) -> None:
    """The article comes by itself while the subject is typed."""
    page = reader.page
    page.check(f"input[name=services][value='{cast.email_security.pk}']")
    page.fill("input[name=subject]", SUBJECT)
    page.wait_for_selector(".try input[name=steps]")
    for number in (0, 1):
        page.check(f".try >> nth=0 >> input[name=steps] >> nth={number}")
