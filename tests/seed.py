"""What the migrations put into the database, put back after each test that emptied it.

A test that commits (a live server, two connections, a worker) is cleaned up after by emptying every table, and with
them go the services, articles and rights the next test counts on, whichever that is.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import psycopg2.extensions
import pytest
from django.db import connection
from psycopg2.sql import SQL, Composed, Identifier

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' ORDER BY 1"
COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
KEEP = SQL("CREATE TABLE seed.{table} AS SELECT {columns} FROM public.{table}")
PUT_BACK = SQL("INSERT INTO public.{table} ({columns}) SELECT {columns} FROM seed.{table}")

kept: dict[str, Composed] = {}  # table, its columns


def keep() -> None:
    """Copy what is there now into a schema beside. Once a run, after the migrations."""
    with cursor() as ask:
        ask.execute("CREATE SCHEMA seed")
        for table in tables(ask):
            ask.execute(COLUMNS, [table])
            columns = SQL(", ").join(Identifier(name) for (name,) in ask.fetchall())
            ask.execute(KEEP.format(table=Identifier(table), columns=columns))
            if ask.rowcount:
                kept[table] = columns


def put_back() -> None:
    with cursor() as ask:
        ask.execute(SQL("TRUNCATE {}").format(SQL(", ").join(Identifier("public", table) for table in tables(ask))))
        for table, columns in kept.items():  # in any order: Django's foreign keys are looked at when all is there
            ask.execute(PUT_BACK.format(table=Identifier(table), columns=columns))


def empties_the_database(test: pytest.Item) -> bool:
    """As pytest-django decides it. With `available_apps` only those are emptied, and they hold no seed."""
    marker = test.get_closest_marker("django_db")
    fixtures = getattr(test, "fixturenames", [])
    commits = "transactional_db" in fixtures or "live_server" in fixtures
    if marker is None:
        return commits
    return (commits or bool(marker.kwargs.get("transaction"))) and not marker.kwargs.get("available_apps")


@contextmanager
def cursor() -> Iterator[psycopg2.extensions.cursor]:
    """One transaction on a connection of its own: outside of a test, Django's is blocked."""
    line = psycopg2.connect(**connection.get_connection_params())
    try:
        with line, line.cursor() as ask:
            yield ask
    finally:
        line.close()


def tables(ask: psycopg2.extensions.cursor) -> list[str]:
    ask.execute(TABLES)
    return [name for (name,) in ask.fetchall()]
