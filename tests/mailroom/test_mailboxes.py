"""Out of a mailbox, a maildir and a pipe: nothing lost, nothing twice, however the line breaks."""

import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from mailroom import imap, intake, maildir, tasks
from mailroom.models import InboundMail, Stage
from tests.mailroom.dovecot import Dovecot
from tests.mailroom.impostor import Impostor
from tests.mailroom.reading.mails import mail
from tests.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["mailroom"])

FIRST = mail("Message-ID: <1@alpine.example>", "Subject: Nothing arrives")


def numbered(count: int) -> list[bytes]:
    return [mail(f"Message-ID: <{number}@x.example>", f"Subject: {number}") for number in range(count)]


def stored() -> list[str]:
    return sorted(InboundMail.objects.values_list("message_id", flat=True))


class Box:
    """The mailbox, for putting mails in and looking what is left."""

    def __init__(self, server: Dovecot) -> None:
        self.server = server
        self.address = server.address

    def put(self, *raws: bytes) -> None:
        with imap.opened(self.address) as box:
            for raw in raws:
                box.append(raw.replace(b"\n", b"\r\n"), "INBOX")

    @property
    def left(self) -> int:
        with imap.opened(self.address) as box:
            return len(box.uids())


@pytest.fixture
def box(dovecot: Dovecot) -> Iterator[Box]:
    made = Box(dovecot)
    yield made
    with imap.opened(made.address) as opened:
        opened.delete(opened.uids())


def test_mails_are_fetched_stored_and_then_deleted(box: Box) -> None:
    box.put(*numbered(120))
    assert imap.fetch(box.address, 30) == 120
    assert (InboundMail.objects.count(), box.left) == (120, 0)
    row = InboundMail.objects.get(message_id="<7@x.example>")
    assert row.source == "imap:desk@127.0.0.1/INBOX"
    assert bytes(row.raw) == numbered(8)[7].replace(b"\n", b"\r\n")


def test_what_the_database_does_not_take_stays_in_the_mailbox(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    box.put(FIRST)

    def full(*args: object, **options: object) -> None:
        raise OperationalError("could not extend file: No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(intake, "take_all", full)
        with pytest.raises(OperationalError):
            imap.fetch(box.address, 30)
    assert (stored(), box.left) == ([], 1)
    assert imap.fetch(box.address, 30) == 1


def test_a_line_that_breaks_between_fetch_and_delete_makes_one_mail_of_it(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put(*numbered(3))

    def cut(opened: Any, uids: list[str]) -> None:
        opened.client.sock.close()
        raise ConnectionResetError("cut")

    with monkeypatch.context() as patch:
        patch.setattr(imap, "delete", cut)
        with pytest.raises(ConnectionResetError):
            imap.fetch(box.address, 30)
    assert (len(stored()), box.left) == (3, 3)
    assert imap.fetch(box.address, 30) == 0
    assert (len(stored()), box.left) == (3, 0)


def test_a_taker_that_is_killed_anywhere_loses_nothing_and_takes_nothing_twice(
    box: Box, environment: dict[str, str]
) -> None:
    box.put(*numbered(90))
    script = (
        "import django; django.setup(); from mailroom import imap, intake; imap.BATCH = 3; import os; "
        "a = imap.Address.of(os.environ['BOX']); print('go', flush=True); imap.fetch(a, 60)"
    )
    for round_ in (1, 2):
        taker = subprocess.Popen(
            [sys.executable, "-c", script], env=environment | {"BOX": box.server.url}, stdout=subprocess.PIPE
        )
        assert taker.stdout is not None
        taker.stdout.readline()
        wanted = 30 * round_ - 20
        eventually(partial(lambda count: InboundMail.objects.count() >= count, wanted))
        taker.kill()
        taker.wait()
    imap.fetch(box.address, 60)
    assert stored() == sorted(f"<{number}@x.example>" for number in range(90))
    assert box.left == 0


def test_the_same_mail_by_mailbox_pipe_and_maildir_at_once_is_one(box: Box, tmp_path: Path) -> None:
    box.put(*[FIRST] * 5)
    folder = filled(tmp_path, [FIRST] * 5)
    ways = [
        lambda: imap.fetch(box.address, 30),
        lambda: imap.fetch(box.address, 30),
        lambda: maildir.fetch(folder, 30),
        *[lambda: intake.take(b"Received: by a pipe\n" + FIRST, source="pipe")] * 5,
    ]
    errors: list[Exception] = []

    def go(way: Any) -> None:
        try:
            way()
        except Exception as error:
            errors.append(error)
        connection.close()

    threads = [threading.Thread(target=go, args=[way]) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert (stored(), box.left, list(maildir.waiting(folder))) == (["<1@alpine.example>"], 0, [])


def test_the_same_message_id_with_other_words_is_kept(box: Box) -> None:
    box.put(FIRST, FIRST.replace(b"Hello", b"Good-bye"), FIRST.replace(b"bob@", b"mallory@"))
    imap.fetch(box.address, 30)
    assert stored() == ["<1@alpine.example>"] * 3


def test_what_is_too_large_stays_in_the_mailbox_and_is_named_once(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MAX_BYTES", 2000)
    box.put(FIRST + b"x" * 5000, *numbered(2))
    for _ in range(2):
        imap.fetch(box.address, 30)
    large = InboundMail.objects.get(stage=Stage.TOO_LARGE)
    assert (large.sender, large.copies, large.kept_in) == ("bob@alpine.example", 1, "imap:desk@127.0.0.1/INBOX")
    assert (InboundMail.objects.count(), box.left) == (3, 1)


def test_a_server_that_nobody_vouches_for_gets_no_password(tmp_path: Path) -> None:
    server = Impostor(tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        imap.fetch(imap.Address.of(f"imaps://desk:secret@127.0.0.1:{server.port}/INBOX"), 5)
    assert server.heard == b""


def test_the_clock_fetches_and_a_source_that_is_away_is_no_error_of_ours(box: Box, tmp_path: Path, settings) -> None:
    settings.INBOUND_MAILDIR = str(filled(tmp_path, numbered(2)))
    settings.INBOUND_IMAP_URL = box.server.url
    box.put(FIRST)
    tasks.fetch()
    assert len(stored()) == 3
    settings.INBOUND_MAILDIR = str(tmp_path / "gone")
    settings.INBOUND_IMAP_URL = "imap://desk:x@127.0.0.1:1/INBOX"
    tasks.fetch()


def test_whoever_watches_takes_a_mail_in_the_second_it_arrives(box: Box, environment: dict[str, str]) -> None:
    watcher = subprocess.Popen(
        [sys.executable, "manage.py", "watch_mailbox"], env=environment | {"INBOUND_IMAP_URL": box.server.url}
    )
    try:
        box.put(FIRST)
        eventually(lambda: stored() == ["<1@alpine.example>"], within=30)
        time.sleep(0.5)
        box.put(*numbered(2))
        assert eventually(lambda: len(stored()) == 3) < 5
    finally:
        watcher.terminate()
    assert watcher.wait(timeout=10) == 0


def test_there_must_be_a_mailbox_to_watch() -> None:
    with pytest.raises(CommandError, match="INBOUND_IMAP_URL is not set"):
        call_command("watch_mailbox")


# --- maildir ---


def filled(folder: Path, raws: list[bytes]) -> Path:
    for part in ("new", "cur", "tmp"):
        (folder / "box" / part).mkdir(parents=True, exist_ok=True)
    for number, raw in enumerate(raws):
        part = "cur" if number % 2 else "new"
        (folder / "box" / part / f"17{number:05}.M1P1.host").write_bytes(raw)
    return folder / "box"


def test_a_maildir_is_emptied(tmp_path: Path) -> None:
    folder = filled(tmp_path, numbered(120))
    (folder / "tmp" / "half").write_bytes(b"From: half")
    assert maildir.fetch(folder, 30) == 120
    assert (len(stored()), list(maildir.waiting(folder))) == (120, [])
    assert (folder / "tmp" / "half").exists()


def test_one_mail_that_cannot_be_read_holds_up_nobody(tmp_path: Path) -> None:
    folder = filled(tmp_path, numbered(3))
    (folder / "new" / "0-a-folder").mkdir()
    (folder / "new" / "1-nothing").touch()
    (folder / "new" / "2-gone").symlink_to(tmp_path / "nowhere")
    assert maildir.fetch(folder, 30) == 3
    assert [path.name for path in maildir.waiting(folder)] == ["0-a-folder", "1-nothing", "2-gone"]


def test_what_is_too_large_leaves_the_maildir_for_a_file_of_ours(tmp_path: Path, monkeypatch, settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(intake, "MAX_BYTES", 2000)
    folder = filled(tmp_path, [FIRST + b"x" * 5000])
    assert maildir.fetch(folder, 30) == 1
    row = InboundMail.objects.get(stage=Stage.TOO_LARGE)
    assert Path(row.kept_in).read_bytes() == FIRST + b"x" * 5000
    assert list(maildir.waiting(folder)) == []
