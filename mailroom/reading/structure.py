"""A mail taken apart: headers, and the tree of its parts (RFC 5322, RFC 2046), damage included.

Works on slices of the bytes and never fails: what does not keep to the rules is read as the text it is. Deeper than
`DEPTH_MAX` nothing is taken apart, and after `PARTS_MAX` parts the rest stays as one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailroom.reading import headers, transfer

DEPTH_MAX = 25
PARTS_MAX = 2_000
HEADER_LINES_MAX = 5_000

NAME = re.compile(rb"([\x21-\x39\x3b-\x7e]{1,200})[ \t]*:[ \t]*")
ENVELOPE_LINE = re.compile(rb">?From [^\r\n]*\r?\n?")
BOUNDARY_LIKE = re.compile(rb"^--([^\r\n\s]{1,200})[ \t]*\r?\n(?=content-)", re.MULTILINE | re.IGNORECASE)
#: A line that is no header stands among headers if one of these still follows before the empty line.
OF_MAILS = re.compile(
    rb"(?:content-[a-z-]+|mime-version|from|to|cc|subject|date|received|message-id|reply-to|return-path|x-[a-z-]+):",
    re.IGNORECASE,
)


@dataclass
class Part:
    """`content` is what stands in the mail, still encoded; a multipart has `children` instead. `within` is
    the type of the part around it.
    """

    fields: list[tuple[str, bytes]]
    content: bytes = b""
    default: str = "text/plain"
    children: list["Part"] = field(default_factory=list)
    within: str = ""
    type: str = ""
    parameters: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        declared, self.parameters = headers.kind(self.get("content-type"))
        self.type = declared if "/" in declared else self.default

    def get(self, name: str) -> bytes:
        """The first value of a header, as it stands there; empty without one."""
        return next((value for found, value in self.fields if found == name), b"")

    def all(self, name: str) -> list[bytes]:
        return [value for found, value in self.fields if found == name]

    @property
    def encoding(self) -> str:
        return self.get("content-transfer-encoding").decode("ascii", "replace").strip().lower().partition(";")[0]

    @property
    def disposition(self) -> tuple[str, dict[str, str]]:
        value = self.get("content-disposition")
        return headers.kind(value) if value else ("", {})

    @property
    def data(self) -> bytes:
        return transfer.decode(self.content, self.encoding)

    @property
    def charset(self) -> str:
        return self.parameters.get("charset", "")

    def walk(self) -> Iterator["Part"]:
        yield self
        for child in self.children:
            yield from child.walk()


def take_apart(raw: bytes) -> Part:
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")  # line ends of an old Mac
    root, at = with_headers(raw.lstrip(b"\r\n"), "text/plain")
    Splitter().fill(root, raw.lstrip(b"\r\n")[at:], 0)
    return root


def head(raw: bytes) -> Part:
    """The headers alone."""
    return with_headers(raw.lstrip(b"\r\n"), "text/plain")[0]


def with_headers(raw: bytes, default: str) -> tuple[Part, int]:
    """The part with its headers, and where its content begins."""
    fields: list[tuple[str, bytes]] = []
    found = ENVELOPE_LINE.match(raw)
    at = found.end() if found else 0
    for _ in range(HEADER_LINES_MAX):
        stop = raw.find(b"\n", at)
        stop = len(raw) if stop < 0 else stop + 1
        row = raw[at:stop].rstrip(b"\r\n")
        if not row.strip(b" \t") and (not row or not follows(raw, stop)):
            at = stop
            break
        if row[:1] in b" \t" and fields:
            fields[-1] = (fields[-1][0], fields[-1][1] + b"\n" + row if len(fields[-1][1]) < 100_000 else fields[-1][1])
        elif name := NAME.match(row):
            fields.append((name.group(1).decode("ascii").lower(), row[name.end() :]))
        elif not (row.startswith((b"From ", b">From ")) or headers_go_on(raw, stop)):
            break
        at = stop
    return Part(fields, default=default), at


def follows(raw: bytes, at: int) -> bool:
    """Whether a blank line with spaces in it is followed by more headers: then it is one broken in two."""
    return OF_MAILS.match(raw, at) is not None


def headers_go_on(raw: bytes, at: int) -> bool:
    for _ in range(30):
        stop = raw.find(b"\n", at)
        row = raw[at : stop if stop >= 0 else len(raw)].rstrip(b"\r")
        if not row:
            return False
        if OF_MAILS.match(row):
            return True
        if stop < 0 or not (NAME.match(row) or row[:1] in b" \t"):
            return False
        at = stop + 1
    return False


class Splitter:
    def __init__(self) -> None:
        self.parts = 0

    def fill(self, part: Part, content: bytes, depth: int) -> None:
        """Give the part its children, or its content when it has none."""
        if part.type.startswith("multipart/") and depth < DEPTH_MAX:
            default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
            pieces = cut(content, boundary_of(part)) or cut(content, guessed(content))
            for piece in pieces:
                if not piece.strip() and len(pieces) > 1:
                    continue
                self.parts += 1
                if self.parts > PARTS_MAX:
                    break
                child, at = with_headers(piece, default)
                child.within = part.type
                self.fill(child, piece[at:], depth + 1)
                part.children.append(child)
        if not part.children:
            part.content = content


def boundary_of(part: Part) -> bytes:
    return part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")


def guessed(content: bytes) -> bytes:
    """The boundary that the parts use although nobody has told it."""
    found = BOUNDARY_LIKE.search(content)
    return found.group(1) if found else b""


def cut(content: bytes, boundary: bytes) -> list[bytes]:
    """What stands between the boundaries; empty when there are none. The closing one may be missing."""
    if not boundary:
        return []
    mark = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?(?=\n)|\r?\Z)")
    pieces = []
    start = -1
    for found in mark.finditer(content):
        if start >= 0:
            pieces.append(content[start : max(start, found.start())])
        start = -1 if found.group(1) else found.end() + 1
    if start >= 0:
        pieces.append(content[start:])
    return pieces
