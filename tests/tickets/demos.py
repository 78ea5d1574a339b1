"""The demo's people, for the tests that load it."""

from django.utils import timezone

from contacts.demo import People, assemble
from tickets.notifications import AGENTS, LEADS, MANAGERS


def people() -> People:
    return assemble(timezone.now().date(), agents=AGENTS, leads=LEADS, managers=MANAGERS)
