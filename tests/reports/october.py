"""October 2026 of Alpine, small enough to be worked out by hand. Clocks are Berlin's, which go back on the 25th.

Unless said otherwise a ticket is due to be answered after 8 hours and settled after 72 hours, pauses added.

      opened           answered         settled                 closed  waited  what         tenants  services
    A 30.9. 23:30      +1.5 h in time   2.10. +48 h in time     9.10.           request P3   1        mail
    B 1.10. 00:00      +2 h   in time   +12 h in time           no              incident P1  1        mail
    C 5.10. 09:00      +10 h  late      +120 h = due, in time   2.11.   24 h    incident P2  1, 2     mail, trans.
    D 20.10. 10:00     +4 h   in time   no                      no              request P3   2        trans.
    E 31.10. 23:59:59  +9 h   late      3.11.                   no              incident P3  1        fax
    F 12.10. 08:00     never            closed +12 h, in time   12.10.          change P4    none     none
    G 10.9. 10:00      +6 h   in time   30.10. 10:00 late       30.10.  1 h     request P3   2        trans.
    H 1.11. 00:00      no               no                      no              request P3   1        mail

Opened in October: B C D E F. Answered of these: B C D E after 2, 10, 4, 9 hours, B and D in time. The middle of
2 4 9 10 is 6.5 h; nine tenths lie at place 0.9 x 3 = 2.7, so 9 h + 0.7 x 1 h = 9.7 h.

Settled in October: A 48 h, B 12 h, C 120 - 24 = 96 h, F 12 h, G: from 10.9. 10:00 to 30.10. 10:00 are 50 days and the
hour of the 25th, 1201 - 1 = 1200 h. The middle of 12 12 48 96 1200 is 48 h; place 0.9 x 4 = 3.6 gives
96 + 0.6 x 1104 = 758.4 h. They waited 24 + 1 = 25 h. All but G were in time.

Open at the end of October: D E. Closed in October: A F G.

September: A and G opened and answered in time after 1.5 and 6 hours: middle 3.75 h, place 0.9 gives
1.5 + 0.9 x 4.5 = 5.55 h. Nothing settled, both open at its end.

Escalated by a person: A on 30.9. at 23:59, C on 6.10., D on 31.10. at 23:59 and on 1.11. at 00:00: one in September,
two in October. By the clock: G's resolution on 13.9., C's answer on 5.10., E's answer on 1.11.: one and one.
"""

from reports.attention import Attention
from reports.completeness import Completeness
from reports.flow import MonthRow
from reports.monthly import Report
from reports.months import Month, run_up
from reports.pace import Pace
from reports.shares import Kind, Share
from tests.cast import Cast
from tests.reports.tickets import HOUR, berlin, escalated_by, escalated_by_the_clock, ticket
from tickets.models import AskBack

OCTOBER = Month(2026, 10)
INCIDENT, REQUEST, CHANGE = ({"type": each} for each in ("incident", "service_request", "change"))


def play(cast: Cast) -> None:
    """Alpine's October, and a ticket of somebody else's that must not count."""
    one, two, mail, trans, fax = cast.rs1, cast.rs2, cast.email_security, cast.transactional_email, cast.cloud_fax
    at = berlin(2026, 9, 30, 23, 30)
    a = ticket(
        cast.alpine, at, responded=at + 1.5 * HOUR, resolved=at + 48 * HOUR, closed=berlin(2026, 10, 9, 12),
        tenants=[one], services=[mail], missing_at_opening=["phone"],
    )  # fmt: skip
    at = berlin(2026, 10, 1)
    ticket(
        cast.alpine, at, responded=at + 2 * HOUR, resolved=at + 12 * HOUR,
        **INCIDENT, priority=1, tenants=[one], services=[mail],
    )  # fmt: skip
    at = berlin(2026, 10, 5, 9)
    c = ticket(
        cast.alpine, at, responded=at + 10 * HOUR, resolved=at + 120 * HOUR, closed=berlin(2026, 11, 2, 9),
        paused=24 * HOUR, resolve_by=at + 120 * HOUR,
        **INCIDENT, priority=2, tenants=[one, two], services=[mail, trans], missing_at_opening=["impact", "examples"],
    )  # fmt: skip
    at = berlin(2026, 10, 20, 10)
    d = ticket(cast.alpine, at, responded=at + 4 * HOUR, **REQUEST, tenants=[two], services=[trans])
    at = berlin(2026, 10, 31, 23, 59, 59)
    e = ticket(
        cast.alpine, at, responded=at + 9 * HOUR, resolved=berlin(2026, 11, 3, 9),
        **INCIDENT, tenants=[one], services=[fax],
    )  # fmt: skip
    at = berlin(2026, 10, 12, 8)
    ticket(cast.alpine, at, closed=at + 12 * HOUR, **CHANGE, priority=4)
    at = berlin(2026, 9, 10, 10)
    g = ticket(
        cast.alpine, at, responded=at + 6 * HOUR, resolved=berlin(2026, 10, 30, 10), closed=berlin(2026, 10, 30, 11),
        paused=HOUR, tenants=[two], services=[trans],
    )  # fmt: skip
    ticket(cast.alpine, berlin(2026, 11, 1), tenants=[one], services=[mail])
    at = berlin(2026, 10, 7, 9)
    x = ticket(cast.other, at, responded=at + HOUR, tenants=[cast.other_tenant], services=[mail])
    for row, day in ((c, 5), (g, -19), (g, 0), (x, 7)):  # days after the end of September
        AskBack.objects.create(ticket=row, items=["impact"], at=berlin(2026, 9, 30, 12) + day * 24 * HOUR)

    escalated_by(cast.max, a, berlin(2026, 9, 30, 23, 59))
    escalated_by(cast.max, c, berlin(2026, 10, 6, 9))
    escalated_by(cast.bob, d, berlin(2026, 10, 31, 23, 59))
    escalated_by(cast.bob, d, berlin(2026, 11, 1))
    escalated_by(cast.mallory, x, berlin(2026, 10, 8))
    escalated_by_the_clock(g, berlin(2026, 9, 13, 10), step="resolution")
    escalated_by_the_clock(c, berlin(2026, 10, 5, 17))
    escalated_by_the_clock(e, berlin(2026, 11, 1, 8))


def report() -> Report:
    """What play() comes to, for a reader of Alpine's."""
    months = run_up(OCTOBER, 12)
    return Report(
        month=OCTOBER,
        first_opened_at=berlin(2026, 9, 10, 10),
        trend=(
            *(MonthRow(month) for month in months[:10]),
            MonthRow(months[10], opened=2, answered=2, answered_in_time=2, open_at_end=2),
            MonthRow(OCTOBER, opened=5, answered=4, answered_in_time=2, settled=5, settled_in_time=4, open_at_end=2),
        ),
        response=Pace(6.5 * HOUR, 9.7 * HOUR),
        response_before=Pace(3.75 * HOUR, 5.55 * HOUR),
        resolution=Pace(48 * HOUR, 758.4 * HOUR, stood=25 * HOUR),
        resolution_before=Pace(),
        attention=Attention(closed=3, by_person=2, by_clock=None),
        attention_before=Attention(closed=0, by_person=1, by_clock=None),
        completeness=Completeness(incomplete=1, asked_back=1),
        completeness_before=Completeness(incomplete=1, asked_back=2),
        by={
            Kind.TYPE: (
                Share("incident", "Incident", opened=3, settled=2, open_at_end=1),
                Share("service_request", "Service request", opened=1, opened_before=2, settled=2, open_at_end=1),
                Share("change", "Change", opened=1, settled=1),
            ),
            Kind.PRIORITY: (
                Share("1", "P1", opened=1, settled=1),
                Share("2", "P2", opened=1, settled=1),
                Share("3", "P3", opened=2, opened_before=2, settled=2, open_at_end=2),
                Share("4", "P4", opened=1, settled=1),
            ),
            Kind.SERVICE: (
                Share("email-security", "Email Security", opened=2, opened_before=1, settled=3),
                Share(
                    "transactional-email", "Transactional Email", opened=2, opened_before=1, settled=2, open_at_end=1
                ),
                Share("cloud-fax", "Cloud Fax", opened=1, open_at_end=1),
                Share("", "No service named", opened=1, settled=1),
            ),
            Kind.TENANT: (
                Share("12345RS", "12345RS Bergbahn", opened=3, opened_before=1, settled=3, open_at_end=1),
                Share("23456RS", "23456RS Seilbahn", opened=2, opened_before=1, settled=2, open_at_end=1),
                Share("", "No tenant named", opened=1, settled=1),
            ),
        },
    )
