"""Mail out of a maildir: read, stored, committed, and only then deleted there."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

from mailroom import intake

BATCH = 50
BATCH_BYTES = 16 * 1024 * 1024

log = logging.getLogger(__name__)


def fetch(folder: Path, seconds: float) -> int:
    """Take what lies in `new` and `cur`, for so many seconds at most. The number of mails that are new to us.

    What cannot be read stays and is named in the log; it holds up nobody else.
    """
    until = time.monotonic() + seconds
    source, new = f"maildir:{folder}", 0
    batch: list[tuple[Path, bytes]] = []
    for path in waiting(folder):
        if time.monotonic() > until:
            break
        try:
            if path.stat().st_size > intake.MAX_BYTES:
                new += take_large(path, source)
            elif raw := path.read_bytes():
                batch.append((path, raw))
        except FileNotFoundError:
            continue  # somebody else was quicker
        except OSError as error:
            log.warning("A mail in the maildir cannot be read: %s", error)
        if len(batch) == BATCH or sum(len(raw) for _, raw in batch) > BATCH_BYTES:
            new += take(batch, source)
            batch = []
    return new + take(batch, source)


def waiting(folder: Path) -> Iterator[Path]:
    """Files of mails, oldest first: their names begin with the second of delivery. `tmp` is not ours to look into."""
    for part in ("new", "cur"):
        yield from sorted(path for path in (folder / part).iterdir() if not path.name.startswith("."))


def take(batch: list[tuple[Path, bytes]], source: str) -> int:
    if not batch:
        return 0
    taken = intake.take_all([raw for _, raw in batch], source=source)
    for path, _ in batch:
        path.unlink(missing_ok=True)
    return sum(one.new for one in taken)


def take_large(path: Path, source: str) -> int:
    with path.open("rb") as stream:
        taken = intake.take_from(stream, source=source)
    path.unlink(missing_ok=True)
    return int(taken.new)
