"""One month of one partner, or of all of them: everything that page and CSV show, as typed rows from one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from contacts.models import Partner, User
from kb.models import Outcome
from reports import attention, completeness, deflection, flow, pace, shares
from reports.attention import Attention
from reports.completeness import Completeness
from reports.deflection import Deflection
from reports.flow import MonthRow
from reports.months import VENDORS_ZONE, Month, bounds, run_up
from reports.pace import Pace
from reports.shares import Kind, Share
from reports.statement import Block, Params, ask
from tickets.models import AskBack, Escalation, Ticket, TicketQuerySet

#: A ticket is settled when it was resolved, or closed without that; NULL while it is in either side's hands.
SETTLED_AT = Coalesce("resolved_at", "closed_at")

TREND_MONTHS = 12

#: What each figure is called and means, as page and CSV say it.
FIGURES = {
    **flow.FIGURES,
    **pace.FIGURES,
    **attention.FIGURES,
    **completeness.FIGURES,
    **deflection.FIGURES,
    **shares.FIGURES,
}

FIRST = Block("first", "SELECT min(opened_at) AS opened_at FROM visible")


@dataclass(frozen=True)
class Report:
    """`trend` are twelve months, the month itself the last; `by` has no row of Kind.PARTNER for a single partner."""

    month: Month
    first_opened_at: datetime | None
    trend: tuple[MonthRow, ...]
    response: Pace
    response_before: Pace
    resolution: Pace
    resolution_before: Pace
    attention: Attention
    attention_before: Attention
    completeness: Completeness
    completeness_before: Completeness
    by: Mapping[Kind, tuple[Share, ...]]
    deflection: Deflection = deflection.NONE

    @property
    def this(self) -> MonthRow:
        return self.trend[-1]

    @property
    def before(self) -> MonthRow:
        return self.trend[-2]

    @property
    def is_empty(self) -> bool:
        """Nothing happened and nothing stood open. The month before may have had tickets."""
        return self.this.is_empty and self.attention.is_empty


def zone_of(partner: Partner | None) -> ZoneInfo:
    """Months are counted on the partner's calendar; over all partners on the vendor's."""
    return ZoneInfo(partner.time_zone) if partner else VENDORS_ZONE


def visible_tickets(user: User, partner: Partner | None) -> TicketQuerySet:
    """What `user` may see of one partner, or of all."""
    tickets = Ticket.objects.visible_to(user)
    return tickets.filter(partner=partner) if partner else tickets


def read(user: User, partner: Partner | None, month: Month) -> Report:
    """The month of `partner`, of all partners when None, over the tickets that `user` may see. One statement."""
    months = run_up(month, TREND_MONTHS)
    marks = bounds(months, zone_of(partner))
    params: Params = {"bounds": marks, "first": marks[0], "before": marks[-3], "start": marks[-2], "end": marks[-1]}
    blocks = (
        FIRST,
        flow.FLOW,
        pace.PACE,
        attention.ATTENTION,
        completeness.COMPLETENESS,
        deflection.DEFLECTION,
        shares.SHARES,
    )
    sources = {
        "visible": _columns(user, partner),
        "escalated": _escalated(user, partner),
        "asked": _asked_back(user, partner),
        "outcomes": _outcomes(user, partner),
    }
    answers = ask(sources, blocks, params)
    response, response_before = pace.paces(answers["pace"], "response")
    resolution, resolution_before = pace.paces(answers["pace"], "resolution")
    now, earlier = attention.attention(answers["attention"], clock_shown=user.is_staff)
    complete, complete_before = completeness.completeness(answers["completeness"])
    kinds = [kind for kind in Kind if partner is None or kind != Kind.PARTNER]
    return Report(
        month=month,
        first_opened_at=_moment(answers["first"][0]["opened_at"] if answers["first"] else None),
        trend=flow.trend(months, answers["flow"]),
        response=response,
        response_before=response_before,
        resolution=resolution,
        resolution_before=resolution_before,
        attention=now,
        attention_before=earlier,
        completeness=complete,
        completeness_before=complete_before,
        by={kind: shares.shares(answers["shares"], kind) for kind in kinds},
        deflection=deflection.deflection(answers["deflection"], partners_shown=partner is None),
    )


def _columns(user: User, partner: Partner | None) -> QuerySet[Ticket, Any]:
    return visible_tickets(user, partner).values(
        "id", "partner_id", "type", "priority", "opened_at", "responded_at", "response_due_at", "resolution_due_at",
        "paused", "closed_at", "missing_at_opening", settled_at=SETTLED_AT,
    )  # fmt: skip


def _escalated(user: User, partner: Partner | None) -> QuerySet[Escalation, Any]:
    escalations = Escalation.objects.visible_to(user)
    if partner:
        escalations = escalations.filter(ticket__partner=partner)
    return escalations.values("step", "created_at")


def _asked_back(user: User, partner: Partner | None) -> QuerySet[AskBack, Any]:
    asked = AskBack.objects.visible_to(user)
    return (asked.filter(ticket__partner=partner) if partner else asked).values("at")


def _outcomes(user: User, partner: Partner | None) -> QuerySet[Outcome, Any]:
    outcomes = Outcome.objects.visible_to(user)
    outcomes = outcomes.filter(partner=partner) if partner else outcomes
    return outcomes.values(
        "contact_id", "submission", "partner_id", "article_id", "verdict", "said_at", "ticket_opened_at"
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
