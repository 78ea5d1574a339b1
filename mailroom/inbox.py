"""What was stored is read: claim some rows, let the child read each, write down what it says.

A claim is a lease, as in the outbox: a worker that dies gives its rows back when the lease ends. A row that has been
tried before is claimed alone, so a mail that takes its worker down with it takes no other one along. After three
attempts it is set aside with the reason; once its reader died, it is read carefully (mailroom.reading.read).
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DataError, transaction
from django.utils import timezone

from mailroom.confined import SECONDS, Child, Unreadable, child
from mailroom.models import InboundMail, InboundMailQuerySet, Stage

BATCH = 25
BATCH_BYTES = 8 * 1024 * 1024
BATCH_SECONDS = 30.0  # then the rest of a batch is given back: others may have a free child
LEASE = timedelta(seconds=BATCH_SECONDS + 2 * SECONDS)
ATTEMPTS_MAX = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Said:
    """How reading one mail ended."""

    row: InboundMail
    values: dict[str, Any]


def read_due(seconds: float, reader: Child = child) -> bool:
    """One round: read what waits, for so many seconds at most. True when more waits."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        rows = claim(timezone.now())
        if not rows:
            return False
        write(read_batch(rows, reader))
    return True


def claim(now: datetime) -> list[InboundMail]:
    """The next rows, this worker's alone for the lease. Empty when none waits."""
    with transaction.atomic():
        waiting = InboundMail.objects.unread(now).select_for_update(skip_locked=True)
        rows = list(waiting.only("attempts", "size", "envelope_from", "reason")[:BATCH])
        rows = together(rows)
        InboundMail.objects.filter(pk__in=[row.pk for row in rows]).update(
            attempts=rows[0].attempts + 1 if rows else 0, leased_until=now + LEASE
        )
    for row in rows:
        row.attempts += 1
    return rows


def together(rows: Sequence[InboundMail]) -> list[InboundMail]:
    """What may be tried in one go: untried mails that fit into our memory, or a single one that was tried before."""
    if rows and rows[0].attempts:
        return [rows[0]]
    size = 0
    chosen: list[InboundMail] = []
    for row in rows:
        size += row.size
        if row.attempts == 0 and (not chosen or size <= BATCH_BYTES):
            chosen.append(row)
    return chosen


def read_batch(rows: list[InboundMail], reader: Child) -> list[Said]:
    began = time.monotonic()
    raws = dict(InboundMail.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "raw"))
    done = []
    for row in rows:
        if time.monotonic() - began > BATCH_SECONDS:
            done.append(Said(row, {"leased_until": None, "attempts": row.attempts - 1}))
        elif row.attempts > ATTEMPTS_MAX:
            done.append(set_aside(row, f"{ATTEMPTS_MAX} workers in a row died while they read this mail."))
        else:
            done.append(read_one(row, bytes(raws[row.pk]), reader))
    return done


def read_one(row: InboundMail, raw: bytes, reader: Child) -> Said:
    try:
        parsed = reader.read(
            raw,
            servers=settings.INBOUND_AUTH_SERVERS,
            envelope_from=row.envelope_from,
            careful=bool(row.reason) or row.attempts == ATTEMPTS_MAX,
        )
    except Unreadable as error:
        if row.attempts >= ATTEMPTS_MAX:
            return set_aside(row, str(error))
        log.warning("Mail not read yet: %s", error, extra={"inbound": row.pk, "attempts": row.attempts})
        return Said(row, {"leased_until": None, "reason": str(error)})
    return Said(
        row,
        {
            "stage": Stage.READ,
            "parsed": parsed,
            "subject": parsed["subject"],
            "read_at": timezone.now(),
            "leased_until": None,
            "reason": "",
        },
    )


def set_aside(row: InboundMail, reason: str) -> Said:
    """A person must look at it. What came stays stored, and can be read again once the reader is mended."""
    log.error("Mail set aside: %s", reason, extra={"inbound": row.pk, "attempts": row.attempts})
    return Said(row, {"stage": Stage.SET_ASIDE, "leased_until": None, "reason": reason})


def write(done: list[Said]) -> None:
    """All ends of a batch in one transaction; one that the database refuses does not take the others along."""
    try:
        with transaction.atomic():
            for said in done:
                held(said.row).update(**said.values)
    except DataError:
        for said in done:
            write_alone(said)


def write_alone(said: Said) -> None:
    try:
        with transaction.atomic():
            held(said.row).update(**said.values)
    except DataError as error:
        held(said.row).update(**set_aside(said.row, f"The database does not take what was read: {error}").values)


def held(row: InboundMail) -> InboundMailQuerySet:
    """The row, unless its lease ran out and another worker has it: then that one writes down how it ends."""
    return InboundMail.objects.filter(pk=row.pk, stage=Stage.STORED, attempts=row.attempts)
