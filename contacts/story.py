"""How a contact's history reads: who did what when, why, and what it changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts import moments, phones
from contacts.licence import Ceiling, Level, Right
from contacts.models import ContactEvent, ContactEventQuerySet

FIELDS: Mapping[str, Promise] = {
    "name": _("Name"),
    "phone": _("Telephone"),
    "level": _("Level"),
    "rights": _("Rights"),
    "highest_priority": _("Highest priority"),
    "tenants": _("Tenants"),
    "services": _("Services"),
    "contract": _("Contract"),
    "authorized_from_date": _("Authorized from"),
    "authorized_until_date": _("Authorized until"),
    "exception_until_date": _("Exception until"),
}


@dataclass(frozen=True)
class Entry:
    at: datetime
    by: str
    deed: str
    reason: str
    changes: list[str]


def told(events: ContactEventQuerySet) -> list[Entry]:
    """Newest first, in the reader's language."""
    return [_entry(event) for event in events.newest_first()]


def _entry(event: ContactEvent) -> Entry:
    changes = [
        gettext("%(field)s: %(before)s, now %(after)s")
        % {"field": label, "before": value(name, event.changes[name][0]), "after": value(name, event.changes[name][1])}
        for name, label in FIELDS.items()
        if name in event.changes
    ]
    by = event.by.name if event.by else gettext("the clock")
    return Entry(event.created_at, by, event.get_kind_display(), event.reason, changes)


def value(name: str, stored: object) -> str:
    """A stored fact in words; a dash for nothing."""
    if stored in ("", None, []):
        return "–"
    if name in {"tenants", "services"} and stored == "all":
        return gettext("all")
    if name == "rights" and isinstance(stored, list):
        return ", ".join(str(Right(right).label) for right in stored)
    if isinstance(stored, list):
        return ", ".join(stored)
    if name.endswith("_date"):
        return moments.day(date.fromisoformat(str(stored)))
    words = {"level": _level, "highest_priority": _ceiling, "phone": phones.display}.get(name, str)
    return words(str(stored))


def _level(stored: str) -> str:
    return str(Level(stored).label)


def _ceiling(stored: str) -> str:
    return str(Ceiling(int(stored)).label)
