"""Stories of the past, by chance: how fast an answer came, what was asked, who escalated, how it ended."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from tickets.clock import Target
from tickets.demo.hours import in_hours
from tickets.demo.life import NotYet
from tickets.demo.teller import Teller
from tickets.priority import Priority

#: Share of the target that the middle ticket takes, and how widely the others lie around it.
RESPONSE = (0.2, 0.75)
RESOLUTION = (0.3, 0.8)

Turn = Callable[[datetime], None]


def tell(teller: Teller, target: Target) -> None:
    """The story until it is over or now is reached."""
    try:
        if teller.rng.random() < 0.03:
            teller.close(partners_time(teller.rng, teller.life.at + timedelta(hours=teller.rng.uniform(1, 9))))
            return
        _open_up(teller, target)
        _work(teller, target)
        _end(teller)
    except NotYet:
        teller.life.notice_overdue(teller.life.now)


def _open_up(teller: Teller, target: Target) -> None:
    """Somebody takes it and answers, or solves it at once."""
    rng, opened_at = teller.rng, teller.life.at
    at = vendors_time(teller, opened_at + target.respond_within * _spread(rng, *RESPONSE))
    taken_at = opened_at + (at - opened_at) * rng.uniform(0.3, 0.9)
    (teller.hand_out if rng.random() < 0.35 else teller.take)(taken_at)
    if rng.random() < 0.25:
        teller.note(taken_at + (at - taken_at) * 0.7)
    roll = rng.random()
    if roll < 0.12:
        return
    if roll < 0.4:
        teller.receive(at)
        return
    waits = rng.random() < 0.75
    (teller.ask if waits else teller.ask_on)(at)
    _answer(teller)


def _answer(teller: Teller) -> None:
    delay = timedelta(hours=5 * _spread(teller.rng, 1.0, 1.0))
    teller.answer(partners_time(teller.rng, teller.life.at + delay))


def _work(teller: Teller, target: Target) -> None:
    """What happens between the first answer and the remedy; the more time it takes, the more."""
    rng, life = teller.rng, teller.life
    whole = target.resolve_within * _spread(rng, *RESOLUTION)
    ends_at = max(life.ticket.opened_at + life.ticket.paused + whole, life.at + timedelta(minutes=rng.uniform(8, 50)))
    turns = _turns(teller, ends_at)
    step = (ends_at - life.at) / (len(turns) + 1)
    for place, turn in enumerate(turns, 1):
        turn(vendors_time(teller, ends_at - step * (len(turns) + 1 - place) * rng.uniform(0.9, 1.0)))
    teller.resolve(vendors_time(teller, ends_at))


def _turns(teller: Teller, ends_at: datetime) -> list[Turn]:
    rng, urgent = teller.rng, teller.life.ticket.priority <= Priority.P2
    long = ends_at - teller.life.at > timedelta(hours=6)
    turns: list[Turn] = []
    if rng.random() < 0.4:
        turns.append(teller.note)
    if rng.random() < (0.6 if urgent else 0.3):
        turns.append(lambda at: teller.expect(at, max((ends_at - at) * rng.uniform(0.6, 1.2), timedelta(hours=1))))
    if long and rng.random() < 0.35:
        turns.append(teller.update)
    if rng.random() < 0.06 and 1 < teller.life.ticket.priority < 4:
        turns.append(rng.choice((teller.raise_priority, teller.lower_priority)))
    if long and rng.random() < 0.25:
        turns += [teller.press, teller.soothe]
    if rng.random() < (0.14 if urgent else 0.05):
        turns += [teller.escalate, teller.take_over]
    if long and rng.random() < 0.12:
        turns += [lambda at: teller.expect(at, timedelta(hours=rng.choice((4, 8, 24)))), teller.update]
    return turns


def _end(teller: Teller) -> None:
    """The partner closes it, or reopens it, or says no more."""
    rng, life = teller.rng, teller.life
    if rng.random() < 0.06:
        teller.reopen(partners_time(rng, life.at + timedelta(hours=rng.uniform(4, 40))))
        teller.resolve_again(vendors_time(teller, life.at + timedelta(hours=rng.uniform(1, 20))))
    if rng.random() < 0.45:
        teller.close(partners_time(rng, life.at + timedelta(hours=40 * _spread(rng, 0.5, 0.8))))
    else:
        teller.lapse(vendors_time(teller, life.at + timedelta(days=7, hours=rng.uniform(0, 3))))


def vendors_time(teller: Teller, at: datetime) -> datetime:
    """Somebody is always on call for P1 and P2; the rest is answered by day, on weekends too."""
    if teller.life.ticket.priority <= Priority.P2:
        return at
    return in_hours(teller.rng, at, 6.5, 21.5, weekends=True)


def partners_time(rng: Random, at: datetime) -> datetime:
    return in_hours(rng, at, 7.5, 18.0, weekends=False)


def _spread(rng: Random, middle: float, width: float) -> float:
    """Mostly near `middle`, now and then several times as much, never more than six times."""
    return middle * min(math.exp(rng.gauss(0, width)), 6.0)
