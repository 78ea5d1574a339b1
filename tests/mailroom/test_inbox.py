"""What was stored is read, and no mail can stop that: not for itself, not for the next one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from mailroom import confined, inbox, intake
from mailroom.confined import Child, Unreadable
from mailroom.models import InboundMail, Stage
from mailroom.reading.parsed import Address
from tests.mailroom.reading.mails import mail, rich
from tests.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["mailroom"])

POISON = "a mail that kills its reader"


@pytest.fixture
def reader() -> Iterator[Child]:
    child = Child(seconds=2)
    yield child
    child.end()


@pytest.fixture
def poisoned(reader: Child, monkeypatch: pytest.MonkeyPatch) -> Child:
    """A reader that is killed by the system whenever it gets the poison."""
    talk = reader.talk

    def die(line: confined.Running, told: bytes, raw: bytes) -> object:
        if POISON.encode() in raw:
            line.process.send_signal(signal.SIGKILL)
            line.process.wait()
        return talk(line, told, raw)

    monkeypatch.setattr(reader, "talk", die)
    return reader


def numbered(count: int) -> list[bytes]:
    return [mail(f"Message-ID: <{number}@x.example>", f"Subject: {number}") for number in range(count)]


def test_what_was_stored_is_read(reader: Child) -> None:
    taken = intake.take(rich().as_bytes(), source="pipe")
    assert inbox.read_due(10, reader) is False
    row = InboundMail.objects.get(pk=taken.pk)
    assert (row.stage, row.subject) == (
        Stage.READ,
        "Störung: Zustellung verzögert, seit heute früh – größere Rückstände",
    )
    assert row.says.sender == Address("Jörg Müller", "bob@alpine.example")
    assert [file.name for file in row.says.files] == ["shot.png", "Übersicht.pdf"]
    assert reader.contents(bytes(row.raw)) == [b"\x89PNG\r\n\x1a\n", b"%PDF-1.4"]
    assert list(InboundMail.objects.undecided()) == [row]


def test_nothing_waits_twice(reader: Child) -> None:
    intake.take_all(numbered(3), source="pipe")
    inbox.read_due(10, reader)
    assert inbox.claim(timezone.now()) == []


def test_one_poisoned_mail_delays_nobody_and_is_set_aside_after_three_tries(poisoned: Child) -> None:
    intake.take(mail("Message-ID: <p@x.example>", body=POISON), source="pipe")
    intake.take_all(numbered(100), source="pipe")
    began = time.monotonic()
    inbox.read_due(60, poisoned)
    assert time.monotonic() - began < 60
    assert InboundMail.objects.filter(stage=Stage.READ).count() == 100
    aside = InboundMail.objects.get(stage=Stage.SET_ASIDE)
    assert (aside.message_id, aside.attempts, aside.reason) == ("<p@x.example>", 3, "The reader died (exit code -9).")
    assert InboundMail.objects.read_again() == 1


def test_a_worker_that_dies_gives_its_mails_back_and_takes_no_good_one_along() -> None:
    intake.take_all(numbered(10), source="pipe")
    now = timezone.now()
    for died in range(1, 3):
        rows = inbox.claim(now)
        assert len(rows) == (10 if died == 1 else 1)
        assert inbox.claim(now) == [] or died == 2
        now += inbox.LEASE + timedelta(seconds=1)
    reader = Child()
    while rows := inbox.claim(now):
        inbox.write(inbox.read_batch(rows, reader))
    reader.end()
    assert InboundMail.objects.filter(stage=Stage.READ).count() == 10


def test_a_mail_that_took_three_workers_down_is_set_aside() -> None:
    intake.take(mail(), source="pipe")
    now = timezone.now()
    for _ in range(3):
        assert len(inbox.claim(now)) == 1
        now += inbox.LEASE + timedelta(seconds=1)
    inbox.write(inbox.read_batch(inbox.claim(now), Child()))
    row = InboundMail.objects.get()
    assert (row.stage, row.reason) == (Stage.SET_ASIDE, "3 workers in a row died while they read this mail.")


def test_who_comes_late_writes_nothing_over_what_another_has_read(reader: Child) -> None:
    intake.take(mail("Subject: x"), source="pipe")
    late = inbox.claim(timezone.now())
    inbox.write(inbox.read_batch(inbox.claim(timezone.now() + inbox.LEASE + timedelta(seconds=1)), reader))
    inbox.write([inbox.set_aside(late[0], "late")])
    assert InboundMail.objects.get().stage == Stage.READ


def test_what_the_database_refuses_is_set_aside_alone(reader: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    intake.take_all(numbered(3), source="pipe")
    done = inbox.read_batch(inbox.claim(timezone.now()), reader)
    done[1].values["subject"] = "x" * 5000
    inbox.write(done)
    assert sorted(InboundMail.objects.values_list("stage", flat=True)) == ["read", "read", "set_aside"]


# --- the child ---


def slow() -> bytes:
    """A stopped child stands for one that loops: what we see of both is that no answer comes."""
    return mail(body="x")


def test_a_reader_that_takes_too_long_is_killed_and_the_next_mail_gets_another(reader: Child) -> None:
    reader.read(mail(), servers=[])
    assert reader.running is not None
    first = reader.running.process
    first.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(Unreadable, match="longer than 2 seconds"):
        reader.read(slow(), servers=[])
    assert 2 <= time.monotonic() - began < 4
    assert first.poll() == -signal.SIGKILL
    assert reader.read(mail("Subject: next"), servers=[])["subject"] == "next"


def test_a_reader_that_eats_memory_ends_and_says_so() -> None:
    hungry = Child(memory=120 * 1024**2)
    with pytest.raises(Unreadable, match="needed more than 120 MB"):
        hungry.read(mail(body="x" * 60_000_000), servers=[])
    assert hungry.read(mail("Subject: next"), servers=[])["subject"] == "next"
    hungry.end()


def test_the_largest_mail_there_may_be_is_read_within_the_bounds(reader: Child) -> None:
    attached = b"A" * 76 + b"\n"
    raw = mail(
        "Content-Transfer-Encoding: base64", body=attached * (intake.MAX_BYTES // 77 - 100), content_type="image/png"
    )
    large = Child()
    assert large.read(raw, servers=[])["files"][0]["size"] > 29_000_000
    assert len(large.contents(raw)[0]) > 29_000_000
    large.end()


def test_the_reader_knows_no_secret_and_ends_with_whoever_asked(reader: Child) -> None:
    reader.read(mail(), servers=[])
    assert reader.running is not None
    pid = reader.running.process.pid
    with open(f"/proc/{pid}/environ") as environment:
        names = sorted(pair.partition("=")[0] for pair in environment.read().split("\0") if pair)
    assert [name for name in names if name not in {"PATH", "LANG", "PYTHONDONTWRITEBYTECODE", "LC_CTYPE"}] == []
    script = (
        "import sys; from mailroom.confined import Child; c = Child(); c.read(b'', servers=[]); "
        "print(c.running.process.pid, flush=True); sys.stdin.read()"
    )
    asker = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert asker.stdout is not None
    orphan = int(asker.stdout.readline())
    asker.kill()
    asker.wait()
    eventually(lambda: not os.path.exists(f"/proc/{orphan}") or " Z " in Path(f"/proc/{orphan}/stat").read_text())
