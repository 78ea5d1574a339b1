"""Text that is fit to be stored and shown: no control characters, one kind of line break, an end."""

import re

LINE_BREAKS = re.compile(r"\r+\n|\r|\x0b|\x0c|\x85|\u2028|\u2029")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
#: They let a name or a subject be shown as something it is not; a text in Arabic or Hebrew keeps its own.
DIRECTIONS = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
SURROGATES = re.compile(r"[\ud800-\udfff]")
#: But for the blank of `-- `, which begins a signature.
SPACES_AT_END = re.compile(r"(?<![ \t])(?!(?<=^--) $)[ \t]+$", re.MULTILINE)
MANY_LINES = re.compile(r"\n{4,}")

TEXT_CHARACTERS = 500_000


def clean(text: str) -> str:
    """Several lines, without what neither Postgres nor a page can hold."""
    if "\r" in text or not text.isascii() or "\x0b" in text or "\x0c" in text:
        text = SURROGATES.sub("\ufffd", LINE_BREAKS.sub("\n", text))
    return CONTROLS.sub("", text)


def line(text: str, characters: int) -> str:
    """One line, no longer than so many characters."""
    text = DIRECTIONS.sub("", clean(text)).replace("\n", " ").replace("\t", " ").replace("\xa0", " ").strip()
    return text if len(text) <= characters else text[: characters - 1] + "…"


def tidy(text: str) -> str:
    """As a reader sees it: no blanks at the ends of lines, but for the mark of a signature, no blank ends."""
    bare = SPACES_AT_END.sub("", text.replace("\xa0", " "))
    return MANY_LINES.sub("\n\n\n", bare).strip("\n")
