"""Charts and figures of the report, drawn on the server: SVG of classes, without style, script or foreign host."""

from typing import Any

from django import template

from reports import charts, words
from reports.charts import Chart
from reports.months import Month

register = template.Library()


@register.inclusion_tag("reports/_chart.html")
def chart(drawing: Chart) -> dict[str, Any]:
    """A chart with title, description and named axes. Its table is the page's to show."""
    return {
        "chart": drawing,
        "width": charts.WIDTH,
        "height": charts.HEIGHT,
        "left": charts.LEFT,
        "right": charts.RIGHT,
        "bottom": charts.BOTTOM,
        "below": charts.BOTTOM + 24,
        "beside": charts.LEFT - 8,
        "after": charts.RIGHT + 8,
    }


@register.inclusion_tag("reports/_spark.html")
def spark(runs: tuple[str, ...], title: str) -> dict[str, Any]:
    """A trend without axes, for a card; `title` says the values."""
    return {"runs": runs, "title": title, "width": charts.SPARK_WIDTH, "height": charts.SPARK_HEIGHT}


@register.simple_tag
def share_of(part: int, whole: int) -> int:
    """The length of a bar, 0 to 100."""
    return part * 100 // whole if whole else 0


@register.filter
def figure(number: int | None) -> str:
    """A count with its thousands apart; nothing counted is a dash."""
    return "–" if number is None else words.count(number)


@register.filter
def percent(number: int | None) -> str:
    return "–" if number is None else f"{number} %"


@register.filter
def month(each: Month) -> str:
    return words.month(each)
