"""Ours and a peer's in turns: what counts is the ratio within each pair, because the machine drifts between them."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.browser import Browser
from tests.bench.drive import Stand, once
from tests.bench.helpdesk.peer import DOES, Peer
from tests.bench.ops import OPS, Op


@dataclass(frozen=True)
class Beside:
    """One operation. Medians in milliseconds; `ratios`, theirs over ours, one a pair, in order."""

    op: Op
    ours: float
    theirs: float
    ratios: tuple[float, ...]


def compare(stand: Stand, peer: Peer, *, pairs: int, seconds: float, say: Callable[[str], None]) -> list[Beside]:
    return [_compared(stand, peer, op, pairs, seconds, say) for op in OPS if op.key in DOES]


def _compared(stand: Stand, peer: Peer, op: Op, pairs: int, seconds: float, say: Callable[[str], None]) -> Beside:
    say(f"beside django-helpdesk: {op.label}")
    our_browser = Browser(stand.port, dict(stand.cookies[op.who]), learns=False)
    their_browser = Browser(peer.port, dict(peer.cookies), learns=False)

    def ours() -> float:
        return once(our_browser, stand, op)

    def theirs() -> float:
        began = time.perf_counter()
        DOES[op.key](their_browser, peer)
        return time.perf_counter() - began

    medians = [(_median(ours, seconds), _median(theirs, seconds)) for _pair in range(pairs)]
    our_browser.close()
    their_browser.close()
    return Beside(
        op=op,
        ours=statistics.median(pair[0] for pair in medians) * 1000,
        theirs=statistics.median(pair[1] for pair in medians) * 1000,
        ratios=tuple(sorted(their / our for our, their in medians)),
    )


def _median(act: Callable[[], float], seconds: float) -> float:
    """Of at least three, after one that warms up."""
    act()
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < 3 or time.perf_counter() - began < seconds:
        times.append(act())
    return statistics.median(times)
