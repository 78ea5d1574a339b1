"""The clock and every commit ask for the same: send what is due, read what came, look whether more has come."""

import logging
from pathlib import Path

from celery import shared_task
from django.conf import settings

from mailroom import imap, inbox, maildir, outbox
from mailroom.wake import READ, wake

ROUND_SECONDS = 20.0  # short, so that a long backlog lets the sweep through
FETCH_SECONDS = 50.0  # the clock asks again each minute
HARD_LIMIT_SECONDS = 120  # a child that hangs where no timeout reaches is killed; its row comes back

log = logging.getLogger(__name__)


@shared_task(time_limit=HARD_LIMIT_SECONDS)
def deliver() -> None:
    """One round. What is left goes on behind the tasks that wait; a server that is away is left until the clock."""
    if outbox.deliver_due(ROUND_SECONDS) is outbox.Rest.MORE_DUE:
        wake()


@shared_task(time_limit=HARD_LIMIT_SECONDS)
def read() -> None:
    """One round of reading what was stored."""
    if inbox.read_due(ROUND_SECONDS):
        wake(READ)


@shared_task(time_limit=HARD_LIMIT_SECONDS)
def fetch() -> None:
    """Take what lies in the mailbox and the maildir, where there are any. A source that is away waits for the clock."""
    if settings.INBOUND_MAILDIR:
        try:
            maildir.fetch(Path(settings.INBOUND_MAILDIR), FETCH_SECONDS / 2)
        except OSError as error:
            log.error("No mail comes out of the maildir: %s", error)
    if settings.INBOUND_IMAP_URL:
        address = imap.Address.of(settings.INBOUND_IMAP_URL)
        try:
            imap.fetch(address, FETCH_SECONDS)
        except imap.AWAY as error:
            log.error("No mail comes out of the mailbox: %s", error, extra={"mailbox": address.name})
