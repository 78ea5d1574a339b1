"""Whatever arrives is read: no exception, no long wait, nothing that a database or a page could not hold."""

import json
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroom import reading
from mailroom.reading import page, reply
from tests.mailroom.reading.mails import mail, parts, rich

SECONDS = 4.0  # on a busy machine; the limit in service is ten
UNFIT = {chr(code) for code in range(32)} - {"\n", "\t"}
SAMPLES = [
    rich().as_bytes(),
    parts("multipart/mixed", "Content-Type: text/html\n\n<table><tr><td>A<td>B</table>", "Content-Type: a/b\n\nx"),
    mail("Subject: =?utf-8?B?TcO8bmNoZW4=?=", "In-Reply-To: <a@b>", body="New\n\nOn 1.1.2026 Bob wrote:\n> old\n"),
    mail("Content-Transfer-Encoding: quoted-printable", body="=C3=BC=\nx", content_type="text/html; charset=utf-8"),
]


def holds(raw: bytes) -> None:
    for careful in (False, True):
        said = reading.read(raw, servers=["mx.example"], careful=careful)
        stored = json.dumps(said.as_json(), ensure_ascii=False)
        stored.encode()  # no half of a surrogate pair
        assert "\\u0000" not in json.dumps(said.as_json())  # Postgres does not take it
        assert not UNFIT & set(said.text + said.reply)
        assert not (UNFIT | {"\n", "\t"}) & set(said.subject + said.sender.name + said.sender.email)
        assert not (UNFIT | {"\n", "/", "\\"}) & set("".join(file.name for file in said.files))
        assert all(file.name for file in said.files)
        assert [found.name for found in reading.contents(raw, careful=careful)] == [file.name for file in said.files]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=500))
def test_any_bytes(raw: bytes) -> None:
    holds(raw)


PIECES = st.sampled_from(
    [
        b"From: ", b"Subject: ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"text/html", b"message/rfc822",
        b"\n", b"\r\n", b"\r", b"\n\n", b"--b", b"--b--", b"=?utf-8?Q?", b"=?utf-8?B?", b"?=", b"=C3", b"<table><td>",
        b"</", b"<div style=", b"&amp", b"begin 644 a\n", b"\nend\n", b"Content-Disposition: attachment; filename=\"",
        b"filename*0*=utf-8''%", b";", b"<", b">", b"> ", b"-- \n", b"On 1.1.2026 a@b wrote:", b"\xff", b"\x00", b"(",
        b'"', b"Content-Transfer-Encoding: base64\n", b"charset=utf-16", b"Message-ID: <", b"\xed\xa0\x80",
        b" ", b"a@b.c",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60))
def test_any_pieces_of_mails(pieces: list[bytes]) -> None:
    holds(b"".join(pieces))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SAMPLES), st.randoms(use_true_random=False))
def test_any_damage(raw: bytes, chance: random.Random) -> None:
    damaged = bytearray(raw)
    for _ in range(chance.randint(1, 20)):
        at, to = sorted((chance.randrange(len(damaged) + 1), chance.randrange(len(damaged) + 1)))
        match chance.randrange(5):
            case 0:
                damaged = damaged[:to]
            case 1:
                del damaged[at : at + 5]
            case 2:
                damaged[at:at] = damaged[at:to][:200]
            case 3:
                damaged[at : at + 1] = bytes([chance.randrange(256)])
            case 4:
                damaged[at : at + 20], damaged[to : to + 20] = damaged[to : to + 20], damaged[at : at + 20]
        damaged = damaged or bytearray(b"x")
    holds(bytes(damaged))


def nested(depth: int) -> bytes:
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(depth))
    return mail().partition(b"\n\n")[0] + b"\n" + head + b"\nText"


MEGABYTE = 1_000_000
HOSTILE = {
    "levels": nested(5_000),
    "parts": mail(body=b"--b\n\nx\n" * 100_000, content_type="multipart/mixed; boundary=b"),
    "headers": b"X: y\n" * 200_000 + b"\nText",
    "one header": b"Subject: " + b"=?utf-8?Q?" * 100_000 + b"\n\nText",
    "folded": b"Subject: a" + b"\n b" * 300_000 + b"\n\nText",
    "addresses": b"From: " + b'"<(a@' * 200_000 + b"\n\nText",
    "quotes": b"To: " + b'\\"' * MEGABYTE + b"\n\nText",
    "parameters": mail(body="Text", content_type="text/plain" + ';a*0="x' * 100_000),
    "blanks": mail("Content-Transfer-Encoding: quoted-printable", body=b" " * MEGABYTE + b"x"),
    "blank lines": mail(body=b" \n" * 500_000 + b"x"),
    "equals": mail("Content-Transfer-Encoding: base64", body=b"=" * MEGABYTE),
    "begins": mail(body=b"begin 644 a\n" * 80_000),
    "div": mail(body=b"<div>x" * 200_000, content_type="text/html"),
    "table": mail(body=b"<table><tr><td>" * 60_000, content_type="text/html"),
    "less": mail(body=b"<" * MEGABYTE, content_type="text/html"),
    "tags": mail(body=b"<a " * 300_000, content_type="text/html"),
    "comments": mail(body=b"<!--" * 250_000, content_type="text/html"),
    "attributes": mail(body=b"<p " + b" ".join(b"a%d=b" % at for at in range(100_000)), content_type="text/html"),
    "unknown tags": mail(body=b"<x>" * 300_000, content_type="text/html"),
    "quotations": mail("In-Reply-To: <a@b>", body=b"> x\ny\n" * 160_000),
    "attributions": mail("In-Reply-To: <a@b>", body=b"On 1.1.2026\n" * 40_000 + b"wrote:\n" * 40_000),
    "blocks": mail("In-Reply-To: <a@b>", body=b"From: a\nSent: b\n" * 60_000),
    "flowed": mail(body=b"> x \n" * 200_000, content_type="text/plain; format=flowed"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("careful", [False, True])
def test_hostile_mails_take_no_longer_than_others_of_their_size(name: str, careful: bool) -> None:
    began = time.process_time()
    reading.read(HOSTILE[name], careful=careful)
    assert time.process_time() - began < SECONDS


def test_html_of_any_depth_keeps_its_text() -> None:
    assert page.as_text("<div>x" * 20_000).text.count("x") == 20_000


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "> b", "", "-- ", "On 1.1.2026 a@b wrote:", "Von: x", "Gesendet: y", "Betreff: z"]))
)
def test_cutting_leaves_something_and_adds_nothing(lines: list[str]) -> None:
    text = "\n".join(lines)
    new = reply.cut(text, reply=True).text
    assert new in text
    assert bool(new.strip()) == bool(text.strip())
