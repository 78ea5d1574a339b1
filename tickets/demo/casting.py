"""Who files which ticket of the past for whom, by chance and by habit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from contacts.demo import People
from contacts.models import Contact, Service, Tenant
from tickets.demo import slots
from tickets.demo.asking import Case
from tickets.demo.scenarios import Scenario, scenarios
from tickets.models import Ticket


@dataclass(frozen=True)
class Opener:
    """A contact with their share of all tickets, of German ones among these, and whom they file for how often."""

    contact: Contact
    share: float
    german: float
    tenants: Sequence[tuple[Sequence[Tenant], float]]
    services: Mapping[str, float]


ALPINES = {"email-security": 0.44, "transactional-email": 0.3, "cloud-fax": 0.13, "sms": 0.13}
NORDWINDS = {"email-security": 0.34, "transactional-email": 0.26, "sms": 0.15, "edi": 0.25}


def openers(people: People) -> list[Opener]:
    alpine, nordwind = people.alpine, people.nordwind
    both = [alpine.bergbahn, alpine.hotels]
    second_level = [([alpine.bergbahn], 0.35), ([alpine.hotels], 0.5), (both, 0.15)]
    theirs = [([nordwind.insurance], 0.3), ([nordwind.shipping], 0.27), ([nordwind.retail], 0.37)]
    every = ([nordwind.insurance, nordwind.shipping, nordwind.retail], 0.06)
    return [
        Opener(alpine.l1, 0.26, 1.0, [([alpine.bergbahn], 1.0)], ALPINES),
        Opener(alpine.l2, 0.3, 0.45, second_level, ALPINES),
        Opener(alpine.admin, 0.09, 0.7, second_level, ALPINES),
        Opener(nordwind.l2, 0.35, 0.0, [*theirs, every], NORDWINDS),
    ]


@dataclass
class Caster:
    """Draws cases one after the other and remembers them, so that a later one can point to an earlier one."""

    openers: Sequence[Opener]
    services: Mapping[str, Service]
    colleagues: Mapping[int, Sequence[Contact]]  # by partner
    before: dict[tuple[str, int], Ticket]

    def draw(self, rng: Random) -> Case:
        opener = rng.choices(self.openers, [each.share for each in self.openers])[0]
        tenants = rng.choices([who for who, _ in opener.tenants], [share for _, share in opener.tenants])[0]
        service = rng.choices(list(opener.services), list(opener.services.values()))[0]
        fitting = [each for each in scenarios().values() if each.service == service]
        scenario = rng.choices(fitting, [each.weight for each in fitting])[0]
        language = "de" if rng.random() < opener.german else "en"
        return self.case(rng, opener.contact, scenario, tenants, language)

    def case(self, rng: Random, by: Contact, scenario: Scenario, tenants: Sequence[Tenant], language: str) -> Case:
        earlier = self.before.get((scenario.name, tenants[0].pk)) if len(tenants) == 1 else None
        return Case(
            by=by,
            scenario=scenario,
            service=self.services[scenario.service],
            tenants=tenants,
            slots=slots.draw(rng, scenario, tenants[0], language, by.partner.time_zone),
            level=rng.choice(scenario.levels),
            persons=self._persons(rng, by),
            earlier=earlier if rng.random() < 0.13 else None,
        )

    def remember(self, case: Case, ticket: Ticket) -> None:
        if len(case.tenants) == 1:
            self.before[case.scenario.name, case.tenants[0].pk] = ticket

    def _persons(self, rng: Random, by: Contact) -> list[Contact]:
        """Now and then somebody else of the partner may be called; whoever sees all tenants."""
        others = [person for person in self.colleagues[by.partner_id] if person != by and person.all_tenants]
        return [rng.choice(others)] if others and rng.random() < 0.15 else []
