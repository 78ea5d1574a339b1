"""Some three hundred tickets over fourteen months up to now, so that lists, clocks and reports look like life.

    scenarios, texts/   what tickets are about, in English and German
    slots, papers       names, numbers and files that fill the texts
    casting, asking     who files what for whom
    life                one ticket's rows, told forward by the workflow's own rules
    teller              the turns a story can take
    history, hours      stories of the past, by chance
    present             the tickets of today, by a table
    known               the known issue that some of them have joined
    writing             lives become rows

Chance is drawn from fixed seeds, so the same moment gives the same demo.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from contacts.demo import People
from contacts.models import Contact, Contract, Service
from tickets.clock import Target
from tickets.demo import asking, history, hours, present, writing
from tickets.demo.asking import Case
from tickets.demo.casting import Caster, openers
from tickets.demo.life import Life
from tickets.demo.present import SCENES, Scene
from tickets.demo.scenarios import scenarios
from tickets.demo.teller import Teller
from tickets.models import ResponseTarget
from tickets.priority import derive
from tickets.workflow.opening import unstored

PAST = 273
#: The past ends here; what is younger stands in the table of the present.
GAP = timedelta(hours=30)
SEED = 73125


@dataclass(frozen=True)
class Agreed:
    """The targets of each service level by priority, and the level of each partner's services."""

    targets: Mapping[int, dict[int, Target]]
    levels: Mapping[tuple[int, int], int]


def load(people: People, now: datetime) -> int:
    """Write the tickets of the demo, in the caller's transaction. Returns how many."""
    past: list[tuple[datetime, Scene | None]] = [
        (at, None)
        for at in hours.openings(Random(SEED), now - GAP, PAST)  # noqa: S311
    ]
    today = [(now - timedelta(minutes=scene.opened), scene) for scene in SCENES]
    plans = sorted([*past, *today], key=lambda plan: plan[0])
    narrator = Narrator(people, _caster(people), _agreed(), now)
    lives = [
        narrator.tell(Random(f"{SEED}-{scene or place}"), number, at, scene)  # noqa: S311
        for place, (number, (at, scene)) in enumerate(zip(writing.numbers(len(plans)), plans, strict=True))
    ]
    writing.write(lives)
    return len(lives)


@dataclass
class Narrator:
    people: People
    caster: Caster
    agreed: Agreed
    now: datetime

    def tell(self, rng: Random, number: int, at: datetime, scene: Scene | None) -> Life:
        """One ticket from its opening to its end or to now, by the scene or, without one, by chance."""
        case = self._case(rng, scene)
        life = self._born(number, rng, case, at)
        holder = "lead" if (rng.random() < 0.28 if scene is None else scene.holder == "lead") else "agent"
        teller = Teller(
            life=life,
            scenario=case.scenario,
            slots=case.slots,
            rng=rng,
            desk=self.people.desk,
            holder=getattr(self.people.desk, holder),
            partner=case.by.user,
            superior=self._superior(rng, case.by).user,
        )
        if scene:
            present.tell(teller, scene)
        else:
            history.tell(teller, life.targets[life.ticket.priority])
        self.caster.remember(case, life.ticket)
        return life

    def _case(self, rng: Random, scene: Scene | None) -> Case:
        if scene is None:
            return self.caster.draw(rng)
        scenario, tenants = scenarios()[scene.of], scene.affected(self.people)
        case = self.caster.case(rng, scene.opener(self.people), scenario, tenants, scene.language)
        return replace(case, level=scene.impact_and_urgency)

    def _born(self, number: int, rng: Random, case: Case, at: datetime) -> Life:
        opening = asking.opening(rng, case, at)
        level = self.agreed.levels[case.by.partner_id, case.service.pk]
        targets = self.agreed.targets[level]
        priority = derive(opening.impact, opening.urgency)
        ticket = unstored(case.by, opening, service_level_id=level, target=targets[priority], now=at)
        ticket.pk = number
        related = [case.earlier] if case.earlier else []
        life = Life(ticket, opening, targets, self.now, rng, related=related)
        life.open()
        return life

    def _superior(self, rng: Random, by: Contact) -> Contact:
        """Who escalates: the opener, or at Alpine as often the admin or the manager."""
        alpine = self.people.alpine
        return rng.choice((by, alpine.admin, alpine.manager)) if by.partner_id == alpine.partner.pk else by


def _caster(people: People) -> Caster:
    alpine, nordwind = people.alpine, people.nordwind
    return Caster(
        openers=openers(people),
        services={service.code: service for service in Service.objects.all()},
        colleagues={alpine.partner.pk: [alpine.l1, alpine.l2, alpine.admin], nordwind.partner.pk: [nordwind.l2]},
        before={},
    )


def _agreed() -> Agreed:
    targets: dict[int, dict[int, Target]] = {}
    for row in ResponseTarget.objects.all():
        targets.setdefault(row.service_level_id, {})[row.priority] = row.target
    levels = {
        (contract.partner_id, service.pk): contract.service_level_id
        for contract in Contract.objects.in_force().prefetch_related("services")
        for service in contract.services.all()
    }
    return Agreed(targets, levels)
