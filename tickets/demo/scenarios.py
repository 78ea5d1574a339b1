"""What tickets are about: the texts beside this file, by service and language."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tickets.priority import Impact, Urgency
from tickets.requirements import TicketType

TEXTS = Path(__file__).parent / "texts"
SERVICES = ("email-security", "transactional-email", "cloud-fax", "sms", "edi")
LANGUAGES = ("en", "de")


@dataclass(frozen=True)
class Words:
    """One scenario in one language."""

    subject: Sequence[str]
    description: str
    impact: str
    done: str
    steps: str
    question: str
    answer: str
    resolution: str


@dataclass(frozen=True)
class Scenario:
    """A fault or a wish that comes up again and again. `levels` are pairs of impact and urgency to draw from.

    `sends` says that the end-customer is the sender in the examples. `attached` is the ending of the file that the
    answer to the agent's question speaks of, or empty.
    """

    name: str
    service: str
    type: TicketType
    weight: int
    levels: Sequence[tuple[Impact, Urgency]]
    sends: bool
    interface: Sequence[str]
    error: str
    status: str
    log: str
    verdict: str
    note: str
    attached: str
    words: Mapping[str, Words]


@cache
def scenarios() -> Mapping[str, Scenario]:
    """All of them by `service/name`, in the order of the files."""
    found = [_scenario(service, name, table) for service in SERVICES for name, table in _read(service).items()]
    return {f"{scenario.service}/{scenario.name}": scenario for scenario in found}


@cache
def phrases(language: str) -> Mapping[str, Any]:
    """What is said on any ticket: a text or a list of texts under each name."""
    table: Mapping[str, Any] = _read("phrases")[language]
    return table


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def _scenario(service: str, name: str, table: Mapping[str, Any]) -> Scenario:
    return Scenario(
        name=name,
        service=service,
        type=TicketType(table["type"]),
        weight=table["weight"],
        levels=[_level(text) for text in table["levels"]],
        sends=table["direction"] == "out",
        interface=table["interface"],
        error=table["error"],
        status=table["status"],
        log=table["log"],
        verdict=table["verdict"],
        note=table["note"],
        attached=table.get("attached", ""),
        words={language: Words(**table[language]) for language in LANGUAGES},
    )


def _level(text: str) -> tuple[Impact, Urgency]:
    impact, urgency = text.split("/")
    return Impact(impact), Urgency(urgency)
