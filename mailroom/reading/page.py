"""HTML as text, the way a mail program would show it: structure as lines, links with their address, nothing hidden.

Lexbor reads the markup as browsers do and in C. What would cost it more than linear time (thousands of levels, or of
attributes of one tag) is taken out first.
"""

import os.path
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

HTML_CHARACTERS = 5_000_000
LEVELS_MAX = 400
NODES_MAX = 400_000
CELL_CHARACTERS = 5_000
CELLS_MAX = 5_000

DROPPED = frozenset(
    [
        "head",
        "style",
        "script",
        "title",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "select",
        "datalist",
        "audio",
        "video",
        "canvas",
        "map",
    ]
)
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "html",
        "li",
        "main",
        "nav",
        "section",
        "summary",
        "tr",
        "caption",
        "legend",
        "tbody",
        "thead",
        "tfoot",
    ]
)
SPACED = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "table", "pre", "hr"])
#: Outlook and most web programs set these without a margin.
TIGHT = re.compile(r"\bMso(?!Heading)\w*|\bxmso|plainTextBody", re.IGNORECASE)
NO_MARGIN = re.compile(r"(?<![\w-])margin(?:-top)?:\s*0")
HIDDEN = re.compile(
    r"display:\s*none|visibility:\s*hidden|mso-hide:\s*all|max-height:\s*0|font-size:\s*[01](?:px|pt)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
QUOTED = re.compile(r"\b(?:gmail|protonmail|yahoo|tutanota|moz-cite|zmail)_?\w*quote", re.IGNORECASE)
SPACE = re.compile(r"[ \t\r\n\f]+")
LONG_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9:]*)\b[^<>]{20000,}(?:>|(?=<)|\Z)")
LEVEL = re.compile(
    r"<(/?)(div|span|table|tbody|tr|td|font|center|blockquote|ul|ol|li|p|section)\b[^<>]*>", re.IGNORECASE
)
TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(style|script|head)\b.*?(?:</\1\s*>|\Z)|<[^<>]{0,20000}>", re.DOTALL | re.IGNORECASE
)
BARE = re.compile(r"^(?:https?://|mailto:|tel:)?(?:www\.)?|/$", re.IGNORECASE)
INVISIBLE = re.compile(r"[\u200b\u200c\u200d\u2060\u00ad\u034f\u2007\ufeff]")


@dataclass
class Text:
    text: str
    tables: list[list[list[str]]]


def as_text(html: str) -> Text:
    html = LONG_TAG.sub(r"<\1>", html[:HTML_CHARACTERS].replace("\x00", ""))
    page = Page()
    page.read(LexborHTMLParser(shallow(html)).root)
    return Text("\n".join(page.lines()), page.tables)


def stripped(html: str) -> Text:
    """Without markup, for one that the parser did not survive."""
    return Text(SPACE.sub(" ", TAG.sub(" ", html[:HTML_CHARACTERS])), [])


def shallow(html: str) -> str:
    """Without the levels beyond any that a person can have written."""
    if html.count("<") < LEVELS_MAX:
        return html
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        depth = max(0, depth + (-1 if match.group(1) else 1))
        return match.group() if depth <= LEVELS_MAX else " "

    return LEVEL.sub(keep, html)


class Page:
    """Pieces of text as they come, with the line breaks that are still owed before the next one."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.owed = 0
        self.fresh = True
        self.tab = False
        self.space = False
        self.pre = 0
        self.prefix: list[str] = []
        self.before = ""
        self.lists: list[int] = []
        self.links: list[tuple[str, int]] = []
        self.cells: list[int] = []
        self.open_tables: list[list[list[str]]] = []
        self.tables: list[list[list[str]]] = []

    def read(self, root: LexborNode | None) -> None:
        """Walk without recursion: depth is the writer's choice, our stack is not."""
        node, nodes = root, 0
        while node is not None and nodes < NODES_MAX:
            nodes += 1
            below = self.enter(node)
            if below is not None:
                node = below
                continue
            while node is not None:
                self.leave(node)
                if root is not None and node.mem_id == root.mem_id:
                    return
                if node.next is not None:
                    node = node.next
                    break
                node = node.parent

    def enter(self, node: LexborNode) -> LexborNode | None:
        tag = node.tag or ""
        if tag == "-text":
            self.say(node.text_content or "")
            return None
        if tag.startswith("-") and tag != "-document":
            return None
        if tag in DROPPED or self.is_hidden(node, tag):
            return None
        self.begin(node, tag)
        return node.first_child

    def is_hidden(self, node: LexborNode, tag: str) -> bool:
        if tag in {"html", "body"}:
            return False
        attributes = node.attributes
        return "hidden" in attributes or bool(HIDDEN.search(attributes.get("style") or ""))

    def begin(self, node: LexborNode, tag: str) -> None:
        if tag in BLOCKS:
            self.breaks(1)
        elif tag in SPACED:
            self.breaks(self.margin(node, tag))
        opener = getattr(self, f"begin_{tag}", None)
        if opener:
            opener(node)

    def leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag.startswith("-") or tag in DROPPED or self.is_hidden(node, tag):
            return
        closer = getattr(self, f"end_{tag}", None)
        if closer:
            closer(node)
        if tag in BLOCKS:
            self.breaks(1)
        elif tag in SPACED:
            self.breaks(self.margin(node, tag))

    def margin(self, node: LexborNode, tag: str) -> int:
        if (tag in {"ul", "ol"} and self.lists) or (tag == "table" and self.cells):
            return 1
        attributes = node.attributes
        tight = TIGHT.search(attributes.get("class") or "") or NO_MARGIN.search(attributes.get("style") or "")
        return 1 if tight else 2

    def breaks(self, count: int) -> None:
        if not self.fresh:
            self.owed = max(self.owed, count)

    def say(self, text: str) -> None:
        if self.pre:
            for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
                if number:
                    self.owed += 1
                if line:
                    self.put(line)
            return
        spaced = SPACE.sub(" ", text)
        if not spaced.strip(" "):
            self.space = self.space or bool(spaced)
            return
        if self.space or spaced[0] == " ":
            self.space = True
        self.put(spaced.strip(" "))
        self.space = spaced[-1] == " "

    def put(self, text: str) -> None:
        text = INVISIBLE.sub("", text)
        if not text:
            return
        if self.owed and self.pieces:
            self.pieces.extend(self.line_breaks(min(self.owed, 3)))
        elif self.tab:
            self.pieces.append("\t")
        elif not self.pieces:
            self.before = "".join(self.prefix)
            self.pieces.append(self.before)
        elif self.space and self.pieces[-1][-1:] not in {" ", "\t"}:
            self.pieces.append(" ")
        self.owed, self.tab, self.space, self.fresh = 0, False, False, False
        self.pieces.append(text)

    def line_breaks(self, count: int) -> list[str]:
        """Empty lines between a quotation and what is none belong to neither."""
        now = "".join(self.prefix)
        both = os.path.commonprefix([self.before, now])  # noqa: RUF071  # letters are what is compared
        self.before = now
        return ["\n" + both] * (count - 1) + ["\n" + now]

    def lines(self) -> list[str]:
        return "".join(self.pieces).split("\n")

    # --- what some elements do beyond breaking lines ---

    def begin_br(self, node: LexborNode) -> None:
        self.owed += 1
        self.space = False

    def begin_hr(self, node: LexborNode) -> None:
        self.put("_" * 32)

    def begin_pre(self, node: LexborNode) -> None:
        self.pre += 1

    def end_pre(self, node: LexborNode) -> None:
        self.pre -= 1

    def begin_blockquote(self, node: LexborNode) -> None:
        attributes = node.attributes
        quoted = (
            attributes.get("type") == "cite"
            or "cite" in attributes
            or QUOTED.search(attributes.get("class") or "")
            or "border-left" in (attributes.get("style") or "")
        )
        self.prefix.append("> " if quoted else "    ")

    def end_blockquote(self, node: LexborNode) -> None:
        self.prefix.pop()
        self.owed = max(self.owed, 1)

    def begin_ul(self, node: LexborNode) -> None:
        self.lists.append(-1)

    def begin_ol(self, node: LexborNode) -> None:
        start = node.attributes.get("start") or "1"
        self.lists.append(int(start[:6]) if start.isdecimal() and start.isascii() else 1)

    def end_ul(self, node: LexborNode) -> None:
        self.lists.pop()

    end_ol = end_ul

    def begin_li(self, node: LexborNode) -> None:
        indent = "  " * (len(self.lists) - 1)
        number = self.lists[-1] if self.lists else -1
        if number >= 0:
            self.lists[-1] += 1
        self.put(f"{indent}{number}." if number >= 0 else f"{indent}-")
        self.space, self.fresh = True, True

    def end_li(self, node: LexborNode) -> None:
        self.fresh = False

    def begin_a(self, node: LexborNode) -> None:
        self.links.append((node.attributes.get("href") or "", len(self.pieces)))

    def end_a(self, node: LexborNode) -> None:
        href, since = self.links.pop()
        shown = "".join(self.pieces[since:]).strip()
        address = href.strip()
        if not shown or not address.lower().startswith(("http://", "https://", "mailto:", "ftp://")):
            return
        address = address.removeprefix("mailto:")
        if BARE.sub("", address).lower() not in BARE.sub("", shown).lower():
            self.space = True
            self.put(f"({address[:2000]})")

    def begin_img(self, node: LexborNode) -> None:
        alt = SPACE.sub(" ", node.attributes.get("alt") or "").strip()
        if alt:
            self.put(f"[{alt[:200]}]")

    def begin_table(self, node: LexborNode) -> None:
        self.open_tables.append([])

    def end_table(self, node: LexborNode) -> None:
        rows = [row for row in self.open_tables.pop() if any(row)]
        if rows and any(len(row) > 1 for row in rows) and sum(map(len, rows)) < CELLS_MAX:
            self.tables.append(rows)

    def begin_tr(self, node: LexborNode) -> None:
        self.tab = False
        self.fresh = False
        self.owed = max(self.owed, 1)
        if self.open_tables:
            self.open_tables[-1].append([])

    def end_tr(self, node: LexborNode) -> None:
        self.tab = False
        self.fresh = False

    def begin_td(self, node: LexborNode) -> None:
        self.cells.append(len(self.pieces))
        self.fresh = True

    def end_td(self, node: LexborNode) -> None:
        since = self.cells.pop()
        cell = "".join(self.pieces[since:]).strip()
        if self.open_tables and self.open_tables[-1]:
            self.open_tables[-1][-1].append(cell[:CELL_CHARACTERS])
        self.owed = 1 if self.owed and not cell and not self.tab else 0
        self.tab = self.tab or bool(cell)
        self.fresh = True

    begin_th, end_th = begin_td, end_td
