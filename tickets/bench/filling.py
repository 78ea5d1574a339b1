"""All steps in order, with a word about each."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection

from contacts.models import Partner, Service
from tickets.bench import articles, defaults, indexes, people, rows, words
from tickets.bench.known import BEFORE, RARE, RARE_TICKETS, TALKATIVE
from tickets.models import Ticket

RANGE = 100_000  # places filled at a time, with a word about it


class NotScratch(Exception):
    """This database is not one to fill, and why."""


def check_scratch() -> None:
    """Raises NotScratch unless the name says that it is for measuring and it holds nobody's data."""
    name = connection.settings_dict["NAME"]
    if "bench" not in str(name):
        raise NotScratch(f"The database is called {name!r}. Only one with 'bench' in its name is filled.")
    if Ticket.objects.exists() or Partner.objects.exists():
        raise NotScratch(f"The database {name!r} is not empty. Make a new one.")


def fill(count: int, open_share: float, now: datetime, say: Callable[[str], None]) -> None:
    """`count` tickets over three years up to `now`; the newest `open_share` of them unsettled. Tells each step."""
    values = _values(count, open_share, now)
    say("people and words")
    people.store(now.date())
    words.store()
    articles.store(now)
    with connection.cursor() as cursor, defaults.blank_texts(), indexes.dropped(say):
        say("deciding")
        cursor.execute(rows.DECIDED, values)
        cursor.execute("CREATE INDEX ON bench_ticket (g)")
        cursor.execute("ANALYZE bench_ticket")
        for table, sql in rows.TABLES.items():
            for first in range(1, count + 1, RANGE):
                last = min(first + RANGE - 1, count)
                cursor.execute(sql, {**values, "first": first, "last": last})
                say(f"{table} {last:,} of {count:,}")
        cursor.execute(rows.TALKATIVE_INDEX, values)
        cursor.execute(rows.NEXT_KEYS, values)
    _settle(say)


def _values(count: int, open_share: float, now: datetime) -> dict[str, Any]:
    return {
        "count": count,
        "open": round(count * open_share),
        "now": now,
        "years": rows.YEARS,
        "before": BEFORE,
        "talkative": TALKATIVE,
        "partners": people.PARTNERS,
        "agents": people.AGENT_COUNT,
        "services": Service.objects.count(),
        "texts": words.COUNTS["bench_text"],
        "replies": words.COUNTS["bench_reply"],
        "rare": f" {RARE}",
        "rare_tickets": RARE_TICKETS,
        "rare_step": max(count // RARE_TICKETS, 1),
    }


def _settle(say: Callable[[str], None]) -> None:
    """Statistics for the planner, and the visibility map for index-only scans where no transaction forbids it."""
    say("statistics")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")
        for table in ("bench_ticket", "bench_partner", "bench_agent", *words.COUNTS):
            cursor.execute(f"DROP TABLE {table}")
