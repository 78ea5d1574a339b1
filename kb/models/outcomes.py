"""What became of an article that was shown to somebody who was about to open a ticket (guide, section 5).

Not to be taken for `Feedback`, an opinion of an article at any time: an outcome belongs to one ticket form, named by
its submission, and says whether a ticket came of it.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from contacts.bilingual import language
from contacts.models import Contact, Partner, User
from kb.models.articles import Article, ArticleStep
from kb.readers import sees


class Verdict(models.TextChoices):
    SOLVED = "solved", _("Solved")
    NOT_SOLVED = "not solved", _("Not solved")
    PASSED = "passed", _("Shown, not tried")


@dataclass(frozen=True)
class Tried:
    """An article as it stands in a form: which of its steps are ticked, and whether the reader said it did not help."""

    article: Article
    ticked: Collection[int] = ()
    unsolved: bool = False

    @property
    def steps(self) -> list[ArticleStep]:
        """Those that were tried, in the article's order."""
        return [step for step in self.article.steps.all() if step.pk in self.ticked]

    @property
    def verdict(self) -> Verdict:
        """When a ticket is sent all the same: what was tried did not help."""
        return Verdict.NOT_SOLVED if self.unsolved or self.steps else Verdict.PASSED


@dataclass(frozen=True)
class TriedBefore:
    """An article that did not help before a ticket, in the reader's language; the steps as they read then."""

    slug: str
    question: str
    steps: list[str]

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """From a row of `as_rows`."""
        own = language()
        steps = [step[own] or step["en"] for step in row["steps"]]
        return cls(row["slug"], row[f"question_{own}"] or row["question_en"], steps)


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def visible_to(self, user: User | AnonymousUser) -> "OutcomeQuerySet":
        """All for staff, the own partner's for a contact in force; else nothing."""
        if not sees(user):
            return self.none()
        if user.is_staff:
            return self
        return self.filter(partner=user.contact.partner_id) if user.contact else self.none()

    def of_form(self, contact: Contact, submission: uuid.UUID) -> "OutcomeQuerySet":
        return self.filter(contact=contact, submission=submission)

    def as_rows(self) -> "models.QuerySet[Outcome, Any]":
        """What was tried in vain, a JSON object each, for a subquery of a ticket."""
        columns = {name: f"article__{name}" for name in ("slug", "question_en", "question_de")}
        unsolved = self.filter(verdict=Verdict.NOT_SOLVED).order_by("pk")
        return unsolved.values(json=JSONObject(steps="steps", **columns))

    def keep(
        self,
        said: Sequence[tuple[Tried, Verdict]],
        *,
        contact: Contact,
        submission: uuid.UUID,
        services: Sequence[str],
        now: datetime,
        ticket_opened: bool = False,
    ) -> None:
        """One row for each form and article, however often it is said; what is said later holds.

        Only "shown, not tried" takes nothing back that was said before.
        """
        rows = [
            Outcome(
                contact=contact,
                partner_id=contact.partner_id,
                submission=submission,
                article=tried.article,
                services=services,
                steps=[{"en": step.text_en, "de": step.text_de} for step in tried.steps],
                verdict=verdict,
                said_at=now,
                ticket_opened_at=now if ticket_opened else None,
            )
            for tried, verdict in said
        ]
        fields = ["services", "steps", "verdict", "said_at"]
        self.bulk_create(
            [row for row in rows if row.verdict != Verdict.PASSED],
            update_conflicts=True,
            unique_fields=["contact", "submission", "article"],
            update_fields=[*fields, "ticket_opened_at"] if ticket_opened else fields,
        )
        self.bulk_create([row for row in rows if row.verdict == Verdict.PASSED], ignore_conflicts=True)

    def followed_by_ticket(self, now: datetime) -> int:
        """A ticket of the same form came after all: what was called solved was not. The number of rows."""
        return self.update(
            verdict=models.Case(
                models.When(verdict=Verdict.SOLVED, then=models.Value(Verdict.NOT_SOLVED)), default="verdict"
            ),
            ticket_opened_at=now,
        )


class Outcome(models.Model):
    """One article shown in one ticket form, and what its reader said in the end.

    `steps` are the ticked ones in both languages, as they read then; `services` are the codes that were chosen.
    """

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+", verbose_name=_("contact"))
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", verbose_name=_("partner"))
    submission = models.UUIDField(editable=False)
    article = models.ForeignKey(Article, models.PROTECT, related_name="outcomes", verbose_name=_("article"))
    services = ArrayField(models.SlugField(), default=list, blank=True, verbose_name=_("services"))
    steps = models.JSONField(_("ticked steps"), default=list, blank=True)
    verdict = models.CharField(_("outcome"), max_length=10, choices=Verdict)
    said_at = models.DateTimeField(_("said"))
    ticket_opened_at = models.DateTimeField(_("ticket opened"), null=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        indexes = [
            models.Index(fields=["said_at"], name="outcome_said"),
            models.Index(fields=["partner", "said_at"], name="outcome_partner_said"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["contact", "submission", "article"], name="one_outcome_a_form_and_article"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="outcome_verdict"),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.SOLVED) | Q(ticket_opened_at__isnull=True),
                name="outcome_solved_without_ticket",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.PASSED) | Q(ticket_opened_at__isnull=False),
                name="outcome_passed_with_ticket",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article}: {self.get_verdict_display()}"
