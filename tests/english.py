"""Finds English on a German page: texts of the catalog left as they are, and words that only English has."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from tests.test_translations import CATALOG

#: Words that German does not have, and that hardly an English sentence can do without.
ENGLISH = re.compile(r"\b(the|and|of|your?|with|is|are|to|by|from|has|have|been|this|that|no|or|it|all|any|new|not)\b")

#: Names stay as they are, also those with an English word inside: a guide, addresses, time zones.
NAMES = re.compile(r"Support & Implementation Guide|[\w.+-]+@[\w.-]+|https?://\S+|[A-Z]\w+/[A-Z][\w /]+")

#: What the stock admin does not mark for translation, the picture of its search box, and the name of a mail's template.
CODES = {"Search", "ticket"}

BLANK = re.compile(r"%\(\w+\)[sd]|%[sd]")


class Visible(HTMLParser):
    """What a reader sees or hears of a page, piece by piece; without other languages and what somebody typed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.hidden: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self.hidden or tag in {"script", "style", "textarea"} or given.get("lang", "de") != "de":
            if tag not in {"input", "img", "br", "hr", "meta", "link", "path", "rect", "line", "circle", "polyline"}:
                self.hidden.append(tag)
            return
        names = {"aria-label", "placeholder", "title", "alt", "aria-description"}
        self.pieces += [value for name, value in attrs if name in names and value]

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and self.hidden[-1] == tag:
            self.hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden and data.strip():
            self.pieces.append(data)


def patterns() -> tuple[set[str], list[re.Pattern[str]]]:
    """The English texts that German says in another way: whole ones, and those with blanks and three words beside."""
    german = {form for entry in CATALOG for form in (entry.msgstr, *entry.msgstr_plural.values())}
    english = {form for entry in CATALOG for form in (entry.msgid, entry.msgid_plural) if form and form not in german}
    whole = {form for form in english if not BLANK.search(form)}
    open_ones = [BLANK.split(form) for form in english - whole]
    telling = [parts for parts in open_ones if len(re.findall(r"[A-Za-z]{2,}", " ".join(parts))) >= 3]
    return whole, [re.compile(".+".join(re.escape(part) for part in parts)) for parts in telling]


WHOLE, WITH_BLANKS = patterns()


def english_in(pieces: Iterable[str]) -> set[str]:
    texts = {" ".join(piece.split()) for piece in pieces} - CODES
    by_catalog = {text for text in texts if text in WHOLE or any(form.fullmatch(text) for form in WITH_BLANKS)}
    return by_catalog | {text for text in texts if ENGLISH.search(NAMES.sub("", text))}
