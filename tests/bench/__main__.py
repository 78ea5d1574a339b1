"""`make bench`: measure the shipped server with databases of several sizes and write docs/benchmarks.md."""

import argparse
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from partnerdesk.local.places import CHECKOUT
from tests.bench import page, servers
from tests.bench.beside import Beside, compare
from tests.bench.drive import Run, Stand, drive
from tests.bench.figures import Key, figure
from tests.bench.helpdesk import peer
from tests.bench.ops import OPS

AT_ONCE = (1, 4)
began = time.monotonic()


def main() -> None:
    options = read_options()
    folder = Path(tempfile.mkdtemp(prefix="partnerdesk-bench-", dir="/tmp"))
    folder.chmod(0o711)  # Postgres, under an account of its own, must get through to its data
    try:
        with servers.started(folder, say) as running:
            measured = measure(running, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    page.write(options.out, measured)
    say(f"written: {options.out.name}")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=sizes, default=[1000, 100_000], help="numbers of tickets: 1000,100000")
    parser.add_argument("--million", action="store_true", help="1,000,000 tickets too; filling takes minutes")
    parser.add_argument("--seconds", type=float, default=1.5, help="for each operation, size, concurrency and round")
    parser.add_argument("--rounds", type=int, default=2, help="how often all of it is driven")
    parser.add_argument(
        "--beside-helpdesk", type=int, metavar="TICKETS", help="compare at this size; needs the network"
    )
    parser.add_argument("--pairs", type=int, default=5, help="how often ours and the other take turns")
    parser.add_argument("--out", type=Path, default=CHECKOUT / "docs" / "benchmarks.md")
    options = parser.parse_args()
    options.sizes += [1_000_000] if options.million else []
    if options.beside_helpdesk and options.beside_helpdesk not in options.sizes:
        parser.error("--beside-helpdesk takes one of the sizes")
    return options


def sizes(text: str) -> list[int]:
    return sorted(int(part) for part in text.split(","))


def measure(running: servers.Servers, options: argparse.Namespace) -> page.Measured:
    for size in options.sizes:
        running.fill(size)
    say("counting statements")
    statements = running.statements(options.sizes[0])
    stands = [running.stand(size) for size in options.sizes]
    runs = drive_all(stands, options.rounds, options.seconds)
    beside = beside_helpdesk(running, stands, options) if options.beside_helpdesk else []
    return page.Measured(
        sizes=options.sizes,
        figures={key: figure(found) for key, found in runs.items()},
        statements=statements,
        postgres=running.version(),
        command="make bench" if len(sys.argv) == 1 else f"python -m tests.bench {' '.join(sys.argv[1:])}",
        day=datetime.now(UTC).date(),
        beside=beside,
        beside_size=options.beside_helpdesk or 0,
    )


def drive_all(stands: Sequence[Stand], rounds: int, seconds: float) -> dict[Key, list[Run]]:
    """The sizes take turns, so that a slow spell of the machine falls on all of them."""
    runs: dict[Key, list[Run]] = defaultdict(list)
    for number in range(1, rounds + 1):
        for op in OPS:
            say(f"round {number} of {rounds}: {op.label}")
            for at_once in AT_ONCE:
                for stand in stands:
                    runs[stand.size, op.key, at_once].append(drive(stand, op, at_once, seconds))
    return runs


def beside_helpdesk(running: servers.Servers, stands: Sequence[Stand], options: argparse.Namespace) -> list[Beside]:
    size = options.beside_helpdesk
    stand = next(stand for stand in stands if stand.size == size)
    other = peer.start(running, size)
    return compare(stand, other, pairs=options.pairs, seconds=options.seconds, say=say)


def say(words: str) -> None:
    sys.stdout.write(f"{time.monotonic() - began:6.0f} s  {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
