"""All blocks of a report in one statement, over nothing but what its reader may see.

The sources are QuerySets that went through `visible_to`; a block is a SELECT that reads sources only, so no block can
count a foreign ticket. One round trip also means one snapshot: the figures of a page cannot contradict each other.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Params = Mapping[str, datetime | list[datetime]]
Answers = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Block:
    """A SELECT under a name. It reads the sources by their names and `%(…)s` parameters."""

    name: str
    sql: str


def ask(sources: Mapping[str, QuerySet[Any, Any]], blocks: Sequence[Block], params: Params) -> Answers:
    """Every block's rows as dictionaries of JSON values, in no order. No rows at all for one who may see nothing."""
    answers: Answers = {block.name: [] for block in blocks}
    values: dict[str, Any] = dict(params)
    try:
        # Not materialized: each block reaches the table, and its indexes, with its own conditions.
        heads = [f"{name} AS NOT MATERIALIZED ({_written(name, rows, values)})" for name, rows in sources.items()]
    except EmptyResultSet:
        return answers
    # Only our own SQL is joined here; everything that comes from outside is a parameter.
    parts = [f"SELECT '{block.name}', to_jsonb(b)::text FROM ({block.sql}) b" for block in blocks]  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(heads)} {' UNION ALL '.join(parts)}", values)
        for name, row in cursor.fetchall():
            answers[name].append(json.loads(row))
    return answers


def _written(name: str, rows: QuerySet[Any, Any], values: dict[str, Any]) -> str:
    """The QuerySet as SQL, its parameters put among `values` under names of their own."""
    sql, params = rows.query.sql_with_params()
    names = [f"{name}_{position}" for position in range(len(params))]
    values.update(zip(names, params, strict=True))
    return sql % tuple(f"%({each})s" for each in names)
