"""What the times say."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.bench.drive import Run
from tests.bench.ops import FLOOR

Key = tuple[int, str, int]  # size, operation, how many at once


@dataclass(frozen=True)
class Figure:
    """Milliseconds, of which processor time of web server and database; answers a second."""

    p50: float
    p95: float
    cpu: float
    a_second: float


def figure(runs: Sequence[Run]) -> Figure:
    """Of all rounds together: the machine's moods lie between rounds more than within them."""
    times = sorted(time * 1000 for run in runs for time in run.times)
    seconds = sum(run.seconds for run in runs)
    return Figure(
        p50=statistics.median(times),
        p95=times[min(int(len(times) * 0.95), len(times) - 1)],
        cpu=sum(run.cpu_seconds for run in runs) * 1000 / (len(times) + len(runs)),  # each run warms up by one more
        a_second=len(times) / seconds,
    )


def over_floor(figures: Mapping[Key, Figure], size: int, op: str) -> float:
    """How many times a hello it takes, alone, in the same run: this is what can be compared between machines."""
    return figures[size, op, 1].p50 / figures[size, FLOOR.key, 1].p50


def flatness(figures: Mapping[Key, Figure], large: int, small: int, op: str) -> float:
    """How many times the processor time it takes at `large` as at `small`, alone. 1 is flat."""
    return figures[large, op, 1].cpu / max(figures[small, op, 1].cpu, 0.01)
