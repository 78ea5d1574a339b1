"""Files on the disk that no row names: an upload was cut, or a process died between file and row."""

import logging
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from tickets.models import DraftFile
from tickets.workflow.files import remove

log = logging.getLogger(__name__)

#: No transaction lasts as long: a younger file's row may still be on its way.
OLD_ENOUGH = timedelta(days=1)
AT_ONCE = 1_000


def remove_orphans(now: datetime, *, folders: slice = slice(None)) -> int:
    """Take off the disk what is older than a day and belongs to no ticket and no draft. Returns how many files.

    A file's age counts from its last change on this disk, so what a backup has just brought back is young again and
    waits for its rows. `folders` chooses among the folders of the storage, in their order.
    """
    removed = 0
    before = (now - OLD_ENOUGH).timestamp()
    names: list[str] = []
    for name in _older(before, folders):
        names.append(name)
        if len(names) == AT_ONCE:
            removed += _remove_unknown(names)
            names = []
    removed += _remove_unknown(names)
    if removed:
        log.warning("Removed files that no row names.", extra={"files": removed})
    return removed


def _older(before: float, folders: slice) -> Iterator[str]:
    """The stored names of files that were not changed since `before`, in seconds since 1970."""
    root = Path(settings.MEDIA_ROOT)
    for folder in sorted(path for path in root.glob("??") if path.is_dir())[folders]:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False) and _changed(entry) < before:
                    yield f"{folder.name}/{entry.name}"


def _changed(entry: os.DirEntry[str]) -> float:
    try:
        said = entry.stat(follow_symlinks=False)
    except FileNotFoundError:  # its draft was given up just now
        return float("inf")
    return max(said.st_mtime, said.st_ctime)


def _remove_unknown(names: list[str]) -> int:
    unknown = DraftFile.objects.unknown_among(names) if names else []
    remove(unknown)
    return len(unknown)
