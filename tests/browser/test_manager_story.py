"""Managers read their month: the partner's its own, the vendor's everybody's, and both can open what is behind it."""

import pytest

from tests.browser.conftest import Reader
from tests.cast import Cast
from tests.reports import october

OCTOBER = "/reports/?month=2026-10"


@pytest.mark.parametrize("who", ["max", "victor"])
def test_a_manager_reads_the_month_and_opens_what_is_behind_a_figure(reader: Reader, cast: Cast, who: str):
    october.play(cast)
    reader.signs_in(getattr(cast, who))
    reader.goes_to(OCTOBER)
    assert reader.page.locator("main h1").count() == 1
    reader.shows(f"report-{who}")
    with reader.page.expect_download() as download:
        reader.page.click("main a[href*='/reports/csv/']")
    assert download.value.suggested_filename.endswith(".csv")
    reader.page.locator("main table a[href*='/reports/tickets/']").first.click()
    reader.page.wait_for_load_state()
    reader.shows(f"report-{who}-behind")
