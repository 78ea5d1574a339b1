"""The compose file and the image: nothing runs as root that need not, and no secret is written down."""

import re

import pytest
from ruamel.yaml import YAML

from partnerdesk.local.places import CHECKOUT

COMPOSE = YAML(typ="safe").load(CHECKOUT / "docker-compose.yml")
SERVICES = COMPOSE["services"]
PORTAL = ("migrate", "web", "worker", "beat")


def test_the_services_are_these() -> None:
    assert set(SERVICES) == {*PORTAL, "db", "broker"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_keeps_or_gains_rights(name: str) -> None:
    service = SERVICES[name]
    assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    assert "privileged" not in service


@pytest.mark.parametrize("name", PORTAL)
def test_the_portal_writes_to_its_attachments_alone(name: str) -> None:
    assert SERVICES[name]["read_only"] is True
    assert SERVICES[name]["volumes"] == ["attachments:/data/attachments"]


def test_web_and_worker_wait_for_the_migrations() -> None:
    waits = {name: SERVICES[name]["depends_on"]["migrate"]["condition"] for name in ("web", "worker", "beat")}
    assert set(waits.values()) == {"service_completed_successfully"}


def test_images_are_named_with_their_major_version() -> None:
    assert (SERVICES["db"]["image"], SERVICES["broker"]["image"]) == ("postgres:18", "valkey/valkey:9")


def test_secrets_come_from_outside_and_their_absence_stops_the_start() -> None:
    environment = SERVICES["web"]["environment"]
    for name in ("SECRET_KEY", "EMAIL_URL", "SITE_URL"):
        assert environment[name].startswith(f"${{{name}:?")
    assert re.fullmatch(
        r"postgres://partnerdesk:\$\{POSTGRES_PASSWORD:\?[^}]+\}@db:5432/partnerdesk", environment["DATABASE_URL"]
    )
    assert SERVICES["db"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")


def test_only_the_web_is_reachable_and_only_from_this_host() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["127.0.0.1:${PORT:-8000}:8000"]
    }


def test_image_runs_under_an_account_of_its_own_and_holds_no_secret() -> None:
    lines = (CHECKOUT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001:10001"]
    assert [line for line in lines if re.match(r"(ENV|ARG).*(SECRET|PASSWORD|TOKEN)", line)] == []
    assert any(line.startswith("HEALTHCHECK ") for line in lines)


def test_image_gets_nothing_that_is_not_named() -> None:
    rules = [line for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert rules[0] == "*"
    named = [rule[1:] for rule in rules if rule.startswith("!")]
    assert [name for name in named if not (CHECKOUT / name).exists()] == []
