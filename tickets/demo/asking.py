"""What a contact says when opening a ticket of the demo: complete by the requirements, filled from a scenario."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from contacts.models import Contact, Service, Tenant
from tickets import evidence, numbers
from tickets.demo import papers
from tickets.demo.scenarios import Scenario
from tickets.demo.slots import Slots
from tickets.models import Ticket
from tickets.moments import Moment
from tickets.priority import Impact, Urgency
from tickets.qualification import TOLD, Answer
from tickets.requirements import Item, TicketType
from tickets.workflow import Opening


@dataclass(frozen=True)
class Case:
    """Who files what for whom. `persons` may be called besides the opener; `earlier` is a ticket like this one."""

    by: Contact
    scenario: Scenario
    service: Service
    tenants: Sequence[Tenant]
    slots: Slots
    level: tuple[Impact, Urgency]
    persons: Sequence[Contact] = ()
    earlier: Ticket | None = None


def opening(rng: Random, case: Case, at: datetime) -> Opening:
    words = case.scenario.words[case.slots.language]
    impact, urgency = case.level
    incident = case.scenario.type == TicketType.INCIDENT
    description = words.description if incident else f"{words.description} {words.done}"
    began = _began(rng, case, at) if incident else at
    asked = _incident(rng, case, began, at) if incident else _wish(rng, case, at)
    return Opening(
        type=case.scenario.type,
        submission=uuid.UUID(int=rng.getrandbits(128), version=4),
        subject=case.slots.fill(rng.choice(words.subject), began),
        description=case.slots.fill(description, began),
        impact_description=case.slots.fill(words.impact, began),
        impact=impact,
        urgency=urgency,
        phone=case.by.phone,
        tenants=case.tenants,
        services=[case.service],
        contact_persons=case.persons,
        interface=case.slots.fill(rng.choice(case.scenario.interface), at),
        data_centre=case.slots["dc"] if rng.random() < 0.6 else "",
        related=[case.earlier.pk] if case.earlier else [],
        attachments=[papers.make(rng, "log", case.slots, at)] if incident and rng.random() < 0.07 else [],
        **asked,
    )


def _began(rng: Random, case: Case, at: datetime) -> datetime:
    """What is urgent is reported sooner."""
    return at - timedelta(minutes=rng.randrange(15, 70 if case.level[1] == Urgency.HIGH else 300, 5))


def _incident(rng: Random, case: Case, began: datetime, at: datetime) -> dict[str, Any]:
    words = case.scenario.words[case.slots.language]
    reproduced = rng.choices(list(Ticket.Reproduced), [5, 2, 3])[0]
    known = case.earlier is not None and rng.random() < 0.5
    return {
        "started": _moment(began, case.slots),
        "ended": _moment(at - timedelta(minutes=10), case.slots) if rng.random() < 0.08 else None,
        "error_pattern": case.slots.fill(case.scenario.error, began),
        "affected_count": len(case.tenants) + (rng.randint(1, 5) if case.level[0] == Impact.HIGH else 0),
        "reproduced": reproduced.value,
        "reproduction_steps": "" if reproduced == Ticket.Reproduced.NOT_TRIED else case.slots.fill(words.steps, began),
        "actions_taken": case.slots.fill(words.done, began),
        "tests_allowed": rng.random() < 0.75,
        "known": known,
        "known_reference": numbers.display(case.earlier.pk) if known and case.earlier else "",
        "examples": examples(rng, case, began),
        "qualification": _checked(case, words.done, began),
    }


def _checked(case: Case, done: str, began: datetime) -> dict[Item, Answer]:
    """Both levels' steps. What was found in the own records is the earlier ticket."""
    found = Answer("found", numbers.display(case.earlier.pk)) if case.earlier else Answer("nothing")
    help_desk = {Item.HELP_DESK: Answer("not needed")} if case.by.partner.helpdesk_included else {}
    return help_desk | {
        Item.CUSTOMER_INFORMATION: Answer("correct"),
        Item.REMOTE_CONNECTION: Answer("works"),
        Item.RECORDS_SEARCHED: found,
        Item.CUSTOMISATION: Answer("standard"),
        Item.SYSTEM_ACCESS: Answer("not needed"),
        Item.TRIAGE: Answer(TOLD, case.slots.fill(done, began)),
    }


def _wish(rng: Random, case: Case, at: datetime) -> dict[str, Any]:
    """A change is asked for permission to send tests, a service request for an example."""
    if case.scenario.type == TicketType.CHANGE:
        return {"tests_allowed": rng.random() < 0.7}
    return {"examples": examples(rng, case, at - timedelta(hours=20))[:1]}


def examples(rng: Random, case: Case, began: datetime) -> list[dict[str, str]]:
    """One to three affected transactions, with the columns of the service."""
    moments = [began + timedelta(minutes=rng.uniform(0, 15) * step) for step in range(rng.choice((1, 2, 2, 3)))]
    return [_example(case, at, job) for at, job in zip(moments, ("job", "job2", "job3"), strict=False)]


def _example(case: Case, at: datetime, job: str) -> dict[str, str]:
    slots, sends = case.slots, case.scenario.sends
    number = slots["mobile"] if case.scenario.service == "sms" else slots["number"]
    values = {
        "occurred": _moment(at, slots).as_written(),
        "job_id": slots[job],
        "sender": slots["inside"] if sends else slots["outside"],
        "recipient": slots["outside"] if sends else slots["inside"],
        "sending_account": slots["account"],
        "inbound_number": "" if sends else number,
        "termination_address": number if sends else slots["inside"],
        "status": slots.fill(case.scenario.status, at),
        "log_extract": slots.fill(case.scenario.log.replace("{job}", slots[job]), at),
    }
    return {column: values[column] for column in evidence.columns([case.scenario.service])}


def _moment(at: datetime, slots: Slots) -> Moment:
    whole = at.replace(second=0, microsecond=0)
    offset = whole.astimezone(slots.zone).utcoffset() or timedelta()
    return Moment(whole, int(offset.total_seconds() // 60))
