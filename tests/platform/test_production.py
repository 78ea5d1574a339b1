"""Production refuses settings that are not fit for it, in a process of its own, as it would at its start."""

import os
import subprocess
import sys

import pytest

from partnerdesk.local.places import CHECKOUT

FIT = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "SITE_URL": "https://support.example.com",
    "DATABASE_URL": "postgres://nobody@/none?host=/nonexistent",
}


def python(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"]} | env,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"DEBUG": "True"}, "DEBUG is on."),
        ({"DEMO": "True"}, "DEMO is on."),
        ({"SECRET_KEY": ""}, "SECRET_KEY must be a random text"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be a random text"),
        ({"SECRET_KEY": "x" * 60}, "SECRET_KEY must be a random text"),
        ({"PARTNERDESK_ENV": "staging"}, "PARTNERDESK_ENV must be"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
    ],
)
def test_production_does_not_start_with(change: dict[str, str], said: str) -> None:
    refused = python("-c", "from partnerdesk import settings", **{**FIT, **change})
    assert refused.returncode == 1
    assert said in refused.stderr.splitlines()[-1]


def test_production_with_good_settings_has_nothing_to_complain_about() -> None:
    checked = python("-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING", **FIT)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_forgotten_environment_is_production() -> None:
    asked = python("-c", "from partnerdesk import settings; print(settings.PRODUCTION, settings.DEBUG)", **FIT)
    assert asked.stdout == "True False\n"
