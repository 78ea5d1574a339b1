"""Which parts are the text, and which are files: what a good mail program would show, and where it would show a clip.

Plain text counts more than HTML where a mail offers both, unless it only says that the reader's program is too old.
Nothing is dropped: what is neither shown nor an alternative of what is shown becomes a file.
"""

import re
from dataclasses import dataclass, field

from mailroom.reading import charsets, files, page, plain, text
from mailroom.reading.files import Found
from mailroom.reading.structure import Part

SHOWN = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext", "text", "text/markdown"})
META_CHARSET = re.compile(rb"<meta[^>]{0,300}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)
STUB = re.compile(
    r"html|browser|mail client|e-?mail-?programm|format|view this|online|darstell|anzeigen|afficher", re.IGNORECASE
)
STUB_WORDS = 40
TEXT_BYTES = 4 * text.TEXT_CHARACTERS  # of one part; whoever writes more than that has attached a file
ENRICHED = re.compile(r"<param>.*?</param>|</?[a-zA-Z-]{1,60}>", re.IGNORECASE | re.DOTALL)
HIDDEN_BY_ITS_KIND = frozenset({"text/x-amp-html", "text/watch-html"})


@dataclass
class Body:
    texts: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    files: list[Found] = field(default_factory=list)
    has_html: bool = False

    @property
    def text(self) -> str:
        whole = text.tidy("\n\n".join(piece.strip("\n") for piece in self.texts if piece.strip()))
        limit = text.TEXT_CHARACTERS
        return whole if len(whole) <= limit else whole[: limit - 1] + "…"


def read(root: Part, careful: bool) -> Body:
    reader = Reader(careful)
    reader.read(root)
    body = reader.body
    if not body.text and reader.named:
        reader.show(reader.named[0])  # some programs give the text itself a name
        body.files = [file for file in body.files if file is not reader.named_files[0]]
    body.files = files.told_apart(body.files)
    return body


class Reader:
    """`careful`: after a parser that died over this mail, without the one step that can cost much."""

    def __init__(self, careful: bool) -> None:
        self.careful = careful
        self.body = Body()
        self.named: list[Part] = []
        self.named_files: list[Found] = []

    def read(self, part: Part) -> None:
        if part.type == "multipart/alternative" and part.children:
            self.alternative(part)
        elif part.type == "multipart/related" and part.children:
            self.related(part)
        elif part.type == "multipart/signed" and part.children:
            self.read(part.children[0])
            for child in part.children[1:]:
                self.keep(child)
        elif part.children:
            for child in part.children:
                self.read(child)
        elif self.is_text(part):
            self.show(part)
        else:
            self.keep(part)

    def is_text(self, part: Part) -> bool:
        disposition, _ = part.disposition
        if part.type.startswith("multipart/"):
            return True  # one whose parts cannot be told: the best there is to read
        if part.type not in SHOWN and not (part.type == "application/pgp" and not files.given_name(part)):
            return False
        return disposition != "attachment" and not files.given_name(part)

    def alternative(self, part: Part) -> None:
        ways = part.children
        written = next((way for way in ways if way.type == "text/plain" and self.is_text(way)), None)
        rich = next((way for way in reversed(ways) if holds(way, "text/html")), None)
        chosen = written or rich or next((way for way in ways if self.shows(way)), ways[-1])
        if written is not None and rich is not None and self.is_stub(written, rich):
            chosen = rich
        for way in ways:
            if way is chosen:
                self.read(way)
            else:
                self.files_only(way)

    def is_stub(self, written: Part, rich: Part) -> bool:
        """Whether the plain text says nothing, while the HTML does."""
        said = self.decoded(written)
        words = said.split()
        if not words:
            return True
        if len(words) > STUB_WORDS or not STUB.search(said):
            return False
        html = next(one for one in rich.walk() if one.type == "text/html")
        return len(self.page_of(html).text.split()) > 3 * len(words)

    def shows(self, part: Part) -> bool:
        return any(self.is_text(one) for one in part.walk() if not one.children)

    def related(self, part: Part) -> None:
        """The first part is the page, unless another is named; the others are what it is made of."""
        start = part.parameters.get("start", "").encode()
        root = next((one for one in part.children if start and start in one.get("content-id")), part.children[0])
        self.read(root)
        for child in part.children:
            if child is not root:
                self.files_only(child)

    def files_only(self, part: Part) -> None:
        """The files of a branch whose text is not shown."""
        self.body.has_html = self.body.has_html or holds(part, "text/html")
        for one in part.walk():
            if not one.children and not self.is_text(one) and one.type not in HIDDEN_BY_ITS_KIND:
                self.keep(one)

    def keep(self, part: Part) -> None:
        for one in part.walk():
            if not one.children:
                disposition, _ = one.disposition
                shown = one.within == "multipart/related" or disposition != "attachment"
                inline = shown and (bool(one.get("content-id")) or disposition == "inline")
                kept = files.found(one, inline=inline)
                self.body.files.append(kept)
                if one.type in SHOWN and disposition != "attachment":
                    self.named.append(one)
                    self.named_files.append(kept)

    def show(self, part: Part) -> None:
        if part.type == "text/html":
            self.body.has_html = True
            shown = self.page_of(part)
            self.body.texts.append(text.clean(shown.text))
            self.body.tables += [
                [[text.clean(cell).strip() for cell in row] for row in table] for table in shown.tables
            ]
            return
        self.body.texts.append(self.written(part))

    def written(self, part: Part) -> str:
        data, typed = plain.take_out_uuencoded(part.data)
        self.body.files += [
            Found(files.safe(one.name) or "attachment.bin", "application/octet-stream", one.data) for one in typed
        ]
        said = text.clean(charsets.decode(data[:TEXT_BYTES], part.charset))
        if part.parameters.get("format", "").lower() == "flowed":
            return plain.flowed(said, part.parameters.get("delsp", "").lower() == "yes")
        if part.type in {"text/enriched", "text/richtext"}:
            return ENRICHED.sub("", said)
        return said

    def decoded(self, part: Part) -> str:
        return text.clean(charsets.decode(part.data[:TEXT_BYTES], part.charset))

    def page_of(self, part: Part) -> page.Text:
        data = part.data
        label = part.charset
        if not charsets.known(label) and (declared := META_CHARSET.search(data[:4096])):
            label = declared.group(1).decode("ascii")
            label = "utf-8" if label.lower().startswith(("utf-16", "ucs-2")) else label
        html = charsets.decode(data[: page.HTML_CHARACTERS], label)
        return page.stripped(html) if self.careful else page.as_text(html)


def holds(part: Part, kind: str) -> bool:
    return any(one.type == kind and one.disposition[0] != "attachment" for one in part.walk())
