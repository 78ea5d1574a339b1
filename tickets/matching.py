"""Does a known issue look like what somebody is typing? One table in words:

service           one of the issue's services is chosen, else it is not shown
data centre       both name some, and none is common: it is another matter
code or words     found in what was typed or pasted: likely
                  nothing typed yet, or the issue names none, or what was typed holds no code: possible
                  another error code than the issue's: it is another matter
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum

from tickets.evidence import codes

#: Characters of all texts together: more than anybody types, few enough to be read while they type.
READ_CHARACTERS = 200_000


class Fit(IntEnum):
    """The better the greater."""

    NONE = 0
    POSSIBLE = 1
    LIKELY = 2


@dataclass(frozen=True)
class Scope:
    """What a known issue is about. No data centres: all of them. Patterns are error codes or words."""

    services: Collection[int]
    data_centres: Collection[str] = ()
    patterns: Sequence[str] = ()


@dataclass(frozen=True)
class Said:
    """What was said so far: the keys of the chosen services, a data centre or "", and every text."""

    services: Collection[int]
    data_centre: str = ""
    texts: Sequence[str] = ()


def fit(scope: Scope, said: Said) -> Fit:
    if not set(scope.services) & set(said.services):
        return Fit.NONE
    if scope.data_centres and said.data_centre and said.data_centre not in scope.data_centres:
        return Fit.NONE
    text = "\n".join(said.texts)[:READ_CHARACTERS]
    if not scope.patterns or not text.strip():
        return Fit.POSSIBLE
    found = codes.find(text)
    if any(holds(part, pattern) for pattern in scope.patterns for part in (text, *found)):
        return Fit.LIKELY
    return Fit.NONE if found and any(codes.find(pattern) for pattern in scope.patterns) else Fit.POSSIBLE


def holds(text: str, pattern: str) -> bool:
    """Whether `pattern` stands in `text` as whole words: `5.1.1` is not in `5.1.10`, case and line ends are nothing."""
    words = r"\s+".join(re.escape(word) for word in pattern.split())
    return bool(words) and re.search(rf"(?<![\w.]){words}(?!\w|\.\d)", text, re.IGNORECASE) is not None
