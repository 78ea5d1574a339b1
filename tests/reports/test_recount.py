"""The same report counted in another way: plain Python over the rows, no SQL, no bounds, no shared definition."""

import random
import statistics
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contacts.models import Contact, Partner
from reports import monthly
from reports.attention import Attention
from reports.completeness import Completeness
from reports.flow import MonthRow
from reports.monthly import Report
from reports.months import Month, run_up
from reports.pace import Pace
from reports.shares import Kind, Share
from tests.cast import Cast
from tickets.models import AskBack, Escalation, Ticket

MONTH = Month(2026, 10)
ZONES = ["Europe/Berlin", "America/New_York", "Pacific/Auckland", "UTC"]
FIRST, LAST = datetime(2025, 6, 1, tzinfo=UTC), datetime(2026, 12, 15, tzinfo=UTC)
#: Lengths are whole multiples of this, so no tenth between two of them falls on half a second.
GRAIN = 20


def some(chance: random.Random, longest: timedelta) -> timedelta:
    return timedelta(seconds=GRAIN * chance.randrange(int(longest.total_seconds()) // GRAIN))


def near_midnight(chance: random.Random, zone: ZoneInfo) -> datetime:
    """A moment within three hours of the first midnight of a month, where mistakes live."""
    first = datetime(2026, chance.randint(1, 12), 1, tzinfo=zone)
    return first.astimezone(UTC) + some(chance, timedelta(hours=6)) - timedelta(hours=3)


def rows(chance: random.Random, cast: Cast, count: int) -> list[Ticket]:
    """Tickets of any age in any state, the times of day of month ends among them, unsaved."""
    contacts = {contact.partner_id: contact for contact in Contact.objects.select_related("partner")}
    made = []
    for _ in range(count):
        partner = chance.choice([cast.alpine, cast.alpine, cast.other])
        zone = ZoneInfo(partner.time_zone)
        opened_at = near_midnight(chance, zone) if chance.random() < 0.3 else FIRST + some(chance, LAST - FIRST)
        lasted = some(chance, timedelta(days=chance.choice([1, 5, 70])))
        responded = opened_at + some(chance, timedelta(hours=16)) if chance.random() < 0.9 else None
        state = chance.choice(["open", "resolved", "closed", "closed at once"])
        settled = opened_at + lasted
        paused = min(lasted, some(chance, timedelta(hours=40))) if chance.random() < 0.5 else timedelta()
        made.append(
            Ticket(
                partner=partner,
                opened_by=contacts[partner.pk],
                type=chance.choice(["incident", "service_request", "change"]),
                priority=chance.randint(1, 4),
                subject="Daily report",
                description="Please.",
                impact="low",
                urgency="low",
                status="closed" if state.startswith("closed") else state,
                resolution="Done.",
                opened_at=opened_at,
                touched_at=opened_at,
                responded_at=responded,
                resolved_at=settled if state in {"resolved", "closed"} else None,
                closed_at={"closed": settled + timedelta(days=7), "closed at once": settled}.get(state),
                paused=paused,
                missing_at_opening=chance.choice([[], [], ["phone"], ["examples", "impact"]]),
                paused_at=None if state == "open" else settled,
                due_at=opened_at if state == "open" else None,
                response_due_at=opened_at + some(chance, timedelta(hours=16)),
                resolution_due_at=opened_at + some(chance, timedelta(days=40)),
            )
        )
    return made


def fill(chance: random.Random, cast: Cast) -> None:
    for partner in (cast.alpine, cast.other):
        partner.time_zone = chance.choice(ZONES)
        partner.save()
    tickets = Ticket.objects.bulk_create(rows(chance, cast, 220))
    for each in tickets:
        own = [cast.rs1, cast.rs2] if each.partner == cast.alpine else [cast.other_tenant]
        each.tenants.set(chance.sample(own, chance.randint(0, len(own))))
        services = [cast.email_security, cast.transactional_email, cast.cloud_fax]
        each.services.set(chance.sample(services, chance.randint(0, 3)))
        if chance.random() < 0.4:
            at = each.opened_at + some(chance, timedelta(days=20))
            Escalation.objects.create(ticket=each, step="person", by=cast.bob, reason="Urgent.", created_at=at)
        while chance.random() < 0.2:
            AskBack.objects.create(ticket=each, items=["phone"], at=each.opened_at + some(chance, timedelta(days=20)))
        if chance.random() < 0.3:
            step = chance.choice(["response", "resolution"])
            at = each.opened_at + some(chance, timedelta(days=20))
            Escalation.objects.create(ticket=each, step=step, due_at=at, created_at=at)


class Calendar:
    """Every date is compared as (year, month) on the wall, never as a moment."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)

    def month(self, moment: datetime | None) -> Month | None:
        local = moment and moment.astimezone(self.zone)
        return Month(local.year, local.month) if local else None


def settled(each: Ticket) -> datetime | None:
    return each.resolved_at or each.closed_at


def month_row(calendar: Calendar, tickets: Iterable[Ticket], month: Month) -> MonthRow:
    row = MonthRow(month)
    for each in tickets:
        came, went = calendar.month(each.opened_at), calendar.month(settled(each))
        if came == month:
            row = replace(row, opened=row.opened + 1)
            if each.responded_at:
                row = replace(row, answered=row.answered + 1)
                if each.responded_at <= each.response_due_at:
                    row = replace(row, answered_in_time=row.answered_in_time + 1)
        if went == month:
            row = replace(row, settled=row.settled + 1)
            if settled(each) <= each.resolution_due_at:
                row = replace(row, settled_in_time=row.settled_in_time + 1)
        if came <= month and (went is None or went > month):
            row = replace(row, open_at_end=row.open_at_end + 1)
    return row


def pace(lengths: list[timedelta], stood: timedelta = timedelta()) -> Pace:
    if not lengths:
        return Pace()
    seconds = sorted(length.total_seconds() for length in lengths)
    tenths = statistics.quantiles(seconds, n=10, method="inclusive") if len(seconds) > 1 else [seconds[0]] * 9
    middle, ninth = round(statistics.median(seconds)), round(tenths[8])
    return Pace(timedelta(seconds=middle), timedelta(seconds=ninth), stood)


def response(calendar: Calendar, tickets: Iterable[Ticket], month: Month) -> Pace:
    answered = [each for each in tickets if calendar.month(each.opened_at) == month and each.responded_at]
    return pace([each.responded_at - each.opened_at for each in answered])


def resolution(calendar: Calendar, tickets: Iterable[Ticket], month: Month) -> Pace:
    done = [each for each in tickets if calendar.month(settled(each)) == month]
    lengths = [settled(each) - each.opened_at - each.paused for each in done]
    return pace(lengths, sum((each.paused for each in done), timedelta()))


def attention(calendar: Calendar, tickets: list[Ticket], month: Month, *, clock: bool) -> Attention:
    steps = [
        escalation.step
        for each in tickets
        for escalation in each.escalations.all()
        if calendar.month(escalation.created_at) == month
    ]
    by_person = steps.count("person")
    closed = sum(calendar.month(each.closed_at) == month for each in tickets)
    return Attention(closed, by_person, len(steps) - by_person if clock else None)


def completeness(calendar: Calendar, tickets: list[Ticket], month: Month) -> Completeness:
    asked = [row for each in tickets for row in each.ask_backs.all() if calendar.month(row.at) == month]
    gaps = [each for each in tickets if calendar.month(each.opened_at) == month and each.missing_at_opening]
    return Completeness(len(gaps), len(asked))


def keys(each: Ticket, kind: Kind) -> list[tuple[str, str]]:
    """The rows a ticket belongs to, by key and label."""
    if kind == Kind.TYPE:
        return [(each.type, each.get_type_display())]
    if kind == Kind.PRIORITY:
        return [(str(each.priority), f"P{each.priority}")]
    if kind == Kind.SERVICE:
        return [(row.code, row.name) for row in each.services.all()] or [("", "No service named")]
    if kind == Kind.TENANT:
        return [(row.customer_id, str(row)) for row in each.tenants.all()] or [("", "No tenant named")]
    return [(each.partner.customer_id, str(each.partner))]


def divided(calendar: Calendar, tickets: list[Ticket], kind: Kind) -> set[Share]:
    """Without the rows of types and priorities in which nothing happened."""
    names = {pair for each in tickets for pair in keys(each, kind)}
    found = set()
    for key, label in names:
        these = [each for each in tickets if (key, label) in keys(each, kind)]
        now, before = month_row(calendar, these, MONTH), month_row(calendar, these, MONTH.plus(-1))
        found.add(Share(key, label, now.opened, before.opened, now.settled, now.open_at_end))
    return {share for share in found if not share.is_empty}


def recount(cast: Cast, partner: Partner | None, *, clock: bool) -> Report:
    calendar = Calendar(partner.time_zone if partner else "Europe/Berlin")
    tickets = list(
        Ticket.objects.select_related("partner").prefetch_related("tenants", "services", "escalations", "ask_backs")
    )  # fmt: skip
    tickets = [each for each in tickets if partner is None or each.partner == partner]
    before = MONTH.plus(-1)
    return Report(
        month=MONTH,
        first_opened_at=min(each.opened_at for each in tickets),
        trend=tuple(month_row(calendar, tickets, month) for month in run_up(MONTH, 12)),
        response=response(calendar, tickets, MONTH),
        response_before=response(calendar, tickets, before),
        resolution=resolution(calendar, tickets, MONTH),
        resolution_before=resolution(calendar, tickets, before),
        attention=attention(calendar, tickets, MONTH, clock=clock),
        attention_before=attention(calendar, tickets, before, clock=clock),
        completeness=completeness(calendar, tickets, MONTH),
        completeness_before=completeness(calendar, tickets, before),
        by={kind: divided(calendar, tickets, kind) for kind in Kind if partner is None or kind != Kind.PARTNER},
    )


def unordered(report: Report) -> Report:
    """The order of the rows is the page's affair, and so are empty rows."""
    return replace(
        report, by={kind: {share for share in shares if not share.is_empty} for kind, shares in report.by.items()}
    )


@pytest.mark.parametrize("seed", range(6))
def test_another_way_of_counting_comes_to_the_same_report(cast, seed):
    fill(random.Random(seed), cast)  # noqa: S311  # to be repeated, not to be secret
    assert unordered(monthly.read(cast.max, cast.alpine, MONTH)) == recount(cast, cast.alpine, clock=False)
    assert unordered(monthly.read(cast.mallory, cast.other, MONTH)) == recount(cast, cast.other, clock=False)
    assert unordered(monthly.read(cast.victor, cast.other, MONTH)) == recount(cast, cast.other, clock=True)
    assert unordered(monthly.read(cast.victor, None, MONTH)) == recount(cast, None, clock=True)
