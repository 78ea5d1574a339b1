"""Ticket numbers: RCR-1000001, as the guide's templates quote them."""

import re
from collections.abc import Iterable

FIRST = 1_000_001
PATTERN = re.compile(r"\bRCR[\s\-_#:]*(\d{5,12})\b", re.IGNORECASE)


def display(pk: int) -> str:
    return f"RCR-{pk}"


def find(text: str) -> list[int]:
    """Every RCR number in a text, each once, in order; `rcr 1000001` and `RCR-1000001` alike."""
    return list(dict.fromkeys(int(digits) for digits in PATTERN.findall(text)))


def parse(text: str) -> int | None:
    """The one number a search box holds: `RCR-1000001`, `rcr1000001` or `1000001`; None for anything else."""
    match = re.fullmatch(r"\s*(?:RCR[\s\-_#:]*)?(\d{5,12})\s*", text, re.IGNORECASE)
    return int(match[1]) if match else None


def unknown(wanted: Iterable[int], found: Iterable[int]) -> list[str]:
    """The wanted numbers that are not among the found ones, as they are written."""
    have = set(found)
    return [display(pk) for pk in wanted if pk not in have]


def known_issue(pk: int) -> str:
    """`KI-7`: a known issue, as pages and mails call it."""
    return f"KI-{pk}"
