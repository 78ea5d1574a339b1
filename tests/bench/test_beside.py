"""The comparison with another help desk says what it measured: ratios within pairs, in a table of its own."""

from datetime import date

from tests.bench import page
from tests.bench.beside import Beside
from tests.bench.figures import Figure
from tests.bench.helpdesk.peer import DOES
from tests.bench.ops import OPS


def test_each_thing_that_is_compared_is_one_of_ours():
    assert set(DOES) <= {op.key for op in OPS}


def test_the_page_tells_the_median_pair_and_both_ends():
    queue = next(op for op in OPS if op.key == "queue")
    one = Figure(1.0, 2.0, 0.5, 900.0)
    measured = page.Measured(
        sizes=[1000],
        figures={(1000, op.key, at_once): one for op in OPS for at_once in (1, 4)},
        statements={op.key: 1 for op in OPS},
        postgres="18.6",
        command="make bench",
        day=date(2026, 11, 25),
        beside=[Beside(queue, ours=10.0, theirs=62.0, ratios=(5.5, 6.2, 9.9))],
        beside_size=1000,
    )
    text = page.text(measured)
    assert text.endswith("| the agents' queue | 10.0 | 62.0 | 6.2 | 5.5 to 9.9 |\n")
    assert "django-helpdesk 2.6.1, from the package index" in text
