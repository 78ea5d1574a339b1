"""The translations as gettext wants them: `locale/*/LC_MESSAGES/*.po`, written by people, become `.mo` beside them.

In Python, because `msgfmt` is not on every machine. The start, the tests and the image call it; `.mo` files are not
committed, so they cannot be older than their text.
"""

import os
import tempfile
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_changed(locale: Path = LOCALE) -> list[Path]:
    """Write what is missing or older than its source, and return it. Fuzzy entries stay untranslated."""
    changed = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            replace(target, polib.pofile(str(source)).to_binary())
            changed.append(target)
    return changed


def replace(target: Path, content: bytes) -> None:
    """In one step: several test runs may do this at once."""
    handle, name = tempfile.mkstemp(dir=target.parent)
    with open(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)  # texts of the pages; the image's user reads what root has built
    os.replace(name, target)


if __name__ == "__main__":
    compile_changed()
