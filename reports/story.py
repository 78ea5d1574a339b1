"""The month in three sentences, made from its figures."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import Partner
from reports import words
from reports.monthly import Report, zone_of
from reports.months import Month


def sentences(report: Report, partner: Partner | None, *, running: bool) -> list[str]:
    """What was opened, how fast it was answered, what was settled and is left. `running`: the month is not over."""
    return [_opened(report, partner, running), *_answered(report), _settled(report, running)]


def _opened(report: Report, partner: Partner | None, running: bool) -> str:
    number = report.this.opened
    values = {
        "month": words.month(report.month),
        "partner": partner.name if partner else "",
        "n": words.count(number),
        "compared": _compared_openings(report, partner, running),
    }
    if partner is None:
        return _opened_by_all(number) % values
    if not number:
        return _("In %(month)s, %(partner)s opened no tickets, %(compared)s.") % values
    return (
        ngettext(
            "In %(month)s, %(partner)s opened one ticket, %(compared)s.",
            "In %(month)s, %(partner)s opened %(n)s tickets, %(compared)s.",
            number,
        )
        % values
    )


def _opened_by_all(number: int) -> str:
    if not number:
        return _("In %(month)s, all partners together opened no tickets, %(compared)s.")
    return ngettext(
        "In %(month)s, all partners together opened one ticket, %(compared)s.",
        "In %(month)s, all partners together opened %(n)s tickets, %(compared)s.",
        number,
    )


def _compared_openings(report: Report, partner: Partner | None, running: bool) -> str:
    first = report.first_opened_at
    if running:
        return _("so far")
    if first and Month.of(first, zone_of(partner)) == report.month:
        return ngettext("the first one ever", "the first ones ever", report.this.opened)
    difference = report.this.opened - report.before.opened
    values = {"n": words.count(abs(difference)), "month": words.month_beside(report.before.month, report.month)}
    if difference > 0:
        # Translators: follows the number of tickets opened
        return ngettext("%(n)s more than in %(month)s", "%(n)s more than in %(month)s", difference) % values
    if difference < 0:
        # Translators: follows the number of tickets opened
        return ngettext("%(n)s fewer than in %(month)s", "%(n)s fewer than in %(month)s", -difference) % values
    return _("as many as in %(month)s") % values


def _answered(report: Report) -> list[str]:
    """Nothing when nothing was opened that could be answered."""
    number, in_time = report.this.answered, report.this.answered_in_time
    if report.response.median is None:
        waiting = report.this.opened
        return [ngettext("It has not been answered yet.", "None of them has been answered yet.", waiting)] * bool(
            waiting
        )
    if in_time == number:
        text = ngettext(
            "The first answer was given within target, after %(median)s.",
            "All %(n)s first answers were given within target, half of them within %(median)s.",
            number,
        )
    elif in_time:
        text = _("%(in_time)s of %(n)s first answers were given within target, half of all within %(median)s.")
    else:
        text = ngettext(
            "The first answer was given after %(median)s, later than the target.",
            "None of the %(n)s first answers was given within target, half of them took up to %(median)s.",
            number,
        )
    values = {"n": words.count(number), "in_time": words.count(in_time), "median": words.length(report.response.median)}
    return [text % values]


def _settled(report: Report, running: bool) -> str:
    # Translators: two clauses: what was settled; what is open, and how that compares
    return _("%(settled)s; %(open)s, %(compared)s.") % {
        "settled": _settled_in_time(report.this.settled, report.this.settled_in_time),
        "open": _open(report.this.open_at_end, running),
        "compared": _compared_open(report),
    }


def _settled_in_time(number: int, in_time: int) -> str:
    if not number:
        return _("No ticket was settled")
    if in_time == number:
        text = ngettext(
            "One ticket was settled, within target", "%(n)s tickets were settled, all of them within target", number
        )
    elif in_time:
        text = _("%(n)s tickets were settled, %(in_time)s of them within target")
    else:
        text = ngettext(
            "One ticket was settled, later than the target",
            "%(n)s tickets were settled, none of them within target",
            number,
        )
    return text % {"n": words.count(number), "in_time": words.count(in_time)}


def _open(number: int, running: bool) -> str:
    values = {"n": words.count(number)}
    if running:
        return ngettext("one is open now", "%(n)s are open now", number) % values if number else _("none is open now")
    if not number:
        return _("none was open at the end of the month")
    return ngettext("one was open at the end of the month", "%(n)s were open at the end of the month", number) % values


def _compared_open(report: Report) -> str:
    difference = report.this.open_at_end - report.before.open_at_end
    values = {"n": words.count(abs(difference)), "month": words.month_beside(report.before.month, report.month)}
    if difference > 0:
        return (
            ngettext("%(n)s more than at the end of %(month)s", "%(n)s more than at the end of %(month)s", difference)
            % values
        )
    if difference < 0:
        return (
            ngettext(
                "%(n)s fewer than at the end of %(month)s", "%(n)s fewer than at the end of %(month)s", -difference
            )
            % values
        )
    return _("as many as at the end of %(month)s") % values
