"""Whatever is written in an article, the page gets harmless markup."""

from html.parser import HTMLParser

import pytest
from django.utils.safestring import SafeString

from kb import markup

ALLOWED = {
    "p", "br", "hr", "strong", "em", "a", "ul", "ol", "li", "code", "pre", "blockquote", "h2", "h3", "h4",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css'</style>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<a href=javascript:alert(1)>x</a>",
    "<p style=position:fixed onmouseover=alert(1)>x</p>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x]( javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](ftp://evil.example/x)",
    "[x](blob:https://evil.example/x)",
    '[x](https://evil.example/"onmouseover="alert(1))',
    "[x](https://evil.example 'a\" onmouseover=\"alert(1)')",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    '![x](x "onerror=alert(1)")',
    "<javascript:alert(1)>",
    "<https://evil.example/<script>alert(1)</script>>",
    "[x]: javascript:alert(1)\n\n[x]",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```"onmouseover="alert(1)\nx\n```',
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "# <script>alert(1)</script>",
    "> <img src=x onerror=alert(1)>",
    "1. <svg onload=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\<script>alert(1)\\</script>",
]


class Reading(HTMLParser):
    """What a browser would see: the tags, and what their attributes say."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag not in ALLOWED:
            self.faults.append(tag)
        for name, value in attrs:
            self.check(tag, name, value or "")

    def check(self, tag, name, value):
        safe = {
            ("a", "href"): value.startswith(("https://", "http://", "mailto:", "/")) or ":" not in value,
            ("a", "title"): True,
            ("a", "rel"): value == "noopener noreferrer",
            ("ol", "start"): value.isdigit(),
            ("table", "class"): value == "table",
            ("td", "class"): value == "text-break",
            ("th", "class"): value == "text-break",
        }
        if not safe.get((tag, name)):
            self.faults.append(f"{tag} {name}={value}")

    def handle_comment(self, data):
        self.faults.append(f"comment {data}")

    def handle_decl(self, decl):
        self.faults.append(decl)

    def handle_pi(self, data):
        self.faults.append(data)


def test_there_are_at_least_fifty_payloads():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 50


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_gets_through(payload):
    for text in (payload, f"Before {payload} after", f"- {payload}\n- x"):
        html = markup.render(text)
        assert isinstance(html, SafeString)
        assert Reading(html).faults == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_cleaner_alone_holds_too(payload):
    """So that a fault of the parser is not the end."""
    assert Reading(markup.CLEANER.clean(payload)).faults == []


def test_the_reader_of_this_test_finds_what_it_looks_for():
    assert Reading("<script>x</script><a href='javascript:x' onclick=x>y</a>").faults == [
        "script",
        "a href=javascript:x",
        "a onclick=x",
    ]


def test_what_articles_are_made_of_comes_out_right():
    assert markup.render('3. **One** [two](https://a.example/ "t")\n4. three `four`') == (
        '<ol start="3">\n<li><strong>One</strong> '
        '<a href="https://a.example/" title="t" rel="noopener noreferrer">two</a></li>\n'
        "<li>three <code>four</code></li>\n</ol>\n"
    )
    assert markup.render("# Big\n\n## Middle") == "Big\n<h2>Middle</h2>\n"


def test_a_summary_is_the_first_paragraph_cut():
    assert markup.summary("# Title\n\nFirst *line*\nsecond.\n\nNext.") == "First line second."
    assert markup.summary("word " * 100) == "word " * 27 + "word…"
    assert markup.summary("- only a list") == "only a list"
