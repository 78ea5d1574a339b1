"""Indexes are cheaper to build once than to keep up a million times."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

TABLES = (
    "tickets_ticket",
    "tickets_ticket_tenants",
    "tickets_ticket_services",
    "tickets_message",
    "tickets_event",
    "tickets_example",
    "tickets_escalation",
)
#: Those behind a constraint stay: the rows come in the order of their keys, which costs little.
DROPPABLE = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename = ANY(%s)
      AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = format('%%I.%%I', schemaname, indexname)::regclass)
    ORDER BY tablename, indexname
"""


@contextmanager
def dropped(say: Callable[[str], None]) -> Iterator[None]:
    """Without the tables' indexes and without looking at foreign keys, where the account may switch that off."""
    with connection.cursor() as cursor:
        cursor.execute(DROPPABLE, [list(TABLES)])
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        trusted = cursor.fetchone()[0]
        if trusted:
            cursor.execute("SET session_replication_role = replica")
        yield
        if trusted:
            cursor.execute("RESET session_replication_role")
        cursor.execute("SET maintenance_work_mem = '768MB'")
        for name, definition in found:
            say(f"index {name}")
            cursor.execute(definition)
        cursor.execute("RESET maintenance_work_mem")
