import pytest

from reports import charts
from reports.charts import BOTTOM, LEFT, RIGHT, TOP, Frame, Series

FRAME = Frame("flow", "Opened", "From here to there.", "Tickets", ["Aug", "Sep", "Oct"])


@pytest.mark.parametrize(
    ("highest", "grid"),
    [
        (0, (1, 1)), (1, (1, 1)), (5, (1, 5)), (6, (2, 6)), (7, (2, 8)), (11, (5, 15)), (100, (20, 100)),
        (28351, (10000, 30000)),
    ],
)  # fmt: skip
def test_the_grid_has_round_numbers_and_at_most_five_lines(highest, grid):
    assert (charts.step(max(highest, 1)), charts.top(highest)) == grid


def test_a_line_reaches_from_the_ground_to_the_top_and_breaks_where_there_is_no_data():
    chart = charts.lines(FRAME, [Series("Opened", [0, None, 5])])
    (line,) = chart.lines
    assert [run.split(",")[1] for run in line.runs] == [str(BOTTOM), str(TOP)]
    assert [dot.title for dot in line.dots] == ["Opened, Aug: 0", "Opened, Oct: 5"]
    assert [tick.label for tick in chart.up] == ["0", "1", "2", "3", "4", "5"]
    assert all(LEFT < tick.at < RIGHT for tick in chart.across)


def test_names_of_lines_that_end_together_stand_apart():
    first, second = charts.lines(FRAME, [Series("A", [1, 2, 3]), Series("B", [3, 2, 3])]).lines
    assert abs(first.label_y - second.label_y) == charts.LABELS_APART
    assert [first.name, second.name] == ["A", "B"]


def test_columns_stand_on_the_ground():
    chart = charts.columns(FRAME, [0, 2, 4])
    assert [column.y + column.height for column in chart.columns] == [BOTTOM] * 3
    assert [column.height for column in chart.columns] == [0, (BOTTOM - TOP) // 2, BOTTOM - TOP]


def test_months_without_any_data_draw_a_chart_all_the_same():
    empty = charts.lines(FRAME, [Series("Opened", [None, None, None])])
    assert (empty.lines[0].runs, empty.lines[0].label_y) == ((), None)
    assert charts.spark([None, None]) == ()
    assert charts.spark([0, 0]) == (f"4,{charts.SPARK_HEIGHT - 4} {charts.SPARK_WIDTH - 4},{charts.SPARK_HEIGHT - 4}",)
