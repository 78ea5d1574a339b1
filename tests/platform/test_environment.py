"""The script that makes .venv runs before anything is installed, under whatever Python there is."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from partnerdesk.local.places import CHECKOUT

SCRIPT = CHECKOUT / "partnerdesk" / "local" / "environment.py"
FILES = ("requirements", "requirements-local", "requirements-dev")
NAME = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


def pins(file: str) -> dict[str, str]:
    return {name.lower(): version for name, version in NAME.findall((CHECKOUT / file).read_text())}


def test_old_python_gets_a_sentence() -> None:
    pretend = "import sys, runpy; sys.version_info = (3, 9, 2); runpy.run_path(sys.argv[1], run_name='__main__')"
    told = subprocess.run([sys.executable, "-c", pretend, SCRIPT], capture_output=True, text=True)
    assert told.returncode == 1
    assert told.stderr.startswith("PartnerDesk needs Python 3.11 or newer and this is 3.")
    assert "Traceback" not in told.stderr


def test_old_python_can_read_the_script() -> None:
    ast.parse(SCRIPT.read_text(), feature_version=(3, 7))


def test_environment_is_made_once_and_installs_again_when_its_list_changes(tmp_path: Path) -> None:
    script = tmp_path / "partnerdesk" / "local" / SCRIPT.name
    script.parent.mkdir(parents=True)
    shutil.copy(SCRIPT, script)
    for file in FILES:
        (tmp_path / f"{file}.txt").write_text("# nothing to install, so no package index is needed\n")

    def call(file: str) -> list[str]:
        done = subprocess.run([sys.executable, script, f"{file}.txt"], check=True, capture_output=True, text=True)
        return done.stdout.splitlines()

    first = call("requirements-dev")
    assert first[:2] == [
        "Making .venv …",
        "Installing requirements-dev.txt into .venv (once; a minute or less) …",
    ]
    assert call("requirements-dev") == []
    assert call("requirements-local") == []  # the larger list holds it

    (tmp_path / "requirements-dev.txt").write_text("# changed\n")
    assert len(call("requirements-dev")) == 2


@pytest.mark.parametrize("file", FILES)
def test_every_direct_requirement_is_pinned_as_written(file: str) -> None:
    asked = {name: version for name, version in pins(f"{file}.in").items() if "*" not in version}
    locked = pins(f"{file}.txt")
    assert asked == {name: locked.get(name) for name in asked}


@pytest.mark.parametrize(("smaller", "larger"), [FILES[:2], FILES[1:]])
def test_each_list_holds_all_of_the_smaller_one(smaller: str, larger: str) -> None:
    """Else `make run` after `make test` would find itself installed and would not be."""
    held = pins(f"{larger}.txt")
    assert pins(f"{smaller}.txt") == {name: held.get(name) for name in pins(f"{smaller}.txt")}


@pytest.mark.parametrize("file", FILES)
def test_every_pin_carries_a_hash(file: str) -> None:
    entries = re.split(r"\n(?=\S)", (CHECKOUT / f"{file}.txt").read_text().strip())
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
