"""What stands in the outbox leaves: claim a row, send it, write down how it ended.

No lock is held while the network is waited for. A claim is a lease instead: a worker that dies gives its row back
when the lease runs out, and the row's Message-ID is the same the second time. Any number of workers may run.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from mailroom import retry
from mailroom.line import Line, ServerAwayError
from mailroom.models import Delivery, DeliveryQuerySet
from mailroom.rendering import render

LEASE = 4 / 3  # times the longest sending: a lease that ended before it would let a slow mail leave twice
UNFINISHED_MAX = 3  # a mail that took three workers down with it would take the fourth
PAUSES_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)

log = logging.getLogger(__name__)


class Rest(Enum):
    """What a round leaves behind."""

    NOTHING = auto()
    MORE_DUE = auto()
    SERVER_AWAY = auto()


def deliver_due(seconds: float) -> Rest:
    """One round: send what is due, new mail first, for so many seconds at most.

    It ends early when the server cannot be reached, so that an outage costs one attempt a round and not one of every
    mail, and after a mail that hung until its time was over, so that other work gets its turn.
    """
    until = time.monotonic() + seconds
    with Line() as line:
        while time.monotonic() < until:
            row = claim(timezone.now())
            if row is None:
                return Rest.NOTHING
            try:
                attempt(row, line)
            except ServerAwayError as error:
                postpone(row, str(error))
                return Rest.SERVER_AWAY
            except TimeoutError as error:
                postpone(row, str(error))
                return Rest.MORE_DUE
    return Rest.MORE_DUE


def claim(now: datetime) -> Delivery | None:
    """The next due row, this worker's alone for the lease; None when nothing is due."""
    with transaction.atomic():
        row = Delivery.objects.due(now).select_for_update(skip_locked=True).first()
        if row is not None:
            row.attempts += 1
            row.unfinished += 1
            row.first_attempt_at = row.first_attempt_at or now
            row.next_attempt_at = now + timedelta(seconds=settings.EMAIL_TIMEOUT * LEASE)
            row.save(update_fields=["attempts", "unfinished", "first_attempt_at", "next_attempt_at"])
    return row


def attempt(row: Delivery, line: Line) -> None:
    """One try of a claimed row, its end written down. What speaks against the server and not the mail is raised."""
    until = time.monotonic() + settings.EMAIL_TIMEOUT
    if row.unfinished > UNFINISHED_MAX:
        set_aside(row, f"{UNFINISHED_MAX} workers in a row died while they sent this mail.")
        return
    try:
        mail = render(row)
    except Exception as error:  # a template is code: whatever it raises concerns this mail alone
        set_aside(row, type(error).__name__ if row.secret else f"{type(error).__name__}: {error}")
        return
    try:
        line.send(mail, until)
    except TimeoutError:
        raise
    except (OSError, ValueError) as error:
        refused = set_aside if retry.is_final(error) else postpone
        refused(row, retry.words(error))
    else:
        mark_sent(row)


def mark_sent(row: Delivery) -> None:
    """Whoever holds the row by now: the server has taken it, and that is final."""
    wiped: dict[str, Any] = {"context": {}} if row.secret else {}
    standing = Delivery.objects.filter(pk=row.pk, sent_at=None)
    done = {"sent_at": timezone.now(), "failed_at": None, "unfinished": 0, "error": "", **wiped}
    insist(lambda: standing.update(**done))
    log.info("Mail sent.", extra={"delivery": row.pk, "about": row.about, "attempts": row.attempts})


def postpone(row: Delivery, error: str) -> None:
    now = timezone.now()
    if retry.is_over(row.first_attempt_at or now, now):
        set_aside(row, error)
        return
    wait = retry.wait(row.attempts, first=timedelta(seconds=settings.MAIL_RETRY_SECONDS))
    held(row).update(next_attempt_at=now + wait, unfinished=0, error=error)
    log.warning(
        "Mail not sent yet: %s", error, extra={"delivery": row.pk, "about": row.about, "attempts": row.attempts}
    )


def set_aside(row: Delivery, error: str) -> None:
    """Shown to the agents, who can send it again. A mail that will not arrive is an error, also in the logs."""
    held(row).update(failed_at=timezone.now(), unfinished=0, error=error)
    log.error("Mail given up: %s", error, extra={"delivery": row.pk, "about": row.about, "attempts": row.attempts})


def held(row: Delivery) -> DeliveryQuerySet:
    """The row, unless its lease ran out and another worker has it: then that one writes down how it ends."""
    return Delivery.objects.unsent().filter(pk=row.pk, attempts=row.attempts)


def insist(write: Callable[[], int]) -> None:
    """A database that restarts just now must not make us send again what the server has taken."""
    for pause in PAUSES_SECONDS:
        try:
            write()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(pause)
        else:
            return
    write()
