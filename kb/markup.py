"""Markdown to HTML that may stand in a page, and to plain words.

The one place that vouches for markup. Raw HTML is off in the parser, and its output is cleaned once more by a library
that knows nothing of Markdown, so a fault in either is caught by the other. Nothing cleaned is ever stored: a better
cleaner is in force for old texts at once.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import nh3
from django.utils.safestring import SafeString, mark_safe  # noqa: TID251  # this is the one cleaner
from django.utils.text import Truncator
from markdown_it import MarkdownIt
from markdown_it.token import Token

# No images: they would be fetched from foreign hosts, which no page of ours may do.
PARSER = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")

CLEANER = nh3.Cleaner(
    # h1 is the page's own.
    tags={"p", "br", "hr", "strong", "em", "a", "ul", "ol", "li", "code", "pre", "blockquote", "h2", "h3", "h4"}
    | {"table", "thead", "tbody", "tr", "th", "td"},
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    # Long words in a cell break, so that a table never makes a phone scroll sideways.
    set_tag_attribute_values={
        "table": {"class": "table"},
        "td": {"class": "text-break"},
        "th": {"class": "text-break"},
    },
    link_rel="noopener noreferrer",
)

SUMMARY_WORDS = 28


@lru_cache(maxsize=1024)
def render(text: str) -> SafeString:
    """Clean HTML, kept in memory by text: an article is parsed once a process, not once a page view."""
    return mark_safe(CLEANER.clean(PARSER.render(text)))  # noqa: S308  # cleaned in this very line


def summary(text: str) -> str:
    """The first paragraph as plain words, 28 words at most."""
    tokens = PARSER.parse(text)
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open" and token.type == "inline":
            return Truncator(words(token)).words(SUMMARY_WORDS)
    return ""


def words(inline: Token) -> str:
    return "".join(_pieces(inline.children or []))


def _pieces(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        yield " " if token.type in {"softbreak", "hardbreak"} else token.content
