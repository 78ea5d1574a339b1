"""Bootstrap comes out of its package, and of its files only the ones a page uses."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from partnerdesk.assets import USED, BootstrapFinder


@pytest.mark.parametrize("name", USED)
def test_used_file_is_found_where_pages_name_it(name: str) -> None:
    found = finders.find(f"bootstrap/{name}")
    assert found is not None
    assert Path(found).name == Path(name).name


@pytest.mark.parametrize("name", ["bootstrap/js/bootstrap.js", "css/bootstrap.min.css", "bootstrap/../__init__.py"])
def test_nothing_else_of_the_package_is_served(name: str) -> None:
    assert finders.find(name) is None


def test_collecting_takes_the_used_files_alone() -> None:
    assert tuple(name for name, storage in BootstrapFinder().list([])) == USED
