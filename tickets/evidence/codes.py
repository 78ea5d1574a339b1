"""Error codes of a transmission, and whether waiting helps (guide, section 5: final 5.x, temporary 4.x).

Enhanced codes are RFC 3463's `5.1.1`, reply codes RFC 5321's `550`. Three figures stand in a log for many things, so
a reply code counts only beside an enhanced one, at the start of a text or behind a word such as `said:`.
"""

import re
from collections.abc import Iterable
from enum import Enum


class Verdict(Enum):
    """What the first figure of a code says."""

    FINAL = "5"
    TEMPORARY = "4"


#: Subjects end at 7 (RFC 3463, 3). No fourth part: that would be an address.
ENHANCED = r"[245]\.[0-7]\.\d{1,3}(?![\w]|\.\d)"
REPLY = r"(?:2[0-5]\d|4[2-7]\d|5[0-7]\d)"
CODE = re.compile(
    rf"(?<![\w.])(?:(?P<both>{REPLY})[ \-#]{{1,2}}(?P<beside>{ENHANCED})|(?P<alone>{ENHANCED}))"
    rf"|\b(?:said|smtp|reply|replied|response|error|code|returned)\b\W{{1,3}}(?P<told>[45]\d\d)(?![\w.])"
    rf"(?![ \-#]{{1,2}}{ENHANCED})|\A\s{{0,9}}(?P<first>[45]\d\d)(?=[ \-]|\Z)(?![ \-#]{{1,2}}{ENHANCED})",
    re.IGNORECASE,
)
#: `Exim 4.2.2` is a program.
PROGRAM = re.compile(r"(?:version|exim|sendmail|postfix|release|server)[ /v]{1,3}\Z", re.IGNORECASE)


def find(text: str) -> list[str]:
    """The codes in `text` as written, `550 5.1.1` or `4.2.2`, in their order, each once."""
    return list(dict.fromkeys(code for code, _start in located(text)))


def located(text: str) -> list[tuple[str, int]]:
    """The codes with the place at which each begins."""
    found: list[tuple[str, int]] = []
    if "4" not in text and "5" not in text and "2." not in text:
        return found  # most lines of a text
    for match in CODE.finditer(text):
        group = match.lastgroup or ""
        if group == "alone" and PROGRAM.search(text, max(0, match.start() - 12), match.start()):
            continue
        if group == "beside":
            found.append((f"{match['both']} {match['beside']}", match.start()))
        else:
            found.append((match[group], match.start(group)))
    return found


def verdicts(texts: Iterable[str]) -> set[Verdict]:
    """What these texts report: final errors, temporary ones, both or none. An enhanced code outweighs a reply code."""
    leading = {code.rpartition(" ")[2][0] for text in texts for code in find(text)}
    return {verdict for verdict in Verdict if verdict.value in leading}
