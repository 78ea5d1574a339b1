"""`manage.py watch_mailbox` stays at the mailbox and takes each mail in the second it arrives (IMAP IDLE, RFC 2177).

It needs not run: the clock fetches once a minute. It ends with SIGTERM, and comes back by itself after every fault.
"""

import logging
import signal
import time
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, connection

from mailroom import imap

IDLE_SECONDS = 4 * 60  # some servers and many firewalls forget a quiet line after five minutes
ROUND_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 60.0

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Wait at the mailbox of INBOUND_IMAP_URL and take each mail as it arrives."

    def handle(self, *args: object, **options: Any) -> None:
        if not settings.INBOUND_IMAP_URL:
            raise CommandError("INBOUND_IMAP_URL is not set: there is no mailbox to watch.")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        address = imap.Address.of(settings.INBOUND_IMAP_URL)
        pause = 1.0
        while True:
            began = time.monotonic()
            try:
                watch(address)
            except KeyboardInterrupt:
                return
            except (*imap.AWAY, DatabaseError, InterfaceError) as error:
                log.warning("The mailbox is left for a while: %s", error, extra={"mailbox": address.name})
                connection.close()
            pause = 1.0 if time.monotonic() - began > LONGEST_PAUSE_SECONDS else min(2 * pause, LONGEST_PAUSE_SECONDS)
            time.sleep(pause)


def watch(address: imap.Address) -> NoReturn:
    with imap.opened(address) as box:
        while True:
            imap.take_all(box, address, time.monotonic() + ROUND_SECONDS)
            box.idle.wait(timeout=IDLE_SECONDS)
