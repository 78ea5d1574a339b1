import csv
from io import StringIO

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from contacts import cells
from contacts.models import User
from reports import monthly, sheet
from tests.reports import october
from tests.reports.october import OCTOBER
from tests.reports.tickets import HOUR, berlin, ticket


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(berlin(2026, 11, 23), tick=False):
        yield


def download(user: User, delimiter: str = ",") -> list[list[str]]:
    client = Client()
    client.force_login(user)
    content = client.get("/reports/csv/").content.decode("utf-8-sig")
    return list(csv.reader(StringIO(content, newline=""), delimiter=delimiter))


def test_the_file_holds_every_figure_of_the_month_worked_out_by_hand(cast):
    october.play(cast)
    rows = download(cast.max)
    assert rows[0] == ["Month", "Partner", "Section", "Row", "Figure", "Unit", "Value", "Month before"]
    assert {tuple(row[:2]) for row in rows[1:]} == {("2026-10", "73125")}
    assert [row[2:] for row in rows[1:17]] == [
        ["All", "", "Opened", "tickets", "5", "2"],
        ["All", "", "Answered", "tickets", "4", "2"],
        ["All", "", "Answered within target", "tickets", "2", "2"],
        ["All", "", "Settled", "tickets", "5", "0"],
        ["All", "", "Settled within target", "tickets", "4", "0"],
        ["All", "", "Open at month end", "tickets", "2", "2"],
        ["All", "", "Complete at opening", "tickets", "4", "1"],
        ["All", "", "Asked back", "times", "1", "2"],
        ["All", "", "Solved without a ticket", "forms", "0", "0"],
        ["All", "", "Closed", "tickets", "3", "0"],
        ["All", "", "Escalated by a person", "times", "2", "1"],
        ["First answer", "", "Median", "seconds", "23400", "13500"],
        ["First answer", "", "90 percent", "seconds", "34920", "19980"],
        ["Resolution", "", "Median", "seconds", "172800", ""],
        ["Resolution", "", "90 percent", "seconds", "2730240", ""],
        ["Resolution", "", "Clock stood", "seconds", "90000", "0"],
    ]
    assert [row[3:] for row in rows if row[2] == "By tenant"] == [
        ["12345RS Bergbahn", "Opened", "tickets", "3", "1"],
        ["12345RS Bergbahn", "Settled", "tickets", "3", ""],
        ["12345RS Bergbahn", "Open at month end", "tickets", "1", ""],
        ["23456RS Seilbahn", "Opened", "tickets", "2", "1"],
        ["23456RS Seilbahn", "Settled", "tickets", "2", ""],
        ["23456RS Seilbahn", "Open at month end", "tickets", "1", ""],
        ["No tenant named", "Opened", "tickets", "1", "0"],
        ["No tenant named", "Settled", "tickets", "1", ""],
        ["No tenant named", "Open at month end", "tickets", "0", ""],
    ]
    assert [row[3:] for row in rows if row[2] == "Trend"][-6:] == [
        ["2026-10", "Opened", "tickets", "5", ""],
        ["2026-10", "Answered", "tickets", "4", ""],
        ["2026-10", "Answered within target", "tickets", "2", ""],
        ["2026-10", "Settled", "tickets", "5", ""],
        ["2026-10", "Settled within target", "tickets", "4", ""],
        ["2026-10", "Open at month end", "tickets", "2", ""],
    ]
    kinds = ["By type", "By priority", "By service", "By tenant", "Trend"]
    assert [sum(row[2] == kind for row in rows) for kind in kinds] == [9, 12, 12, 9, 72]


def test_the_file_is_saved_under_a_plain_name_and_opens_as_what_it_is(cast):
    client = Client()
    client.force_login(cast.victor)
    response = client.get("/reports/csv/", {"partner": "73125", "month": "2026-10"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="partnerdesk-report-73125-2026-10.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.content.startswith(b"\xef\xbb\xbf")


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text):
    assert cells.harmless(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["", "12345RS Bergbahn", "a=1", 0, -1, None, "'=1"])
def test_harmless_cells_stay_as_they_are(cell):
    assert cells.harmless(cell) == cell


def test_names_that_calculate_or_break_out_of_their_cell_arrive_as_text(cast):
    at = berlin(2026, 10, 5)
    name = "=cmd|'/c calc'!A1\"\n,=2+2;=3+3"
    cast.email_security.name = name
    cast.email_security.save()
    ticket(cast.alpine, at, responded=at + HOUR, services=[cast.email_security])
    rows = download(cast.max)
    assert {row[3] for row in rows if row[2] == "By service"} == {f"'{name}"}
    assert not [cell for row in rows for cell in row if cell.startswith(cells.DANGEROUS)]
    assert {len(row) for row in rows} == {8}


def test_german_readers_get_the_columns_their_spreadsheet_expects(cast):
    october.play(cast)
    cast.max.language = "de"
    cast.max.save()
    rows = download(cast.max, delimiter=";")
    assert {len(row) for row in rows} == {8}
    assert rows[1][6:] == ["5", "2"]


def test_every_figure_of_the_report_is_in_the_file(cast):
    """As many value cells as the report has figures: none is left out when one is added."""
    october.play(cast)
    with translation.override("en"):
        report = monthly.read(cast.max, cast.alpine, OCTOBER)
        rows = sheet.table(report, cast.alpine)
    shares = sum(map(len, report.by.values()))
    # flow, completeness, solved by articles, closed and escalated by a person; two medians, two tenths, clock stood
    totals, lengths = 6 + 2 + 1 + 2, 5
    assert len(rows) == 1 + totals + lengths + 3 * shares + 6 * len(report.trend)
