"""The German catalog holds every text that the code marks, and says it with the same blanks."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.contrib import admin
from django.utils.translation.template import templatize

from partnerdesk.admin import SAID_BY_DJANGO
from tests.test_architecture import CODE, ROOT

CATALOG = polib.pofile(str(ROOT / "locale/de/LC_MESSAGES/django.po"))

#: A text as the catalog knows it: its context, the text, its plural.
Text = tuple[str, str, str]

#: Which argument is what, for every way of marking a text; the lazy ones are named after the others.
ARGUMENTS = {
    "gettext": ("text",),
    "ngettext": ("text", "plural"),
    "pgettext": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
}
BLANK = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}|</?\w+>")

#: Texts that Django says in another way, and may: Verlauf for Geschichte, a word for a dash, Speichern for Sichern.
OURS_BEFORE_DJANGOS = {"History", "None", "Save", *SAID_BY_DJANGO}


def listed() -> Iterator[Text]:
    for entry in CATALOG:
        if not entry.obsolete:
            yield entry.msgctxt or "", entry.msgid, entry.msgid_plural


def marked_in(tree: ast.AST) -> Iterator[Text]:
    """The texts in the calls of gettext and its kin, under whatever name they were imported."""
    names = {"_": "gettext"} | {kind: kind for kind in ARGUMENTS}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {alias.asname or alias.name: re.sub("_(lazy|noop)$", "", alias.name) for alias in node.names}
    for node in ast.walk(tree):
        kind = names.get(node.func.id) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
        if isinstance(node, ast.Call) and kind in ARGUMENTS:
            said = {name: ast.literal_eval(value) for name, value in zip(ARGUMENTS[kind], node.args, strict=False)}
            yield said.get("context", ""), said["text"], said.get("plural", "")


def calls_in(source: str) -> Iterator[ast.AST]:
    """A template as Django turns it for xgettext: calls of gettext between filling that is no Python."""
    for start in re.finditer(r"(?<!\w)(?:n?p?gettext|_)\(", source):
        for end in re.finditer(r"\)", source[start.start() :]):
            try:
                yield ast.parse(source[start.start() : start.start() + end.end()].replace(", count)", ")"))
            except SyntaxError:
                continue
            break


def marked() -> Iterator[tuple[Text, Path]]:
    for path in CODE:
        for text in marked_in(ast.parse(path.read_text())):
            yield text, path
    for path in (ROOT / "templates").rglob("*"):
        if path.suffix in {".html", ".txt"}:
            for call in calls_in(templatize(path.read_text())):
                for text in marked_in(call):
                    yield text, path


def test_the_catalog_holds_what_the_code_marks_and_nothing_else():
    found = {text: str(path.relative_to(ROOT)) for text, path in marked()}
    known = set(listed())
    assert {text: path for text, path in found.items() if text not in known} == {}, "not in the catalog"
    assert known - set(found) == set(), "no longer in the code"


@pytest.mark.parametrize(
    ("template", "texts"),
    [
        ("{% translate 'Show' %}", [("", "Show", "")]),
        ("{% translate 'May' context 'month' %}", [("month", "May", "")]),
        ("{{ at|date:_('j M Y') }}", [("", "j M Y", "")]),
        ("{% include 'x' with label=_('Name (short)') %}", [("", "Name (short)", "")]),
        ("{% blocktranslate with n=n|length %}{{ n }} of 9 %{% endblocktranslate %}", [("", "%(n)s of 9 %%", "")]),
        (
            "{% blocktranslate count n=n trimmed %}one {% plural %}\n {{ n }} (all) {% endblocktranslate %}",
            [("", "one", "%(n)s (all)")],
        ),
    ],
)
def test_texts_of_templates_are_found_however_they_are_marked(template: str, texts: list[Text]):
    assert [text for call in calls_in(templatize(template)) for text in marked_in(call)] == texts


def test_texts_of_python_are_found_under_any_name():
    code = """
from django.utils.translation import gettext as say, pgettext_lazy, ngettext
said = f"{say('one')} {pgettext_lazy('month', 'May')}"
ngettext("%d ticket", "%d tickets", number)
other("nothing")
"""
    found = [("", "one", ""), ("month", "May", ""), ("", "%d ticket", "%d tickets")]
    assert sorted(marked_in(ast.parse(code))) == sorted(found)


def test_every_text_is_translated_and_none_is_a_guess():
    assert [entry.msgid for entry in CATALOG if not entry.translated() or entry.fuzzy or entry.obsolete] == []


def pairs() -> Iterator[tuple[str, str]]:
    """Each English form with its German one."""
    for entry in CATALOG:
        yield entry.msgid, entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr
        if entry.msgid_plural:
            yield entry.msgid_plural, entry.msgstr_plural[1]


def test_both_languages_leave_the_same_blanks():
    faults = [pair for pair in pairs() if Counter(BLANK.findall(pair[0])) != Counter(BLANK.findall(pair[1]))]
    assert faults == []


def test_german_ends_as_the_english_does():
    """A label stays a label, a sentence a sentence."""
    ends = {pair: [text.rstrip()[-1] if text.rstrip()[-1] in ".:?,;" else "" for text in pair] for pair in pairs()}
    assert [pair for pair, (english, german) in ends.items() if english != german] == []


def test_german_says_sie_and_does_not_shout():
    familiar = re.compile(r"\b(du|dir|dich|dein\w*|euer|eure\w*)\b|!", re.IGNORECASE)
    assert [german for _english, german in pairs() if familiar.search(german)] == []


def test_texts_shared_with_django_mean_the_same_on_its_own_pages():
    """Ours come first everywhere: a noun of ours would stand on a button of the stock admin that is a verb there."""
    ours = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in CATALOG}
    stock = Path(admin.__file__).parents[2] / "conf/locale/de/LC_MESSAGES/django.po"
    admins = Path(admin.__file__).parent / "locale/de/LC_MESSAGES/django.po"
    theirs = [entry for path in (stock, admins) for entry in polib.pofile(str(path))]
    differing = {
        entry.msgid for entry in theirs if ours.get((entry.msgctxt, entry.msgid), entry.msgstr) != entry.msgstr
    }
    assert differing - OURS_BEFORE_DJANGOS == set()
