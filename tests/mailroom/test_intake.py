"""What is taken is stored: once, whole, in fair order."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from mailroom import intake
from mailroom.models import InboundMail, Stage
from mailroom.models.inbound import FLOOD_MAILS
from partnerdesk.local.places import CHECKOUT
from tests.mailroom.reading.mails import mail

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["mailroom"])

FIRST = mail("Message-ID: <1@alpine.example>", "Subject: Nothing arrives")
ON_ANOTHER_WAY = (
    b"Return-Path: <bob@alpine.example>\r\nReceived: from a by b\r\n" + FIRST.replace(b"\n", b"\r\n") + b"\r\n"
)


def stored() -> list[bytes]:
    return [bytes(raw) for raw in InboundMail.objects.order_by("pk").values_list("raw", flat=True)]


def test_a_mail_is_stored_as_it_came() -> None:
    taken = intake.take(FIRST, source="pipe", envelope=intake.Envelope("bob@alpine.example", "support@desk.example"))
    row = InboundMail.objects.get(pk=taken.pk)
    assert taken.new
    assert bytes(row.raw) == FIRST
    assert (row.message_id, row.sender, row.size) == ("<1@alpine.example>", "bob@alpine.example", len(FIRST))
    assert (row.envelope_from, row.envelope_to, row.source) == ("bob@alpine.example", "support@desk.example", "pipe")
    assert (row.stage, row.copies, row.turn) == (Stage.STORED, 1, 0)


def test_the_same_mail_on_two_ways_is_one() -> None:
    first = intake.take(FIRST, source="pipe")
    assert intake.take(FIRST, source="pipe") == intake.Taken(first.pk, new=False)
    assert intake.take(ON_ANOTHER_WAY, source="imap") == intake.Taken(first.pk, new=False)
    assert stored() == [FIRST]
    assert InboundMail.objects.get().copies == 3


@pytest.mark.parametrize(
    "other",
    [
        FIRST.replace(b"Hello", b"Good-bye"),
        FIRST.replace(b"bob@", b"mallory@"),
        FIRST.replace(b"Nothing", b"Much"),
        FIRST.replace(b"<1@", b"<2@"),
    ],
)
def test_the_same_message_id_with_other_words_or_from_somebody_else_is_another_mail(other: bytes) -> None:
    assert [taken.new for taken in intake.take_all([FIRST, other], source="pipe")] == [True, True]
    assert sorted(stored()) == sorted([FIRST, other])


def test_without_message_id_and_date_only_the_same_bytes_are_the_same_mail() -> None:
    bare = mail()
    assert [taken.new for taken in intake.take_all([bare, bare, bare + b"\n"], source="pipe")] == [True, False, True]


def test_the_same_mail_five_times_in_parallel_is_one() -> None:
    together = threading.Barrier(5)
    ways = [FIRST, ON_ANOTHER_WAY, FIRST, ON_ANOTHER_WAY, FIRST]
    taken: list[intake.Taken] = []

    def deliver(raw: bytes) -> None:
        together.wait()
        taken.append(intake.take(raw, source="pipe"))
        connection.close()

    threads = [threading.Thread(target=deliver, args=[raw]) for raw in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.new for one in taken) == [False, False, False, False, True]
    assert len({one.pk for one in taken}) == 1
    assert InboundMail.objects.get().copies == 5


def test_batches_in_opposite_order_never_wait_for_each_other_in_a_ring() -> None:
    mails = [mail(f"Message-ID: <{number}@x.example>") for number in range(60)]
    errors: list[Exception] = []

    def deliver(raws: list[bytes]) -> None:
        try:
            intake.take_all(raws, source="imap")
        except Exception as error:
            errors.append(error)
        connection.close()

    threads = [threading.Thread(target=deliver, args=[order]) for order in (mails, mails[::-1]) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert InboundMail.objects.count() == 60


def test_anything_at_all_is_stored() -> None:
    odd = [b"\x00", b"\xff" * 1000, b"\n", b"From: \x00<\xff@>\nMessage-ID: <\x00>\n\n", b"From: " + b"a" * 100_000]
    assert [taken.new for taken in intake.take_all(odd, source="pipe")] == [True] * 5
    assert stored() == [
        raw
        for _, raw in sorted(
            zip(InboundMail.objects.order_by("pk").values_list("pk", flat=True), stored(), strict=True)
        )
    ]
    assert sorted(stored()) == sorted(odd)


def test_taking_costs_one_statement_in_one_transaction(django_assert_num_queries) -> None:
    with django_assert_num_queries(3):  # BEGIN and COMMIT are the other two
        intake.take(FIRST, source="pipe")


def test_others_are_read_before_the_second_mail_of_a_flood_and_what_is_too_much_is_held() -> None:
    flood = [mail(f"Message-ID: <{number}@x.example>", body=str(number)) for number in range(FLOOD_MAILS + 10)]
    intake.take_all(flood, source="imap")
    other = intake.take(FIRST.replace(b"bob@", b"alice@"), source="imap")
    assert list(InboundMail.objects.unread(timezone.now()).values_list("pk", flat=True))[1] == other.pk
    assert InboundMail.objects.filter(stage=Stage.HELD).count() == 10
    assert InboundMail.objects.release() == 10
    assert InboundMail.objects.unread(timezone.now()).count() == FLOOD_MAILS + 11


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MAX_BYTES", 1000)
    monkeypatch.setattr(intake, "HEAD_BYTES", 400)


def test_a_mail_that_is_too_large_is_named_and_kept_as_a_file(small: None, tmp_path: Path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    large = FIRST + b"x" * 5000
    (tmp_path / "mail").write_bytes(large)
    for new in (True, False):
        with (tmp_path / "mail").open("rb") as stream:
            assert intake.take_from(stream, source="pipe").new is new
    row = InboundMail.objects.get()
    assert (row.stage, row.size, row.sender, row.copies) == (Stage.TOO_LARGE, len(large), "bob@alpine.example", 2)
    assert Path(row.kept_in).read_bytes() == large
    assert list((tmp_path / "large-mails").iterdir()) == [Path(row.kept_in)]


def receive(raw: bytes, environment: dict[str, str], *options: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "manage.py", "receive_mail", *options]
    return subprocess.run(command, input=raw, cwd=CHECKOUT, env=environment, capture_output=True)


def test_a_mail_server_pipes_a_mail_in(environment: dict[str, str]) -> None:
    done = receive(FIRST, environment, "--sender", "", "--recipient", "support@desk.example")
    assert (done.returncode, done.stdout) == (0, b"")
    assert stored() == [FIRST]
    assert InboundMail.objects.get().envelope_from == ""


@pytest.mark.parametrize(
    "raw, options, broken",
    [
        (FIRST, [], {"DATABASE_URL": "postgres://nobody@/none?host=/nonexistent"}),
        (FIRST, [], {"DATABASE_URL": "nonsense"}),
        (FIRST, [], {"SECRET_KEY": "", "PARTNERDESK_ENV": "nonsense"}),
        (FIRST, ["--unknown"], {}),
        (b"", [], {}),
    ],
)
def test_whatever_is_wrong_the_mail_server_keeps_the_mail(
    raw: bytes, options: list[str], broken: dict[str, str], environment: dict[str, str]
) -> None:
    assert receive(raw, environment | broken, *options).returncode == 75
    assert stored() == []


def test_a_large_mail_that_cannot_be_kept_is_not_taken(small: None, tmp_path: Path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "large-mails").write_bytes(b"no folder can be made here")
    (tmp_path / "mail").write_bytes(FIRST + b"x" * 5000)
    with (tmp_path / "mail").open("rb") as stream, pytest.raises(FileExistsError):
        intake.take_from(stream, source="pipe")
    assert stored() == []
