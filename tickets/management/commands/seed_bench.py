"""Fills a scratch database for measuring. `make bench` does it for its own; this one is for trying things out."""

import time
from argparse import ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tickets.bench import filling


def share(text: str) -> float:
    value = float(text)
    if not 0 < value <= 0.5:
        raise ArgumentTypeError("a share from above 0 to 0.5")
    return value


class Command(BaseCommand):
    help = "Fill an empty database that has 'bench' in its name with tickets by bulk. There is no way to force it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickets", type=int, required=True, help="How many, 100 or more.")
        parser.add_argument("--open-share", type=share, default=0.02, help="Share of the newest that is unsettled.")

    def handle(self, *args: Any, tickets: int, open_share: float, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This is production.")
        if tickets < 100:
            raise CommandError("At least 100 tickets, so that every kind is among them.")
        try:
            filling.check_scratch()
        except filling.NotScratch as refused:
            raise CommandError(str(refused)) from None
        self.began = time.monotonic()
        filling.fill(tickets, open_share, timezone.now(), self._say)
        self._say(f"{tickets:,} tickets are there")

    def _say(self, words: str) -> None:
        self.stdout.write(f"{time.monotonic() - self.began:7.1f} s  {words}")
        self.stdout.flush()
