"""How moments, days and lengths of time are written, in the reader's language and time zone."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.forms import DateTimeField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: Somebody may mean these years, and every time zone has them in full: a moment at the edge of the calendar can be
#: stored in one zone, and then fails each page that shows it in another.
YEARS = range(1900, 3000)
NO_MOMENT = DateTimeField.default_error_messages["invalid"]


def check_year(moment: datetime) -> None:
    """For form fields. Raises ValidationError in the words the field has for what is no moment."""
    if moment.year not in YEARS:
        raise ValidationError(NO_MOMENT, code="invalid")


def exactly(value: datetime) -> str:
    """`27 Aug 2026, 11:00 CEST`, in the active time zone."""
    local = timezone.localtime(value)
    zone = local.tzname() or ""
    name = f"UTC{zone}" if zone[:1] in {"+", "-"} else zone
    # Translators: how a moment is written, in the letters of Django's date filter
    written = date_format(local, _("j M Y, H:i"))  # not inside the f-string, where it is not found for the catalog
    return f"{written} {name}"


def time_of_day(value: datetime) -> str:
    """`10:42` if it was today, the whole moment otherwise; in the active time zone."""
    local = timezone.localtime(value)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else exactly(value)


def day(value: date | datetime) -> str:
    """`27 Aug 2026`; of a moment, the day it is in the active time zone."""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    # Translators: how a day is written, in the letters of Django's date filter
    return date_format(local, _("j M Y"))


def in_words(value: datetime, now: datetime) -> str:
    """`in 1 h 12 min`, `3 days ago`; beyond two weeks the day itself."""
    distance = abs(value - now)
    if distance < timedelta(minutes=1):
        return _("now")
    if distance >= timedelta(days=14):
        return day(value)
    length = span(distance)
    return _("in %(length)s") % {"length": length} if value > now else _("%(length)s ago") % {"length": length}


def span(length: timedelta) -> str:
    """Whole minutes under a day, whole days from then on: `48 min`, `1 h 12 min`, `3 days`."""
    if length.days > 0:
        return ngettext("%(n)d day", "%(n)d days", length.days) % {"n": length.days}
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
