"""Evidence: what identifies an affected transaction, read from what people paste. Plain Python, no queries."""

from tickets.evidence.age import Ageing, ageing
from tickets.evidence.codes import Verdict, verdicts
from tickets.evidence.columns import ALL, COLUMNS, JOB, MAIL, NUMBER, columns
from tickets.evidence.decoding import BYTES_MAX, decode
from tickets.evidence.paste import ROWS_MAX_COUNT, Reading, read

__all__ = [
    "ALL",
    "BYTES_MAX",
    "COLUMNS",
    "JOB",
    "MAIL",
    "NUMBER",
    "ROWS_MAX_COUNT",
    "Ageing",
    "Reading",
    "Verdict",
    "ageing",
    "columns",
    "decode",
    "read",
    "verdicts",
]
