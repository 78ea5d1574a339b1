"""The measuring itself: every page it asks for is there, and its figures are what they are called."""

import subprocess
import sys

from tests.bench.drive import Run
from tests.bench.figures import Figure, figure, flatness, over_floor
from tests.bench.ops import OPS


def test_it_runs_over_every_page_and_writes_its_own(tmp_path):
    page = tmp_path / "figures.md"
    command = [sys.executable, "-m", "tests.bench", "--sizes", "200", "--seconds", "0", "--rounds", "1", "--out", page]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split(" | ") for line in page.read_text().splitlines() if line.startswith("| ")][1:]
    assert [row[0] for row in rows] == [f"| {op.label}" for op in OPS]
    statements = {op.key: int(row[-1].strip(" |")) for op, row in zip(OPS, rows, strict=True)}
    assert statements["hello"] == 0
    assert statements["form"] <= 2
    assert statements["file"] <= 13
    assert statements["list"] <= 3
    assert statements["ticket"] <= 6
    assert statements["missing"] <= 2
    assert statements["beside"] <= 4
    assert statements["articles"] <= 2
    assert statements["evidence"] <= 2
    assert statements["queue"] <= 6
    assert statements["report"] <= 2
    assert statements["reports"] <= 3


def test_figures_are_over_all_rounds_and_processor_time_counts_the_warming_up():
    runs = [Run((0.010,) * 6, 0.25, 0.0625), Run((0.010, *(0.030,) * 7), 0.25, 0.0625)]
    assert figure(runs) == Figure(p50=20.0, p95=30.0, cpu=125 / 16, a_second=28.0)


def test_ratios_are_to_a_hello_and_to_the_smaller_size():
    figures = {
        (1000, "hello", 1): Figure(1.0, 2.0, 0.5, 900.0),
        (1000, "form", 1): Figure(20.0, 30.0, 10.0, 45.0),
        (100_000, "form", 1): Figure(21.0, 33.0, 12.5, 44.0),
    }
    assert over_floor(figures, 1000, "form") == 20.0
    assert flatness(figures, 100_000, 1000, "form") == 1.25
