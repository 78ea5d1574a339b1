"""Translations are compiled without msgfmt, once."""

import gettext
import os
from pathlib import Path

from partnerdesk.catalogs import compile_changed

TEXT = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Escalate"
msgstr "Eskalieren"

#, fuzzy
msgid "Close"
msgstr "Vielleicht schließen"

msgctxt "month"
msgid "May"
msgstr "Mai"

msgid "%d ticket"
msgid_plural "%d tickets"
msgstr[0] "%d Ticket"
msgstr[1] "%d Tickets (Öffnen)"
"""


def test_catalog_is_compiled_once_and_again_when_its_text_changes(tmp_path: Path) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(TEXT, encoding="utf-8")
    assert compile_changed(tmp_path) == [folder / "django.mo"]
    assert compile_changed(tmp_path) == []

    german = gettext.translation("django", tmp_path, ["de"])
    assert [german.gettext("Escalate"), german.gettext("Close"), german.pgettext("month", "May")] == [
        "Eskalieren",
        "Close",
        "Mai",
    ]
    assert german.ngettext("%d ticket", "%d tickets", 2) == "%d Tickets (Öffnen)"

    os.utime(source, (source.stat().st_atime, source.stat().st_mtime + 5))
    assert compile_changed(tmp_path) == [folder / "django.mo"]
    assert sorted(path.name for path in folder.iterdir()) == ["django.mo", "django.po"]
