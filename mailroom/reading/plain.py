"""Plain text as its writer meant it: flowed lines joined (RFC 3676), files that were typed into it taken out."""

import re
from dataclasses import dataclass

from mailroom.reading import transfer

QUOTES = re.compile(r">*")


def flowed(text: str, delsp: bool) -> str:
    """Lines that end in a blank go on in the next one of the same depth of quotation."""
    lines: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        match = QUOTES.match(line)
        depth = match.end() if match else 0
        rest = line[depth:].removeprefix(" ")
        soft = rest.endswith(" ") and rest != "-- "
        if soft and delsp:
            rest = rest[:-1]
        if open_depth == depth and rest != "-- ":
            lines[-1].append(rest)
        else:
            lines.append([">" * depth + " " if depth else "", rest])
        open_depth = depth if soft else -1
    return "\n".join("".join(line) for line in lines)


@dataclass(frozen=True)
class Typed:
    """A file that stands in the text as letters, as was the custom before MIME."""

    name: str
    data: bytes


def take_out_uuencoded(data: bytes) -> tuple[bytes, list[Typed]]:
    """The text without them, and the files. What has no proper end stays in the text."""
    if b"begin" not in data:
        return data, []
    kept: list[bytes] = []
    files: list[Typed] = []
    at = 0
    tries = 0
    while (found := transfer.UU_BEGIN.search(data, at)) and tries < 50:
        tries += 1
        content, taken = transfer.uu_lines(data[found.end() :])
        kept.append(data[at : found.start() if taken else found.end()])
        at = found.end() + taken
        if taken:
            files.append(Typed(found.group(1).decode("utf-8", "replace"), content))
    return b"".join([*kept, data[at:]]), files
