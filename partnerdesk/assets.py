"""Bootstrap's files out of its wheel: no third-party code in the repository, no foreign host in a page."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

# The maps are named in the minified files, and the manifest refuses a name it cannot find.
USED = (
    "css/bootstrap.min.css",
    "css/bootstrap.min.css.map",
)


class BootstrapFinder(BaseFinder):
    """Finds `bootstrap/css/…`, and of the wheel's forty files only the ones in USED: no page needs its script."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        spec = find_spec("bootstrap")
        if spec is None or not spec.submodule_search_locations:
            raise ModuleNotFoundError("bootstrap-wrapper is not installed: pip install -r requirements.txt")
        self.storage = FileSystemStorage(location=Path(spec.submodule_search_locations[0]))
        self.storage.prefix = "bootstrap"  # type: ignore[attr-defined]  # collectstatic's own convention

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = path.removeprefix("bootstrap/")
        found = [self.storage.path(name)] if path.startswith("bootstrap/") and name in USED else []
        return found if find_all or kwargs.get("all") else (found[0] if found else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for name in USED:
            yield name, self.storage
