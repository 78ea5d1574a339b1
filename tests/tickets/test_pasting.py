"""In the form: what is pasted or chosen as a file becomes rows, and nothing that was typed is lost."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.tickets.pasted import FAX_CSV, JOBS, PASTED, POSTFIX, REPORT, whole
from tests.tickets.test_filing import NEW, typed
from tickets.models import Example, Ticket

ROWS = "/tickets/new/examples/"
TYPED_ROW = whole(
    {
        "occurred": "27.08.2019 11:02",
        "sender": "news@bergbahn.example",
        "recipient": "gast@example.net",
        "status": "550 5.1.1 user unknown",
    }
)


def reading(cast, **changes):
    return typed(cast, read="1", **changes)


def rows(response) -> list[dict[str, str]]:
    """The filled rows as the page shows them."""
    form = response.context["form"] if "form" in response.context else response.context["field"].form
    return list(form["examples"].value())


def shown(response) -> str:
    return " ".join(response.content.decode().split())


def test_pasted_text_is_added_to_the_rows_and_everything_typed_stays(client: Client, cast):
    client.force_login(cast.alice)
    response = client.post(NEW, reading(cast, pasted=f"{REPORT}\nwhat is this?"))
    page = shown(response)
    assert response.status_code == 200
    assert rows(response) == [TYPED_ROW, *map(whole, PASTED["report"][1])]
    assert "2 rows read. 1 line not read: line 5." in page
    assert "what is this?</textarea>" in page
    assert "Since this morning all mail to example.net comes back." in page
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize("address", [NEW, ROWS])
def test_reading_twice_adds_nothing_twice(client: Client, cast, address):
    client.force_login(cast.alice)
    again = {f"examples-{column}": ["27.08.2019 11:02" if column == "occurred" else ""] for column in TYPED_ROW}
    pasted = PASTED["postfix"][1][0]
    again |= {f"examples-{column}": [value.replace("\n", "\r\n")] for column, value in whole(pasted).items()}
    assert rows(client.post(address, reading(cast, pasted=POSTFIX, **again))) == [whole(pasted)]


def test_with_javascript_the_rows_come_alone(client: Client, cast):
    client.force_login(cast.alice)
    response = client.post(ROWS, reading(cast, pasted=REPORT))
    assert rows(response) == [TYPED_ROW, *map(whole, PASTED["report"][1])]
    assert shown(response).startswith('<div class="examples" id="id_examples"')


def test_a_file_is_read_the_same_way_and_not_attached(client: Client, cast):
    client.force_login(cast.alice)
    file = SimpleUploadedFile("fax.csv", FAX_CSV.encode("utf-16"))
    response = client.post(ROWS, reading(cast, evidence_file=file, pasted=JOBS))
    assert rows(response) == [TYPED_ROW, *map(whole, PASTED["SMS jobs"][1] + PASTED["fax as CSV"][1])]
    assert "2 rows read. 1 line not read: line 3." in shown(response)
    assert "<strong>fax.csv</strong> 1 row read." in shown(response)


def test_what_was_read_from_another_service_keeps_its_columns(client: Client, cast):
    client.force_login(cast.alice)
    mail_only = client.post(ROWS, typed(cast))
    response = client.post(ROWS, reading(cast, pasted=JOBS))
    assert 'name="examples-job_id"' not in shown(mail_only)
    assert 'value="J.0123456789abcdefghij"' in shown(response)
    assert 'value="+4915112345678"' in shown(response)


def test_rows_end_with_the_fiftieth_and_nothing_read_is_told_too(client: Client, cast):
    client.force_login(cast.alice)
    many = "".join(f"2026-11-20 09:14 to=<g{number}@example.net>\n" for number in range(60))
    response = client.post(ROWS, reading(cast, pasted=many))
    assert len(rows(response)) == 50
    assert "The text is longer than what is read" in shown(response)
    nothing = client.post(ROWS, reading(cast, pasted="no evidence\n" * 9))
    assert "0 rows read. 9 lines not read: lines 1, 2, 3, 4, 5 and 4 more." in shown(nothing)
    assert "0 rows" not in shown(client.post(ROWS, reading(cast, pasted="")))


@pytest.mark.parametrize(
    ("status", "final", "temporary", "explained"),
    [
        ("550 5.1.1", True, False, True),
        ("4.2.2", False, True, True),
        ("450 4.2.1, then 5.7.1", True, True, True),
        ("busy", False, False, False),
    ],
)
def test_final_and_temporary_errors_are_told_apart_with_the_article(
    client: Client, cast, status, final, temporary, explained
):
    client.force_login(cast.alice)
    page = shown(client.post(ROWS, typed(cast, **{"examples-status": status})))
    assert ("with 5 at the front are final" in page) is final
    assert ("with 4 at the front are temporary" in page) is temporary
    assert ("/knowledge/mail-does-not-reach-recipients/" in page) is explained
    assert client.get("/knowledge/mail-does-not-reach-recipients/").status_code == 200


@time_machine.travel(datetime(2026, 11, 23, 12, 0, tzinfo=UTC), tick=False)
def test_evidence_that_is_kept_no_more_is_warned_about(client: Client, cast):
    client.force_login(cast.alice)
    times = {"examples-occurred": ["09.10.2026 13:00", "24.10.2026 14:30", "22.11.2026 10:00"]}
    page = shown(client.post(ROWS, typed(cast, **times)))
    assert "Email Security keeps its records for 30 days. Transaction 1 is older" in page
    assert "Transaction 2 will be older before somebody looks at it" in page
    assert "keeps its records" not in shown(
        client.post(ROWS, typed(cast, **{"examples-occurred": ["22.11.2026 10:00"]}))
    )


def test_what_was_pasted_stays_when_the_form_is_refused_and_is_no_part_of_the_ticket(client: Client, cast):
    client.force_login(cast.alice)
    assert (
        "a line \x00 of mine</textarea>"
        in client.post(NEW, typed(cast, subject="", pasted="a line \x00 of mine")).content.decode()
    )
    rows_with_job = {f"examples-{column}": [value] for column, value in whole(PASTED["SMS jobs"][1][1]).items()}
    response = client.post(NEW, typed(cast, pasted="a line of mine", **rows_with_job))
    assert response.status_code == 302
    [example] = Example.objects.all()
    assert (example.job_id, example.termination_address) == ("J.0123456789abcdefghik", "+4915112345678")
    assert "a line of mine" not in client.get(response["Location"]).content.decode()
    assert "J.0123456789abcdefghik" in client.get(response["Location"]).content.decode()
    assert list(Ticket.objects.search("J.0123456789abcdefghik")) == list(Ticket.objects.all())


def test_a_change_reads_nothing_and_breaks_nothing(client: Client, cast):
    client.force_login(cast.alice)
    assert client.post(NEW, reading(cast, type="change", pasted=REPORT)).status_code == 200


def test_five_megabytes_are_read(client: Client, cast):
    client.force_login(cast.alice)
    text = "ü no evidence at all in this line, only words\n" * 100_000
    response = client.post(ROWS, reading(cast, pasted=text))
    assert response.status_code == 200
    assert rows(response) == [TYPED_ROW]


def test_only_who_may_open_may_read(client: Client, cast):
    client.force_login(cast.max)
    assert client.post(ROWS, reading(cast, pasted=REPORT)).status_code == 403
    assert client.get(ROWS).status_code == 405


def test_reading_takes_no_more_statements_than_the_form_and_keeping_it(client: Client, cast, django_assert_num_queries):
    client.force_login(cast.alice)
    client.get(NEW)  # the notices of the frame are kept for a minute
    with django_assert_num_queries(2):
        client.get(NEW)
    # Three for the articles; savepoint, lock, read, two checks of a first draft, write, savepoint, files.
    with django_assert_num_queries(13):
        client.post(NEW, reading(cast, pasted=REPORT))
    with django_assert_num_queries(11):
        client.post(NEW, reading(cast, pasted=REPORT))
    with django_assert_num_queries(2):
        client.post(ROWS, reading(cast, pasted=REPORT))
