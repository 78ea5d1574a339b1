"""Header values as people read them: unfolded, decoded once, cleaned, bounded (RFC 2047, RFC 2231, and what mail
programs write instead)."""

import binascii
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from mailroom.reading import charsets, text, transfer

VALUE_BYTES = 64_000  # of one header; what comes after is nobody's subject
FOLDED = re.compile(rb"[\r\n]+[ \t]*")
QUOTED_IN_WORD = re.compile(rb"=([0-9A-Fa-f]{2})")
PARAMETER = re.compile(r';?\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
SECTION = re.compile(r"^(.*?)(?:\*(\d{1,3}))?(\*)?$", re.DOTALL)
ESCAPED = re.compile(r'\\(["\\])')
PARAMETERS_MAX = 200


def unfold(value: bytes) -> bytes:
    return FOLDED.sub(b" ", value[:VALUE_BYTES]).strip(b" \t\r\n")


def decode(value: bytes, hint: str = "") -> str:
    """The whole value as text; raw letters beyond ASCII are meant in UTF-8 or in `hint`, the charset of the body."""
    plain = charsets.decode(unfold(value), "", "")
    if hint and not plain.isascii():
        plain = raw_letters(unfold(value), hint)
    return words(plain)


def raw_letters(value: bytes, hint: str) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return charsets.decode(value, hint)


@dataclass(frozen=True)
class Word:
    """An encoded word: `=?charset?Q?letters?=`."""

    charset: str
    data: bytes


def words(value: str) -> str:
    """With every encoded word decoded. Blanks between two of them are theirs, not the reader's."""
    if "=?" not in value:
        return value
    parts: list[str | Word] = []
    at = 0
    while (start := value.find("=?", at)) >= 0:
        word, end = word_at(value, start)
        if word is None:
            if end < 0:
                break
            parts.append(value[at:end])
        else:
            between = value[at:start]
            if not (between.isspace() and parts and isinstance(parts[-1], Word)):
                parts.append(between)
            parts.append(word)
        at = end
    parts.append(value[at:])
    return joined(parts)


def word_at(value: str, start: int) -> tuple[Word | None, int]:
    """The word that begins there, and where to go on; -1 when no word can end after it."""
    charset_end = value.find("?", start + 2)
    if charset_end < 0:
        return None, -1
    encoding = value[charset_end + 1 : charset_end + 2].lower()
    if encoding not in {"b", "q"} or value[charset_end + 2 : charset_end + 3] != "?":
        return None, start + 2
    end = value.find("?=", charset_end + 3)
    if end < 0:
        return None, -1
    letters = value[charset_end + 3 : end].encode("utf-8", "replace")
    charset = value[start + 2 : charset_end].partition("*")[0].strip()
    if not charset or len(charset) > 60:
        return None, start + 2
    return Word(charset, transfer.base64(letters) if encoding == "b" else q_letters(letters)), end + 2


def q_letters(letters: bytes) -> bytes:
    return QUOTED_IN_WORD.sub(lambda match: binascii.unhexlify(match.group(1)), letters.replace(b"_", b" "))


def joined(parts: list[str | Word]) -> str:
    """Words that follow each other in one charset are read as one: some programs cut in the middle of a letter."""
    found: list[str] = []
    run: list[Word] = []
    for part in [*parts, ""]:
        if isinstance(part, Word):
            if run and run[-1].charset.lower() != part.charset.lower():
                found.append(together(run))
                run = []
            run.append(part)
        elif part or not parts:
            if run:
                found.append(together(run))
                run = []
            found.append(part)
    if run:
        found.append(together(run))
    return "".join(found)


def together(run: list[Word]) -> str:
    charset = run[0].charset
    if charset.lower().startswith("iso-2022"):  # each word begins and ends in ASCII
        return "".join(charsets.decode(word.data, charset) for word in run)
    return charsets.decode(b"".join(word.data for word in run), charset)


def kind(value: bytes) -> tuple[str, dict[str, str]]:
    """`text/plain; charset=utf-8` as type and parameters, names in lower case. The type is empty when there is none."""
    readable = charsets.decode(unfold(value))
    first, found, rest = readable.partition(";")
    if not found and "=" in first:  # `text/plain charset=utf-8`
        first, _, rest = first.partition(" ")
    name = re.sub(r"\s|\(.*", "", first, flags=re.DOTALL).strip('"').lower()
    return name, parameters(rest)


def parameters(rest: str) -> dict[str, str]:
    """Name and value of each; continued and percent-encoded ones (RFC 2231) put together."""
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for number, match in enumerate(PARAMETER.finditer(rest)):
        if number == PARAMETERS_MAX:
            break
        shape = SECTION.match(match.group(1).lower())
        name, section, extended = shape.groups() if shape else (match.group(1).lower(), None, None)
        value = unquote(match.group(2).strip())
        if section is None and not extended:
            plain.setdefault(name, words(value) if "=?" in value else value)
        else:
            sections.setdefault(name, {}).setdefault(int(section or 0), (value, bool(extended)))
    return plain | {name: continued(found) for name, found in sections.items()}


def unquote(value: str) -> str:
    if value.startswith('"'):
        return ESCAPED.sub(r"\1", value[1:].removesuffix('"'))
    return value


def continued(sections: dict[int, tuple[str, bool]]) -> str:
    """`utf-8'en'na%C3%AFve`, in one piece or several; only pieces with a star are percent-encoded."""
    charset, data = "", b""
    for number, (_, (value, extended)) in enumerate(sorted(sections.items())):
        if number == 0 and extended and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        data += unquote_to_bytes(value) if extended else value.encode("utf-8", "replace")
    return words(charsets.decode(data, charset))


def line(value: bytes, characters: int, hint: str = "") -> str:
    return text.line(decode(value, hint), characters)
