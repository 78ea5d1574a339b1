"""The commonest words of the tickets' text index, by the statistics that Postgres keeps anyway."""

import time

from django.db import connection

#: Read anew after so long; Postgres itself renews its statistics when a tenth of the tickets has changed.
KEPT_SECONDS = 600.0
#: A word in more tickets than this takes longer to read from the index than the newest that hold it take to be found.
COMMON_FROM = 10_000

STATEMENT = """
    SELECT word FROM pg_stats s
    JOIN pg_class c ON c.oid = to_regclass(format('%%I.%%I', s.schemaname, s.tablename)),
    LATERAL unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common(word, frequency)
    WHERE s.schemaname = current_schema() AND s.tablename = 'tickets_ticket' AND s.attname = 'search'
        AND word IS NOT NULL AND frequency * (1 - s.null_frac) * c.reltuples > %s
"""


class CommonWords:
    """At most a thousand words, kept in the process. Which are in it decides how a search is done, never its result."""

    def __init__(self) -> None:
        self.words: frozenset[str] = frozenset()
        self.read_at = float("-inf")

    def __contains__(self, text: str) -> bool:
        """Whether `text` is one word, and a common one."""
        if time.monotonic() - self.read_at > KEPT_SECONDS:
            self.pin(read())
        return text.strip().lower() in self.words

    def pin(self, words: frozenset[str]) -> None:
        self.words, self.read_at = words, time.monotonic()

    def clear(self) -> None:
        self.read_at = float("-inf")


def read() -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [COMMON_FROM])
        return frozenset(word for (word,) in cursor.fetchall())


common_words = CommonWords()
