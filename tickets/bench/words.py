"""Texts in bulk: some thousand paragraphs of made-up words and our own, each once with its text index."""

import io
from collections.abc import Iterator
from random import Random

from django.db import connection

from tickets.bench.known import COMMON

#: Share of the descriptions that hold the common word.
COMMON_SHARE = 0.19
SEED = 20_261_123
COUNTS = {"bench_text": 4000, "bench_reply": 1500}
WORDS = {"bench_text": 75, "bench_reply": 40}
OURS = """
    mail gateway tenant relay filter digest mailbox bounce header policy sender recipient domain routing delivery delay
    queue attachment archive portal directory password certificate timeout allowlist blocklist incident transaction
    campaign report outage latency encryption signature connector release error status code log extract fax pages number
    operator callback suppression conversion segment partner contact
"""


def store() -> None:
    """Temporary tables `bench_text` and `bench_reply`, each with `n` from 0, `body` and `tsv`."""
    rng = Random(SEED)  # noqa: S311
    words = vocabulary(rng)
    weights = [1 / (place + 5) for place in range(len(words))]  # a few often, most rarely, as in any language
    with connection.cursor() as cursor:
        for table, count in COUNTS.items():
            rows = "".join(f"{n}\t{body}\n" for n, body in enumerate(_paragraphs(rng, words, weights, table, count)))
            cursor.execute(f"CREATE TEMPORARY TABLE {table} (n int PRIMARY KEY, body text, tsv tsvector)")
            cursor.copy_expert(f"COPY {table} (n, body) FROM STDIN", io.StringIO(rows))
            cursor.execute(f"UPDATE {table} SET tsv = to_tsvector('simple', body)")  # noqa: S608  # a name of ours
            cursor.execute(f"ANALYZE {table}")


def vocabulary(rng: Random) -> list[str]:
    """Our words and four thousand made of syllables; neither the common nor the rare one is among them."""
    syllables = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
    made = {"".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(4000)}
    return OURS.split() + sorted(made)


def _paragraphs(rng: Random, words: list[str], weights: list[float], table: str, count: int) -> Iterator[str]:
    """The first ones of the descriptions hold the common word."""
    for place in range(count):
        chosen = rng.choices(words, weights, k=WORDS[table])
        if table == "bench_text" and place < count * COMMON_SHARE:
            chosen[rng.randrange(8, len(chosen))] = COMMON
        yield f"{' '.join(chosen).capitalize()}."
