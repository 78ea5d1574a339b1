"""`manage.py receive_mail` takes one mail from standard input. A mail server pipes it in and reads the exit code."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from mailroom import intake

TRY_AGAIN = 75  # EX_TEMPFAIL: the mail server keeps the mail; it takes every other code but 0 for a refusal


class Command(BaseCommand):
    help = "Take one mail from standard input. Exits with 0 when it is stored, with 75 when it must come again."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sender", help="the sender of the envelope, empty for a bounce; or SENDER is set")
        parser.add_argument("--recipient", help="the recipient of the envelope; or RECIPIENT is set")

    def handle(self, *args: object, **options: Any) -> None:
        sender, recipient = options["sender"], options["recipient"]
        envelope = intake.Envelope(
            sender=os.environ.get("SENDER") if sender is None else sender,
            recipient=os.environ.get("RECIPIENT", "") if recipient is None else recipient,
        )
        try:
            intake.take_from(sys.stdin.buffer, source="pipe", envelope=envelope)
        except BaseException as error:  # whatever it is, the mail must not be refused for it
            self.stderr.write(f"Not taken, try again later: {type(error).__name__}: {error}")
            sys.exit(TRY_AGAIN)
