"""What is pasted becomes rows: whole rows for what people really paste, and nothing breaks the reading."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.tickets.pasted import FIELDS, PASTED, POSTFIX, REPORT, whole
from tickets import evidence
from tickets.evidence import Ageing, Reading, Verdict, codes
from tickets.evidence.columns import ALL
from tickets.evidence.rows import COLUMN_OF, LIMITS, NAMES, plain
from tickets.fields import EXAMPLE_LIMITS, LOG_EXTRACT_CHARACTERS

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", [name for name, (_text, rows, _unread) in PASTED.items() if ... not in rows])
def test_what_is_pasted_becomes_these_rows_and_no_others(name):
    text, rows, unread = PASTED[name]
    assert evidence.read(text) == Reading([whole(row) for row in rows], unread, len(unread), truncated=False)


def test_one_damaged_line_costs_only_itself():
    text, (first, _damaged), unread = PASTED["a damaged report"]
    reading = evidence.read(text)
    assert reading.rows[0] == whole(first)
    assert reading.unread_lines[-1:] == unread
    assert evidence.read(f"%%% &&& ===\n\n{text}").rows == reading.rows


@pytest.mark.parametrize(
    "text",
    [
        "Timestamp;Sender;Recipient;Status\n2026-11-20 09:14;one cell too few;ERROR",
        "to, whom it may concern, please look, and answer\n20.11.2026 09:14, a, b, c",
        'Timestamp;Recipient;Status\n2026-11-20 09:14;"one; too few"',
        "Job ID; one known name\n4711; 4712",
        "<JobID>4711</Status>",
        "Diagnostic-Code: smtp; 550 5.1.1 nobody is named",
    ],
)
def test_what_names_no_transaction_for_certain_is_no_row(text):
    assert evidence.read(text).rows == []


def test_a_log_line_under_a_mail_is_read_and_the_mails_own_text_is_not():
    line = "2026-11-20 09:14:05 to=<b@example.net> 550 5.1.1 unknown"
    rows = evidence.read(f"{PASTED['mail'][0]}\n{line}\n").rows
    assert rows[0]["log_extract"] == line
    assert rows[1:] == [whole(PASTED["mail"][1][0])]


REPORTED = "Final-Recipient: rfc822; gast@example.net\nStatus: 5.1.1\n"
ORIGINAL = "From: news@bergbahn.example\nTo: gast@example.net\nDate: x\n"


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        (REPORTED, [("", "gast@example.net")]),
        (f"{REPORTED}\n{ORIGINAL}", [("news@bergbahn.example", "gast@example.net")]),
        (
            f"Reporting-MTA: dns; mx\nX-Postfix-Sender: rfc822; <a@b.example>\n\n{REPORTED}",
            [("a@b.example", "gast@example.net")],
        ),
        (
            f"{REPORTED}\n{ORIGINAL}\nFrom: next@bergbahn.example\nTo: b@example.net\nDate: y\n",
            [("news@bergbahn.example", "gast@example.net"), ("next@bergbahn.example", "b@example.net")],
        ),
        (
            f"X-Postfix-Sender: <a@b.example>\n\n{REPORTED}\nX-Postfix-Sender: <c@d.example>\n\n{REPORTED}",
            [("a@b.example", "gast@example.net"), ("c@d.example", "gast@example.net")],
        ),
        (
            "From: Mailer-Daemon@mx.example\nTo: a@b.example\nDate: x\nX-Failed-Recipients: gast@example.net\n\nSorry.",
            [("a@b.example", "gast@example.net")],
        ),
        ("From: postmaster@mx.example\nDate: x\nSubject: nobody is named\n\nSorry.", []),
    ],
)
def test_a_bounce_knows_whose_mail_came_back_from_whom(text, whom):
    assert [(row["sender"], row["recipient"]) for row in evidence.read(text).rows] == whom


def test_everything_at_once_is_read_part_by_part():
    text = f"{REPORT}\n{POSTFIX}\nwhat is this?\n\n{FIELDS}"
    expected = [row for name in ("report", "postfix", "fields") for row in PASTED[name][1]]
    assert evidence.read(text) == Reading([whole(row) for row in expected], [8], 1, truncated=False)


def test_the_first_lines_that_say_nothing_are_named_and_the_rest_counted():
    reading = evidence.read("no evidence\n" * 9)
    assert (reading.unread_lines, reading.unread_count, reading.unnamed_count) == ([1, 2, 3, 4, 5], 9, 4)


def test_reading_ends_with_the_rows_that_fit_and_says_so():
    line = "2026-11-20 09:14:05 to=<gast{}@example.net> 550 5.1.1 unknown\n"
    fifty = evidence.read("".join(line.format(number) for number in range(50)))
    more = evidence.read("".join(line.format(number) for number in range(51)))
    assert (len(fifty.rows), fifty.truncated) == (50, False)
    assert (more.rows, more.truncated) == (fifty.rows, True)


def test_reading_ends_with_the_characters_and_lines_it_may_look_at():
    assert evidence.read("\n" * 60_000 + FIELDS).rows == []
    assert evidence.read("\n" * 60_000 + FIELDS).truncated
    assert evidence.read(" " * 5_000_000 + FIELDS).truncated
    assert not evidence.read(" " * 5_000_000).truncated


def test_each_sender_is_told_with_each_recipient_of_its_mail():
    lines = [
        "Nov 20 09:14:03 mx1 postfix/qmgr[1]: AAAAAA1: from=<one@bergbahn.example>, size=1",
        "Nov 20 09:14:03 mx1 postfix/qmgr[1]: BBBBBB2: from=<two@bergbahn.example>, size=1",
        "Nov 20 09:14:04 mx1 postfix/smtp[2]: BBBBBB2: to=<b@example.net>, status=deferred (said: 450 4.2.1 wait)",
        "Nov 20 09:14:05 mx1 postfix/smtp[2]: AAAAAA1: to=<a@example.net>, status=sent",
        "Nov 20 09:14:06 mx1 postfix/smtp[2]: BBBBBB2: to=<c@example.net>, status=sent",
        "Nov 20 09:14:07 mx1 postfix/qmgr[1]: CCCCCC3: from=<three@bergbahn.example>, size=1",
    ]
    rows = evidence.read("\n".join(lines)).rows
    assert [(row["occurred"], row["sender"], row["recipient"], row["status"]) for row in rows] == [
        ("Nov 20 09:14:04", "two@bergbahn.example", "b@example.net", "450 4.2.1 wait"),
        ("Nov 20 09:14:05", "one@bergbahn.example", "a@example.net", ""),
        ("Nov 20 09:14:06", "two@bergbahn.example", "c@example.net", ""),
        ("Nov 20 09:14:07", "three@bergbahn.example", "", ""),
    ]


@pytest.mark.parametrize(
    ("line", "sender", "recipient"),
    [
        ("2026-11-20 09:14 a@b.example c@d.example", "a@b.example", "c@d.example"),
        ("2026-11-20 09:14 a@b.example", "", "a@b.example"),
        ("2026-11-20 09:14 from=a@b.example", "a@b.example", ""),
        ("2026-11-20 09:14 to: <c@d.example> from: <a@b.example>", "a@b.example", "c@d.example"),
        ("2026-11-20 09:14 MAIL FROM:<a@b.example> RCPT TO:<c@d.example>", "a@b.example", "c@d.example"),
        ("2026-11-20 09:14 from=<> to=<c@d.example>", "", "c@d.example"),
        ("2026-11-20 09:14 from=<a+b=c@b.example> to=<c@d.example>", "a+b=c@b.example", "c@d.example"),
        ("2026-11-20 09:14 to=<bounce-a=b@c.example>", "", "bounce-a=b@c.example"),
        (
            "2026-11-20 09:14 from=<a@b.example> to=<c@d.example> relay refused <a@b.example>",
            "a@b.example",
            "c@d.example",
        ),
        ("2026-11-20 09:14 orig_to=<x@y.example> to=c@d.example, relay=x", "", "c@d.example"),
        ("2026-11-20 09:14 message-id=<1@mx.example> to=<c@d.example>", "", "c@d.example"),
    ],
)
def test_addresses_are_told_apart_by_the_word_before_them(line, sender, recipient):
    [row] = evidence.read(line).rows
    assert (row["sender"], row["recipient"]) == (sender, recipient)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("550 5.1.1 user unknown", ["550 5.1.1"]),
        ("550-5.7.1 blocked", ["550 5.7.1"]),
        ("dsn=4.2.2, status=deferred", ["4.2.2"]),
        ("host mx said: 421 try again", ["421"]),
        ("SMTP; 554 refused", ["554"]),
        ("452", ["452"]),
        ("(#5.1.1) and 5.1.1 again, then 4.4.7", ["5.1.1", "4.4.7"]),
        ("250 2.0.0 OK", ["250 2.0.0"]),
        ("5.1.1.9 is an address, 15.1.1 a number, v5.1.1 a version", []),
        ("Exim 4.2.2, version 5.0.1", []),
        ("sent to 500 recipients in 450 ms, size=550, [192.0.2.45]", []),
        ("5.9.1 has no such subject, 3.1.1 no such class", []),
    ],
)
def test_codes_are_found_where_they_are_codes(text, found):
    assert codes.find(text) == found


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["550 5.1.1 unknown"], {Verdict.FINAL}),
        (["said: 450 busy"], {Verdict.TEMPORARY}),
        (["4.2.2", "", "5.1.1"], {Verdict.FINAL, Verdict.TEMPORARY}),
        (["450 5.7.1 the finer code counts"], {Verdict.FINAL}),
        (["250 2.0.0 OK", "besetzt"], set()),
        ([], set()),
    ],
)
def test_the_first_figure_tells_final_from_temporary(texts, said):
    assert evidence.verdicts(texts) == said


def test_what_the_platform_keeps_no_more_is_named_by_service():
    occurred = ["09.10.2026 13:00 UTC+2", "24.10.2026 - 11:59 UTC", "24.10.2026 12:01 UTC", "Nov 20 09:14:05", "?", ""]
    asked = {"email-security", "transactional-email", "cloud-fax"}
    assert evidence.ageing(occurred, asked, now=NOW, zone="Europe/Berlin") == [
        Ageing("email-security", 30, (1, 2), (3,)),
        Ageing("transactional-email", 45, (1,), ()),
    ]
    assert evidence.ageing(occurred, {"cloud-fax", "edi"}, now=NOW, zone="Europe/Berlin") == []
    assert evidence.ageing(["Nov 24 09:14:05"], {"sms"}, now=NOW, zone="UTC") == [Ageing("sms", 30, (1,), ())]


def test_a_row_fits_what_is_stored_and_every_name_is_plain():
    assert list(LIMITS) == list(ALL) == list(EXAMPLE_LIMITS)
    assert all(LIMITS[column] <= (EXAMPLE_LIMITS[column] or LOG_EXTRACT_CHARACTERS) for column in ALL)
    assert all(plain(name) == name for name in COLUMN_OF)
    assert len(COLUMN_OF) == sum(len(names) for names in NAMES.values())


def test_what_is_too_long_is_cut_where_everybody_sees_it():
    [row] = evidence.read(f"2026-11-20 09:14 to=<c@d.example> 550 5.1.1 {'x' * 3_000}").rows
    assert row["status"] == f"550 5.1.1 {'x' * 489}…"
    assert len(row["log_extract"]) == 2_000


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Empfänger".encode(), "Empfänger"),
        ("Empfänger".encode("utf-8-sig"), "Empfänger"),
        ("Empfänger".encode("utf-16"), "Empfänger"),
        ("Empfänger".encode("cp1252"), "Empfänger"),
        (b"\x81\xff", "�ÿ"),
    ],
)
def test_a_file_is_text_in_whatever_way_it_was_saved(content, text):
    assert evidence.decode(content) == text


SAMPLES = [text for text, _rows, _unread in PASTED.values()]
PIECES = st.sampled_from([line for text in SAMPLES for line in text.splitlines()] + ["", '"', ";", "<a", "From:", "\t"])


@st.composite
def damaged(draw):
    """A sample with a part cut out and something strange put in."""
    text = draw(st.sampled_from(SAMPLES))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 40)))
    return text[:start] + draw(st.text(max_size=8)) + text[end:]


@example(f"From: \nTo: \nDate: {'0' * 61}\n<a@b> said: 400")  # a bounce lends its date to what it says
@given(st.one_of(st.text(), damaged(), st.lists(PIECES, max_size=30).map("\n".join)))
def test_no_text_breaks_the_reading_and_every_row_can_be_stored(text):
    reading = evidence.read(text)
    assert len(reading.rows) <= evidence.ROWS_MAX_COUNT
    for row in reading.rows:
        assert tuple(row) == ALL
        assert all(len(value) <= LIMITS[column] and "\x00" not in value for column, value in row.items())
        assert any(row[column] for column in ALL if column not in ("occurred", "status", "log_extract"))
    assert all(1 <= number <= text.count("\n") + text.count("\r") + 1 for number in reading.unread_lines)
    assert reading.unread_count >= len(reading.unread_lines)
    assert evidence.verdicts([text]) <= set(Verdict)
    evidence.ageing([text, *(row["occurred"] for row in reading.rows)], {"sms"}, now=NOW, zone="Europe/Berlin")


@given(st.binary())
def test_no_file_breaks_the_decoding(content):
    evidence.read(evidence.decode(content))


#: What would cost most: long runs that nearly match, many short lines, blocks that never end.
HARD = {
    "letters": "a",
    "at": "@",
    "addresses": "a@",
    "figures": "1",
    "codes": "5.1.1.",
    "said": "said: ",
    "jobs": "J.",
    "tags": "<a1>",
    "fields": "<a1>b</a1>\n",
    "headers": "name: value\n",
    "no mail": "From: x\nTo: y\n\n",
    "cells": "a,b,c,d,e,f\n",
    "empty cells": ";" * 1_900 + "\n",
    "short lines": "x\n",
    "log": "Nov 20 09:14:03 mx1 postfix/smtpd[99]: connect from unknown[192.0.2.9], foo=bar, baz=qux\n",
    "text": "lorem ipsum dolor, sit amet; " * 60 + "\n",
}
BEGUN = {
    "open quotes": ("from,to\n", '",\n'),
    "bounce": ("From: MAILER-DAEMON@x.example\nTo: a@b.example\nDate: x\n\n", "<a@b.example>: 550 5.1.1 x\n"),
    "folded": ("From: x\nDate: y\nTo: z\n", "\tx\n"),
}
COSTLY = {name: ("", piece) for name, piece in HARD.items()} | BEGUN


@pytest.mark.parametrize(("size", "seconds"), [(100_000, 0.2), (5_000_000, 2.0)], ids=["100 kB", "5 MB"])
@pytest.mark.parametrize("name", COSTLY)
def test_reading_is_quick_whatever_is_pasted(name, size, seconds):
    start, piece = COSTLY[name]
    text = start + piece * (size // len(piece))
    assert any(processor_seconds(text) < seconds for _try in range(3))  # the machine may be slow for a moment


def processor_seconds(text: str) -> float:
    began = time.process_time()
    evidence.read(text)
    return time.process_time() - began
