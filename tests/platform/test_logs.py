"""One JSON object a line, whatever is in it."""

import json
import logging
import sys

from django.test import Client

from partnerdesk.logs import JsonFormatter, request_id


def line(message: str, *values: object, **more: object) -> str:
    record = logging.LogRecord("tickets", logging.WARNING, __file__, 1, message, values, None)
    vars(record).update({"created": 1_800_000_000.25, **more})
    return JsonFormatter().format(record)


def test_line_says_when_where_and_what_in_utc() -> None:
    assert json.loads(line("%s is %d", "RCR-1000001", 5, ticket=5)) == {
        "at": "2027-01-15T08:00:00.250+00:00",
        "level": "WARNING",
        "logger": "tickets",
        "message": "RCR-1000001 is 5",
        "ticket": 5,
    }


def test_line_breaks_in_input_forge_no_second_line() -> None:
    forged = 'subject\n{"level": "INFO", "message": "all is well"}'
    assert "\n" not in line("%s", forged)
    assert json.loads(line("%s", forged))["message"] == forged


def test_traceback_is_one_field() -> None:
    try:
        raise ValueError("no such day")
    except ValueError:
        said = line("broken", exc_info=sys.exc_info())
    assert "\n" not in said
    assert json.loads(said)["traceback"].endswith("ValueError: no such day")


def test_lines_of_a_request_carry_its_id() -> None:
    token = request_id.set("abc")
    assert json.loads(line("x"))["request_id"] == "abc"
    request_id.reset(token)
    assert "request_id" not in json.loads(line("x"))


def test_each_answer_names_its_own_request(client: Client) -> None:
    first, second = client.get("/healthz")["X-Request-ID"], client.get("/healthz", headers={"X-Request-ID": "mine"})
    assert first != second["X-Request-ID"] != "mine"
