"""Addresses in headers, as mail programs really write them."""

import re

from mailroom.reading import headers, text
from mailroom.reading.parsed import Address

LIMIT = 1_000
NAME_CHARACTERS = 200
TOKEN = re.compile(r'"(?:[^"\\]+|\\.)*"?|<[^<>]*>?|[(),;:"]|[^"<(),;:]+', re.DOTALL)
EMAIL = re.compile(r"[^\s<>()\[\],;:\"@]{1,128}@[^\s<>()\[\],;:\"@]{1,255}")
SIMPLE = re.compile(r'\s*(?:"([^"\\]*)"|([^"\\<>(),;:@=]*?))\s*<([^\s<>"@]{1,128}@[^\s<>"@]{1,255})>\s*')
QUOTE = re.compile(r'(\\.|")', re.DOTALL)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def read(value: bytes, hint: str = "") -> list[Address]:
    """Every mailbox of the header, in order. Names are decoded after the list was cut: they may hold commas."""
    if not value:
        return []
    raw = headers.raw_letters(headers.unfold(value), hint)
    if simple := SIMPLE.fullmatch(raw):
        name = headers.words(simple.group(1) or simple.group(2) or "")
        return [Address(named(name), text.line(simple.group(3), 320))]
    if QUOTE.split(raw)[1::2].count('"') % 2:
        raw = raw.replace('"', " ")  # one that never ends would swallow all that follows
    return Reader().read(raw)


class Reader:
    """Token by token; a comma or semicolon ends a mailbox, a colon makes a group's name of what stood before it."""

    def __init__(self) -> None:
        self.found: list[Address] = []
        self.clear()

    def clear(self) -> None:
        self.words: list[str] = []
        self.comments: list[str] = []
        self.email = ""

    def read(self, raw: str) -> list[Address]:
        depth = 0
        for piece in TOKEN.findall(raw):
            if depth or piece == "(":
                depth += (piece == "(") - (piece == ")")
                self.comments += [] if piece in "()" else [piece]
            else:
                self.take(piece)
            if len(self.found) >= LIMIT:
                break
        self.finish()
        return self.found

    def take(self, piece: str) -> None:
        if piece in {",", ";"}:
            self.finish()
        elif piece == ":":
            self.clear()
        elif piece.startswith("<"):
            self.email = piece.strip("<> \t")
        elif piece not in {")", '"'}:
            self.words.append(piece)

    def finish(self) -> None:
        written = "".join(unquoted(word) for word in self.words).strip()
        email = self.email.rpartition(":")[2]  # `<@relay:name@domain>`, a route of the last century
        if not email and (found := EMAIL.search(written)):
            email = found.group()
            written = (written[: found.start()] + written[found.end() :]).strip()
        name = headers.words(written) or headers.words("".join(self.comments).strip())
        if "@" in headers.words(email) and "=?" in email:
            email = headers.words(email)
        if email or name:
            self.found.append(Address(named(name), text.line(email, 320)))
        self.clear()


def unquoted(word: str) -> str:
    return ESCAPED.sub(r"\1", word[1:-1]) if word.startswith('"') and len(word) > 1 else word


def named(name: str) -> str:
    """Without the quotes that some programs put around the quotes."""
    name = text.line(name, NAME_CHARACTERS)
    quoted = len(name) > 1 and name[0] == name[-1] and name[0] in "'\""
    return name[1:-1].strip() if quoted else name
