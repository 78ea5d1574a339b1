"""What must not be true of a database in production."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def no_demo_logins(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The demo's logins have a published password and addresses under .example (RFC 2606), which no real one has."""
    user = apps.get_model("contacts", "User")
    if not settings.PRODUCTION:
        return []
    return [
        Error(
            "This database holds logins of the demo. Their password is public.",
            hint="Start production with an empty database, or delete every login whose address ends in .example.",
            id="contacts.E001",
        )
        for alias in databases or []
        if user._meta.db_table in connections[alias].introspection.table_names()
        and user._default_manager.using(alias).filter(email__iendswith=".example").exists()
    ]
