"""The turns a ticket's story can take, each with fitting words and the right person.

`history` decides by chance which turns a story of the past takes, `present` by a table for the tickets of today.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from contacts.demo import Desk
from contacts.models import User
from tickets.demo import papers
from tickets.demo.life import Life
from tickets.demo.scenarios import Scenario, phrases
from tickets.demo.slots import Slots
from tickets.priority import Priority


@dataclass
class Teller:
    """`holder` is the agent who works on it; `partner` files, answers and closes, `superior` escalates."""

    life: Life
    scenario: Scenario
    slots: Slots
    rng: Random
    desk: Desk
    holder: User
    partner: User
    superior: User
    used: set[str] = field(default_factory=set)
    pressed: int = 0

    def take(self, at: datetime) -> None:
        self.life.assign(self.holder, self.holder, at)

    def hand_out(self, at: datetime) -> None:
        self.life.assign(self.desk.lead, self.holder, at)

    def receive(self, at: datetime) -> None:
        self.life.reply(self.holder, self._say("received", at), at)

    def ask(self, at: datetime) -> None:
        self.life.reply(self.holder, self._words("question", at), at, wait=True)

    def ask_on(self, at: datetime) -> None:
        """A question that work need not wait for."""
        self.life.reply(self.holder, self._words("question", at), at)

    def answer(self, at: datetime) -> None:
        ending = self.scenario.attached
        files = [papers.make(self.rng, ending, self.slots, at)] if ending else []
        self.life.reply(self.partner, self._words("answer", at), at, files=files)

    def note(self, at: datetime) -> None:
        if self.scenario.note:
            self.life.note(self.holder, self.slots.fill(self.scenario.note, at), at)

    def update(self, at: datetime) -> None:
        self.life.reply(self.holder, self._say("update", at), at)

    def press(self, at: datetime) -> None:
        texts = phrases(self.slots.language)["press"]
        fresh = [place for place, text in enumerate(texts) if text not in self.used] or range(len(texts))
        self.pressed = self.rng.choice(fresh)
        self.used.add(texts[self.pressed])
        self.life.reply(self.partner, self.slots.fill(texts[self.pressed], at), at)

    def soothe(self, at: datetime) -> None:
        """What fits to how the partner has pressed: the texts stand side by side."""
        texts = phrases(self.slots.language)
        self.life.reply(self.holder, self.slots.fill(texts["answered"][self.pressed], at), at)

    def expect(self, at: datetime, within: timedelta) -> None:
        """Promise the remedy for a full or half hour, `within` from now or a little later."""
        name = "later" if self.life.ticket.expected_at else "expected"
        moment = (at + within + timedelta(minutes=30)).replace(second=0, microsecond=0)
        moment -= timedelta(minutes=moment.minute % 30)
        self.life.set_expected(self.holder, moment, self._say(name, at), at)

    def escalate(self, at: datetime) -> None:
        expected_at = self.life.ticket.expected_at
        name = "escalation"
        if expected_at and expected_at < at:
            name = "escalation_late"
        elif at - self.life.ticket.opened_at > timedelta(days=2):
            name = "escalation_slow"
        self.life.escalate(self.superior, self._say(name, at), at)

    def take_over(self, at: datetime) -> None:
        """The lead makes the escalated ticket his own."""
        self.holder = self.desk.lead
        self.life.assign(self.holder, self.holder, at)
        self.life.reply(self.holder, self._say("after_escalation", at), at + timedelta(minutes=4))

    def raise_priority(self, at: datetime) -> None:
        self._prioritise(Priority(self.life.ticket.priority - 1), "upgraded", at)

    def lower_priority(self, at: datetime) -> None:
        self._prioritise(Priority(self.life.ticket.priority + 1), "downgraded", at)

    def resolve(self, at: datetime) -> None:
        """Verdict first, as the workflow wants it, then the remedy."""
        if not self.life.ticket.verdict:
            self.life.give_verdict(self.holder, self.scenario.verdict, at)
        self.life.resolve(self.holder, self._words("resolution", at), at)

    def reopen(self, at: datetime) -> None:
        self.life.reopen(self.partner, self._say("reopened", at), at)

    def resolve_again(self, at: datetime) -> None:
        self.life.resolve(self.holder, self._say("again", at), at)

    def close(self, at: datetime) -> None:
        """By the partner, who is content."""
        self.life.close(self.partner, at)

    def lapse(self, at: datetime) -> None:
        """By the agent, after days without a word."""
        self.life.close(self.holder, at, str(phrases(self.slots.language)["quiet"]))

    def _say(self, name: str, at: datetime) -> str:
        """One of the texts of this name, none twice on a ticket while there are others."""
        texts = phrases(self.slots.language)[name]
        text = self.rng.choice([each for each in texts if each not in self.used] or texts)
        self.used.add(text)
        return self.slots.fill(text, at)

    def _words(self, name: str, at: datetime) -> str:
        return self.slots.fill(getattr(self.scenario.words[self.slots.language], name), at)

    def _prioritise(self, new: Priority, name: str, at: datetime) -> None:
        self.life.change_priority(self.holder, new, str(phrases(self.slots.language)[name]), at)
