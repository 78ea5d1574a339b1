"""docs/settings.md knows every variable the code reads, with its default."""

import re

from partnerdesk.local.places import CHECKOUT

PAGE = (CHECKOUT / "docs" / "settings.md").read_text()
READ = re.compile(r"""env(?:iron)?(?:\.\w+)?[(\[]"([A-Z][A-Z_]+)"(?:, (?:default=)?"?([^")]*))?""")
OF_THE_SYSTEM = {"PATH", "HOME", "LANG", "DJANGO_SETTINGS_MODULE"}


def read_by_the_code() -> dict[str, str]:
    """Name and default as written."""
    files = [*(CHECKOUT / "partnerdesk").rglob("*.py"), CHECKOUT / "gunicorn.conf.py"]
    return {name: default for file in files for name, default in READ.findall(file.read_text())}


def test_every_variable_is_listed() -> None:
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE))
    assert sorted(set(read_by_the_code()) - listed - OF_THE_SYSTEM) == []


def test_plain_defaults_are_the_ones_listed() -> None:
    listed = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]+)` \|", PAGE.partition("## On one machine")[0], re.MULTILINE))
    plain = {
        name: default
        for name, default in read_by_the_code().items()
        if default and name in listed and not default.startswith(("str(", "[")) and " if " not in default
    }
    assert len(plain) > 10
    assert plain == {name: listed[name] for name in plain}


def test_what_compose_asks_for_is_listed() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)[:}]", (CHECKOUT / "docker-compose.yml").read_text()))
    assert sorted(name for name in asked if f"`{name}`" not in PAGE) == []
