"""The monthly report: page, CSV, and the tickets behind a figure. All three ask for partner and month in the query."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contacts import cells
from contacts.access import LicensedRequest, licensed, refuse
from contacts.licence import Action
from reports import behind, monthly, page, sheet, story, words
from reports.choice import Choice, NotYours, WrongMonth, choose
from reports.monthly import FIGURES, Report
from reports.months import Month, last_full
from reports.shares import UNNAMED, Kind, fixed
from tickets.status import Deed
from tickets.workflow import gate

ROWS = 50
#: The page shows this many tenants or partners; the CSV holds them all.
SHARES_SHOWN = 25


def for_a_month(
    view: Callable[[LicensedRequest, Choice, Month], HttpResponse],
) -> Callable[[LicensedRequest], HttpResponseBase]:
    """A partner this reader may see (404 for any other) and a month that has begun (400 and why for any other)."""

    @never_cache
    @require_safe
    @licensed(Action.READ_REPORTS)
    @wraps(view)
    def asked(request: LicensedRequest) -> HttpResponse:
        refused = gate.refusal(request.user, Deed.SEE)
        if refused is not None:
            return refuse(request, refused, Action.READ_REPORTS)
        try:
            choice = choose(request.user, request.GET.get("partner"), timezone.now())
            month = choice.month(request.GET.get("month"))
        except NotYours as foreign:
            raise Http404 from foreign
        except WrongMonth as wrong:
            context = {**_frame(choice, last_full(choice.now, choice.zone)), "wrong": str(wrong)}
            return render(request, "reports/index.html", context, status=400)
        return view(request, choice, month)

    return asked


@for_a_month
def index(request: LicensedRequest, choice: Choice, month: Month) -> HttpResponse:
    report = monthly.read(request.user, choice.partner, month)
    running = month == choice.current
    context = {
        **_frame(choice, month, report),
        "report": report,
        "running": running,
        "story": story.sentences(report, choice.partner, running=running),
        "cards": page.cards(report),
        "rows": page.rows(report),
        "charts": page.drawings(report),
        "divided": [
            {"kind": kind, "figure": FIGURES[kind], "rows": rows[:SHARES_SHOWN], "more": len(rows[SHARES_SHOWN:])}
            for kind, rows in report.by.items()
        ],
        "deflected": [
            {"name": name, "figure": FIGURES[name], "rows": rows[:SHARES_SHOWN], "more": len(rows[SHARES_SHOWN:])}
            for name, rows in (
                ("by_article", report.deflection.by_article),
                ("by_partner_solved", report.deflection.by_partner),
            )
            if rows
        ],
    }
    return render(request, "reports/index.html", context)


@for_a_month
def report_csv(request: LicensedRequest, choice: Choice, month: Month) -> HttpResponse:
    report = monthly.read(request.user, choice.partner, month)
    text = cells.written(sheet.table(report, choice.partner))
    name = sheet.filename(choice.partner, month)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@for_a_month
def report_tickets(request: LicensedRequest, choice: Choice, month: Month) -> HttpResponse:
    figure, kind, key = (request.GET.get(name, "") for name in ("figure", "by", "row"))
    if figure not in behind.CONDITIONS or (kind and kind not in Kind.values):
        raise Http404
    rows = behind.tickets(request.user, choice.partner, month, figure)
    if kind:
        rows = behind.within(rows, Kind(kind), key)
    context = {
        **_frame(choice, month),
        "figure": FIGURES[figure],
        "divided": FIGURES[kind] if kind else None,
        "row": _row_label(Kind(kind), key) if kind else "",
        "page": Paginator(behind.in_rows(rows), ROWS).get_page(request.GET.get("page")),
    }
    return render(request, "reports/tickets.html", context)


def _frame(choice: Choice, month: Month, report: Report | None = None) -> dict[str, Any]:
    """What every page of the report shows around its figures."""
    first = choice.first(report.first_opened_at) if report else None
    return {
        "choice": choice,
        "month": month,
        "month_before": month.plus(-1),
        "earlier": month.plus(-1) if first and first < month else None,
        "later": month.plus(1) if month < choice.current else None,
        "months": [(str(each), words.month(each)) for each in choice.months(first, besides=month)],
        "first_month": first,
        "too_early": first is not None and month < first,
        "query": urlencode({"partner": choice.key, "month": str(month)}),
    }


def _row_label(kind: Kind, key: str) -> str:
    """As it stands in the report where that needs no query, else the row's key."""
    if kind in (Kind.TYPE, Kind.PRIORITY):
        return dict(fixed(kind)).get(key, key)
    return key or str(UNNAMED.get(kind, ""))
