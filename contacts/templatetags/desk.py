"""What every page draws in the same way: icons, moments, and the links of an error summary."""

from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.forms import BaseForm
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from contacts import moments, phones

register = template.Library()

# One path each, on a square of 24, drawn as a line of 2. Drawn for this project.
ICONS = {
    "attach": "M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4l8-8a3 3 0 0 1 4.3 4.3l-8 8a1.5 1.5 0 0 1-2.2-2.2L14 7.5",
    "book": "M12 6c-2-1.6-5-2-8-2v14c3 0 6 .4 8 2 2-1.6 5-2 8-2V4c-3 0-6 .4-8 2zm0 0v14",
    "chart": "M4 4v16h16M9 16v-5m4 5V8m4 8v-3",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 4.5V12l3 2",
    "close": "M6 6l12 12M18 6L6 18",
    "down": "M6 9.5l6 6 6-6",
    "download": "M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 20h14",
    "edit": "M5 19l1-4L16 5l3 3L9 18zm9-12l3 3",
    "external": "M10 5H5v14h14v-5M14 4h6v6m0-6l-9 9",
    "filter": "M4 6h16M7 12h10m-7 6h4",
    "flag": "M6 21V4m0 1h12l-2.5 4L18 13H6",
    "globe": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c-5 5.5-5 12.5 0 18 5-5.5 5-12.5 0-18z",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 8.5V16m0-8v.01",
    "leave": "M10 4H5v16h5M14 8l4 4-4 4m4-4H9",
    "left": "M14.5 6l-6 6 6 6",
    "list": "M9 6h11M9 12h11M9 18h11M4.5 6v.01M4.5 12v.01M4.5 18v.01",
    "lock": "M6 11h12v9H6zm2.5 0V8a3.5 3.5 0 0 1 7 0v3",
    "mail": "M4 6h16v12H4zm0 1l8 6 8-6",
    "mark": "M3 7h18v3.2a1.9 1.9 0 0 0 0 3.6V17H3v-3.2a1.9 1.9 0 0 0 0-3.6zM9 10.5h6M9 13.5h4",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "message": "M4 5h16v11h-9l-4 4v-4H4z",
    "pause": "M9 6v12m6-12v12",
    "people": "M9 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM3 19c0-3 2-5 6-5s6 2 6 5M16 5.5a3 3 0 0 1 0 5m2 4c2 1 3 2 3 4.5",
    "phone": "M6 4h3l1.5 4.5-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2L20 15v3c0 1-1 2-2 2C10.5 20 4 13.5 4 6c0-1 1-2 2-2z",
    "play": "M8 5.5v13l10-6.5z",
    "plus": "M12 5v14M5 12h14",
    "refresh": "M19 12a7 7 0 1 1-2-5l2 2m0-5v5h-5",
    "right": "M9.5 6l6 6-6 6",
    "search": "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zm4.5 10.5L20 20",
    "send": "M4 12l16-7-6 15-3-6z",
    "shield": "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z",
    "ticket": "M3 7h18v3.2a1.9 1.9 0 0 0 0 3.6V17H3v-3.2a1.9 1.9 0 0 0 0-3.6zM14 7v10",
    "user": "M12 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM5 20c0-3.5 3-5.5 7-5.5s7 2 7 5.5",
    "warning": "M12 4L2.5 20h19zm0 6v5m0 2.5v.01",
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon beside a word, hidden from screen readers; with `label` it stands for the word. KeyError if unknown."""
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}"><path d="{}"/></svg>', label, ICONS[name]
        )
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', ICONS[name])


@register.simple_tag
def moment(value: datetime | None, style: str = "relative") -> SafeString | str:
    """A `<time>`: how far away it is, with the exact moment in the reader's zone on hover and in print.

    `style="exact"` shows the exact moment itself. Empty for None.
    """
    if value is None:
        return ""
    full, machine = moments.exactly(value), value.isoformat(timespec="seconds")
    if style == "exact":
        return format_html('<time datetime="{}">{}</time>', machine, full)
    words = moments.in_words(value, timezone.now())
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, full, words)


@register.filter
def day(value: date | None) -> str:
    """`27 Aug 2026`, empty for None."""
    return "" if value is None else moments.day(value)


@register.filter
def duration(length: timedelta | None) -> str:
    """A length of time in words, empty for None."""
    return "" if length is None else moments.span(length)


@register.filter
def time_of_day(value: datetime) -> str:
    """`10:42` if it was today, the whole moment otherwise."""
    return moments.time_of_day(value)


@register.filter
def phone(number: str) -> str:
    """A number as people write it, `+49 89 55282525`."""
    return phones.display(number)


@register.filter
def anchor(field: BoundField) -> str:
    """The id that an error summary links to: the field itself, or the first of a group of buttons."""
    return field.id_for_label or (f"{field.auto_id}_0" if field.field.widget.use_fieldset else field.auto_id)


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's own input in Bootstrap's clothes, without the grey example inside that some forms bring."""
    wrong = " is-invalid" if field.errors else ""
    field.field.widget.attrs.pop("placeholder", None)
    return field.as_widget(attrs={"class": f"form-control{wrong}"})


@register.filter
def error_count(form: BaseForm) -> int:
    errors: Any = form.errors
    return sum(len(messages) for messages in errors.values())
