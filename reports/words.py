"""How figures, months and lengths of time are written, in the reader's language."""

from datetime import timedelta

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.months import Month


def count(number: int) -> str:
    """`27,778`, in German `27.778`."""
    return number_format(number, force_grouping=True)


def month(each: Month) -> str:
    """`October 2026`."""
    # Translators: how a month is written, in the letters of Django's date filter
    return date_format(each.first_date, pgettext("month and year", "F Y"))


def month_beside(each: Month, other: Month) -> str:
    """`October` beside another month of the same year, else `October 2026`."""
    return date_format(each.first_date, "F") if each.year == other.year else month(each)


def month_briefly(each: Month) -> str:
    """`Oct`, for the axis of a chart."""
    return date_format(each.first_date, "M")


def length(time: timedelta) -> str:
    """Two units, the smaller one cut off: `48 s`, `12 min`, `1 h 12 min`, `3 d 4 h`."""
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, rest = divmod(hours, 24)
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": rest}
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)d min") % {"minutes": minutes} if minutes else _("%(seconds)d s") % {"seconds": seconds}
