"""What articles have saved: ticket forms that ended without a ticket, by article and, for the vendor, by partner.

An outcome is what became of an article inside a ticket form. "Did this help?" on an article's page is an opinion and
is not counted here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.bilingual import language
from reports.figure import Figure
from reports.flow import percent
from reports.statement import Block

FIGURES = {
    "solved_by_article": Figure(
        _("Solved without a ticket"),
        _(
            "Ticket forms that ended in the month because an article had solved it, and of which no ticket came later. "
            "A form counts once, however many articles it showed."
        ),
    ),
    "by_article": Figure(
        _("Articles in the ticket form"),
        _(
            "An article counts in the month in which its reader said that it had helped or not, or sent the ticket. "
            "Shown: in how many forms it stood then; who left without a word is not counted. Not solved: its reader "
            "said so, or sent the ticket with steps ticked. Tickets after: forms of which a ticket came. Share solved: "
            "of solved and not solved together."
        ),
    ),
    "by_partner_solved": Figure(
        _("Solved by articles, by partner"), _("The same counts as by article, for the contacts of each partner.")
    ),
}

DEFLECTION = Block(
    "deflection",
    """
    SELECT 'form' AS kind, (said_at >= %(start)s)::text AS key, '' AS label_en, '' AS label_de,
           count(DISTINCT (contact_id, submission)) FILTER (WHERE verdict = 'solved') AS solved,
           0 AS shown, 0 AS unsolved, 0 AS tickets
    FROM outcomes WHERE said_at >= %(before)s AND said_at < %(end)s GROUP BY 2
    UNION ALL
    SELECT 'article', slug, question_en, question_de, count(*) FILTER (WHERE verdict = 'solved'), count(*),
           count(*) FILTER (WHERE verdict = 'not solved'), count(ticket_opened_at)
    FROM outcomes JOIN kb_article ON kb_article.id = article_id
    WHERE said_at >= %(start)s AND said_at < %(end)s GROUP BY slug, question_en, question_de
    UNION ALL
    SELECT 'partner', customer_id, name || ' (' || customer_id || ')', '', count(*) FILTER (WHERE verdict = 'solved'),
           count(*), count(*) FILTER (WHERE verdict = 'not solved'), count(ticket_opened_at)
    FROM outcomes JOIN contacts_partner ON contacts_partner.id = partner_id
    WHERE said_at >= %(start)s AND said_at < %(end)s GROUP BY customer_id, name
    """,
)


@dataclass(frozen=True)
class Deflected:
    """One article or one partner. `key` is the article's name in its address, or the partner's customer ID."""

    key: str
    label: str
    shown: int = 0
    solved: int = 0
    unsolved: int = 0
    tickets: int = 0

    @property
    def share(self) -> int | None:
        """Percent solved of what was tried, None when nothing was."""
        return percent(self.solved, self.solved + self.unsolved)


@dataclass(frozen=True)
class Deflection:
    """`solved` counts forms. `by_partner` is empty in the report of a single partner."""

    solved: int = 0
    solved_before: int = 0
    by_article: tuple[Deflected, ...] = field(default=())
    by_partner: tuple[Deflected, ...] = field(default=())


NONE = Deflection()


def deflection(rows: Iterable[dict[str, Any]], *, partners_shown: bool) -> Deflection:
    found = list(rows)
    forms = {row["key"]: row["solved"] for row in found if row["kind"] == "form"}
    return Deflection(
        solved=forms.get("true", 0),
        solved_before=forms.get("false", 0),
        by_article=_divided(found, "article"),
        by_partner=_divided(found, "partner") if partners_shown else (),
    )


def _divided(rows: list[dict[str, Any]], kind: str) -> tuple[Deflected, ...]:
    """What solved most first."""
    named = [
        Deflected(row["key"], row[f"label_{language()}"] or row["label_en"], **{name: row[name] for name in COUNTS})
        for row in rows
        if row["kind"] == kind
    ]
    return tuple(sorted(named, key=lambda each: (-each.solved, -each.shown, each.label)))


COUNTS = ("shown", "solved", "unsolved", "tickets")
