"""Where the points, columns and labels of a chart stand. Whole units of a drawing 640 wide; no SVG here."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 66, 482, 44, 282
SPARK_WIDTH, SPARK_HEIGHT = 240, 40
LABELS_APART = 24
TICKS = 5


@dataclass(frozen=True)
class Series:
    """A line's values, one a month; None leaves a gap."""

    name: str
    values: Sequence[int | None]


@dataclass(frozen=True)
class Tick:
    at: int
    label: str


@dataclass(frozen=True)
class Dot:
    x: int
    y: int
    title: str


@dataclass(frozen=True)
class Line:
    """`runs` are the points of unbroken pieces, as SVG writes them; `label_y` is where the name stands."""

    name: str
    runs: tuple[str, ...]
    dots: tuple[Dot, ...]
    label_y: int | None


@dataclass(frozen=True)
class Column:
    x: int
    y: int
    width: int
    height: int
    title: str


@dataclass(frozen=True)
class Chart:
    """`key` makes the ids on the page; `description` is read out after the title."""

    key: str
    title: str
    description: str
    unit: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    lines: tuple[Line, ...] = ()
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True)
class Frame:
    """What is the same for every chart over months."""

    key: str
    title: str
    description: str
    unit: str
    months: Sequence[str]


def step(highest: int) -> int:
    """The distance of the grid lines: 1, 2 or 5 and zeros, so that at most five stand above the ground line."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if highest <= TICKS * factor * size:
                return factor * size
        size *= 10


def top(highest: int) -> int:
    """The grid line at or above the highest value; never 0, so that an empty chart has a height."""
    distance = step(max(highest, 1))
    return -(-max(highest, 1) // distance) * distance


def lines(frame: Frame, series: Sequence[Series], *, highest: int | None = None) -> Chart:
    """One line a series over the same months, each named where it ends."""
    values = [value for each in series for value in each.values if value is not None]
    limit = top(highest if highest is not None else max(values, default=1))
    drawn = [_line(frame, each, limit) for each in series]
    return _chart(frame, limit, lines=tuple(_apart(drawn)))


def columns(frame: Frame, values: Sequence[int]) -> Chart:
    """One column a month."""
    limit = top(max(values, default=1))
    width = (RIGHT - LEFT) // max(len(values), 1) * 6 // 10
    places = zip(values, frame.months, strict=True)
    return _chart(
        frame,
        limit,
        columns=tuple(
            Column(
                _x(place, len(values)) - width // 2,
                _y(value, limit),
                width,
                BOTTOM - _y(value, limit),
                f"{month}: {value}",
            )
            for place, (value, month) in enumerate(places)
        ),
    )


def spark(values: Sequence[int | None]) -> tuple[str, ...]:
    """The pieces of a small line without axes, gaps left open."""
    limit = max((value for value in values if value is not None), default=0) or 1
    last = max(len(values) - 1, 1)
    points = [
        None if value is None else (4 + place * (SPARK_WIDTH - 8) // last, SPARK_HEIGHT - 4 - value * 32 // limit)
        for place, value in enumerate(values)
    ]
    return _runs(points)


def _chart(frame: Frame, limit: int, *, lines: tuple[Line, ...] = (), columns: tuple[Column, ...] = ()) -> Chart:
    count = len(frame.months)
    across = tuple(Tick(_x(place, count), month) for place, month in enumerate(frame.months))
    up = tuple(Tick(_y(value, limit), str(value)) for value in range(0, limit + 1, step(limit)))
    return Chart(frame.key, frame.title, frame.description, frame.unit, across, up, lines, columns)


def _x(place: int, count: int) -> int:
    """The middle of a month's share of the width."""
    return LEFT + (2 * place + 1) * (RIGHT - LEFT) // (2 * count)


def _y(value: int, limit: int) -> int:
    return BOTTOM - value * (BOTTOM - TOP) // limit


def _line(frame: Frame, series: Series, limit: int) -> Line:
    count = len(series.values)
    points = [
        None if value is None else (_x(place, count), _y(value, limit)) for place, value in enumerate(series.values)
    ]
    dots = tuple(
        Dot(*point, f"{series.name}, {month}: {value}")
        for point, month, value in zip(points, frame.months, series.values, strict=True)
        if point is not None
    )
    return Line(series.name, _runs(points), dots, dots[-1].y if dots else None)


def _runs(points: Sequence[tuple[int, int] | None]) -> tuple[str, ...]:
    runs: list[list[str]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(f"{point[0]},{point[1]}")
    return tuple(" ".join(run) for run in runs if run)


def _apart(drawn: Sequence[Line]) -> list[Line]:
    """The same lines, names that would cover each other moved apart, none below the ground line."""
    placed: list[Line] = []
    lowest = BOTTOM + LABELS_APART
    for line in sorted(drawn, key=lambda each: -(each.label_y or 0)):
        if line.label_y is None:
            placed.append(line)
            continue
        lowest = min(line.label_y, lowest - LABELS_APART)
        placed.append(Line(line.name, line.runs, line.dots, lowest))
    return [next(each for each in placed if each.name == line.name) for line in drawn]
