"""Fills an empty portal with the demo: partners, logins with a published password, tickets and notices."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

import contacts.demo
import kb.demo
import tickets.demo.known
from contacts.models import Partner
from tickets.notifications import AGENTS, LEADS, MANAGERS


class Command(BaseCommand):
    help = "Load the demo, once. Refuses in production, without DEMO, and beside partners of your own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--print-logins", action="store_true", help="Load nothing; print the demo's logins and their password."
        )

    def handle(self, *args: Any, print_logins: bool = False, **options: Any) -> None:
        if settings.PRODUCTION or not settings.DEMO:
            raise CommandError("The demo has logins with a published password: it is loaded only where DEMO is on.")
        if print_logins:
            self.stdout.write(contacts.demo.logins())
        elif not contacts.demo.is_there():
            self._load(int(options.get("verbosity", 1)))

    @transaction.atomic
    def _load(self, verbosity: int) -> None:
        if Partner.objects.exists():
            raise CommandError("This database holds partners already. The demo goes into an empty portal only.")
        now = timezone.now()
        people = contacts.demo.assemble(now.date(), agents=AGENTS, leads=LEADS, managers=MANAGERS)
        contacts.demo.train(people, now)
        kb.demo.announce(people.desk.agent, now)
        count = tickets.demo.load(people, now)
        tickets.demo.known.declare(people, now)
        if verbosity:
            self.stdout.write(f"Loaded {count} tickets.")
