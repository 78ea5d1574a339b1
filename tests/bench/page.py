"""docs/benchmarks.md, from the figures of one run."""

import platform
import statistics
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.bench.beside import Beside
from tests.bench.figures import Figure, Key, flatness, over_floor
from tests.bench.ops import FLOOR, OPS

PAGE = """\
# How fast it is

{origin}

What is measured, over HTTP, signed in: a contact of the largest of 200 partners (7 % of all tickets), an agent, a
manager. The newest 2 % of the tickets are unsettled. An answer counts when it is the right page, down to its last byte.

## How to read it

Milliseconds, for one reader alone and for four who press at once:

- **p50, p95**: half, and nineteen in twenty, of the answers took no longer.
- **CPU**: processor time of web server and database for one answer. What else the machine does hardly moves it.
- **hello**: how many times the p50 of `/healthz` in the same run.
- **a second**: how many answers all four got together.
- **SQL**: statements the page asks; those that only open or close a transaction are not counted.

The machine drifts by a factor of two, and milliseconds with it. SQL, CPU and growth can be compared between runs.

{tables}{growth}{beside}"""

BESIDE = """
## Beside django-helpdesk, with {size} tickets

django-helpdesk {version}, from the package index, in its own environment: the same tickets and messages, the same
Postgres, the same web server with as many processes and threads. Both take turns, {pairs} times each; **times** is the
median of theirs over ours within a pair, with the lowest and the highest pair. Above 1, ours is faster. Where its page
fetches its rows by a second request, both count, because both are waited for. Its form and its ticket page hold less.

| what somebody does | ours, p50 | theirs, p50 | times | lowest to highest |
|---|---|---|---|---|
{rows}"""

GROWTH = """
## From {small} to {large} tickets

How many times the processor time with more tickets. 1.0 is flat.

{flat}
## What it says

{words}"""

ORIGIN = (
    "Measured on {day} by `{command}`, which takes some minutes, starts everything it measures itself and writes this "
    "page. Machine: {machine}. Python {python}, Postgres {postgres}. The web server as shipped: gunicorn, 2 processes "
    "with 4 threads each. Postgres with its own defaults, every commit on disk. The readers run on the same cores."
)

COLUMNS = ("what somebody does", "p50", "p95", "CPU", "hello", "four: p50", "p95", "a second", "SQL")


@dataclass(frozen=True)
class Measured:
    """One run. `sizes` in order; `statements` by operation."""

    sizes: Sequence[int]
    figures: Mapping[Key, Figure]
    statements: Mapping[str, int]
    postgres: str
    command: str
    day: date
    beside: Sequence[Beside] = ()
    beside_size: int = 0


def write(path: Path, measured: Measured) -> None:
    path.write_text(text(measured), encoding="utf-8")


def text(measured: Measured) -> str:
    tables = [f"## With {size:,} tickets\n\n{_table(measured, size)}" for size in measured.sizes]
    return PAGE.format(
        origin=textwrap.fill(_origin(measured), 120, break_on_hyphens=False),
        tables="\n".join(tables),
        growth=_growth(measured) if len(measured.sizes) > 1 else "",
        beside=_beside(measured) if measured.beside else "",
    )


def _growth(measured: Measured) -> str:
    small, *larger = (f"{size:,}" for size in measured.sizes)
    return GROWTH.format(small=small, large=" and ".join(larger), flat=_flat(measured), words=_words(measured))


def _beside(measured: Measured) -> str:
    rows = [
        f"| {row.op.label} | {row.ours:.1f} | {row.theirs:.1f} | {statistics.median(row.ratios):.1f} "
        f"| {row.ratios[0]:.1f} to {row.ratios[-1]:.1f} |\n"
        for row in measured.beside
    ]
    pinned = (Path(__file__).parent / "helpdesk" / "requirements.txt").read_text()
    return BESIDE.format(
        size=f"{measured.beside_size:,}",
        version=pinned.splitlines()[0].partition("==")[2],
        pairs=len(measured.beside[0].ratios),
        rows="".join(rows),
    )


def _origin(measured: Measured) -> str:
    return ORIGIN.format(
        day=measured.day.isoformat(),
        command=measured.command,
        machine=machine(),
        python=platform.python_version(),
        postgres=measured.postgres,
    )


def machine() -> str:
    """What kind it is, nothing by which one could find it."""
    cpu = Path("/proc/cpuinfo")
    models = [line.partition(":")[2].strip() for line in cpu.read_text().splitlines() if line.startswith("model name")]
    memory = Path("/proc/meminfo").read_text().split()[1]
    return f"{len(models)} cores ({models[0]}), {round(int(memory) / 1024 / 1024)} GB of memory, {platform.system()}"


def _table(measured: Measured, size: int) -> str:
    rows = []
    for op in OPS:
        alone, four = measured.figures[size, op.key, 1], measured.figures[size, op.key, 4]
        ratio = over_floor(measured.figures, size, op.key)
        cells = [op.label, *(f"{value:.1f}" for value in (alone.p50, alone.p95, alone.cpu, ratio, four.p50, four.p95))]
        rows.append(f"| {' | '.join([*cells, f'{four.a_second:.0f}', str(measured.statements[op.key])])} |\n")
    head = f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}\n"
    return head + "".join(rows)


def _flat(measured: Measured) -> str:
    small, *larger = measured.sizes
    head = f"| what somebody does | {' | '.join(f'{size:,}' for size in larger)} |\n|---|{'---|' * len(larger)}\n"
    rows = [[op.label, *(f"{flatness(measured.figures, size, small, op.key):.2f}" for size in larger)] for op in OPS]
    return head + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _words(measured: Measured) -> str:
    """The dearest page and the steepest one, so that nobody has to look for them."""
    small, large = measured.sizes[0], measured.sizes[-1]
    pages = [op for op in OPS if op != FLOOR]
    dearest = max(pages, key=lambda op: measured.figures[large, op.key, 1].cpu)
    steepest = max(pages, key=lambda op: flatness(measured.figures, large, small, op.key))
    cpu = measured.figures[large, dearest.key, 1].cpu
    growth = flatness(measured.figures, large, small, steepest.key)
    return (
        f"- Dearest with {large:,} tickets: {dearest.label}, {cpu:.0f} ms of processor time.\n"
        f"- Grows most from {small:,} to {large:,}: {steepest.label}, {growth:.2f} times.\n"
    )
