"""The clock and every commit ask for the same: send what is due, read what came, look whether more has come."""

from celery import shared_task

from mailroom import inbox, outbox
from mailroom.wake import READ, wake

ROUND_SECONDS = 20.0  # short, so that a long backlog lets the sweep through
HARD_LIMIT_SECONDS = 120  # a child that hangs where no timeout reaches is killed; its row comes back


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
