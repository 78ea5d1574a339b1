"""How the steps of the checklist came out on a ticket, and how often the vendor had to ask back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from tickets import numbers
from tickets.models.ticket import Ticket, TicketQuerySet
from tickets.qualification import CHECKLIST, STEPS, Outcome
from tickets.requirements import Item

STEP_CHOICES = [(step.item.value, step.item.label) for step in CHECKLIST]


def _allowed() -> Q:
    """Every step with its own outcomes, and a note where the outcome asks for one."""
    allowed = Q()
    for step in CHECKLIST:
        plain = [outcome.value for outcome in step.outcomes if not outcome.ask]
        asking = [outcome.value for outcome in step.outcomes if outcome.ask]
        if plain:
            allowed |= Q(step=step.item.value, outcome__in=plain)
        if asking:
            allowed |= Q(step=step.item.value, outcome__in=asking) & ~Q(note="")
    return allowed


class ChecklistEntryQuerySet(models.QuerySet["ChecklistEntry"]):
    def visible_to(self, user: User | AnonymousUser) -> "ChecklistEntryQuerySet":
        """Those of the visible tickets."""
        return self.filter(ticket__in=Ticket.objects.visible_to(user))


class ChecklistEntry(models.Model):
    """How one step came out, by whom and when (guide, 2.4 and 3). A later entry of the same step stands above it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="checklist")
    step = models.CharField(_("step"), max_length=20, choices=STEP_CHOICES)
    outcome = models.CharField(_("outcome"), max_length=20)
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("checked"), default=timezone.now)

    objects = ChecklistEntryQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("step of the checklist")
        verbose_name_plural = _("steps of the checklist")
        indexes = [models.Index(fields=["ticket", "at"], name="checklist_of_ticket")]
        constraints = [models.CheckConstraint(condition=_allowed(), name="checklist_outcome_of_step")]

    def __str__(self) -> str:
        return f"{numbers.display(self.ticket_id)} {self.step}"

    @property
    def came_out(self) -> Outcome:
        return STEPS[Item(self.step)].outcome(self.outcome)


def with_checklist(tickets: TicketQuerySet) -> TicketQuerySet:
    """Adds `checklist_rows` in the same statement; `entries_of` reads them."""
    own = ChecklistEntry.objects.filter(ticket=OuterRef("pk")).order_by("at", "pk")
    rows = own.values(json=JSONObject(step="step", outcome="outcome", note="note", at="at", name="by__name"))
    return tickets.annotate(checklist_rows=ArraySubquery(rows))  # type: ignore[no-redef]  # declared on the model


def entries_of(rows: Iterable[Mapping[str, Any]]) -> list[ChecklistEntry]:
    """The rows that `with_checklist` added: the newest entry of each step, in the order of the checklist."""
    newest = {row["step"]: row for row in rows}
    return [_entry(newest[step.item.value]) for step in CHECKLIST if step.item.value in newest]


def _entry(row: Mapping[str, Any]) -> ChecklistEntry:
    by, at = User(name=row["name"]), datetime.fromisoformat(row["at"])
    return ChecklistEntry(step=row["step"], outcome=row["outcome"], note=row["note"], by=by, at=at)


class AskBackQuerySet(models.QuerySet["AskBack"]):
    def visible_to(self, user: User | AnonymousUser) -> "AskBackQuerySet":
        """Those of the visible tickets."""
        return self.filter(ticket__in=Ticket.objects.visible_to(user))


class AskBack(models.Model):
    """The vendor had to ask for something that should have been there from the start (guide, 5: without asking back).
    Empty `by`: a rule asked, not a person."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="ask_backs")
    items = ArrayField(models.CharField(max_length=20, choices=Item), verbose_name=_("what was missing"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("asked"), default=timezone.now)

    objects = AskBackQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("question for something missing")
        verbose_name_plural = _("questions for something missing")
        indexes = [models.Index(fields=["at"], name="ask_back_asked")]
        constraints = [models.CheckConstraint(condition=~Q(items=[]), name="ask_back_names_something")]

    def __str__(self) -> str:
        return f"{numbers.display(self.ticket_id)} {self.at:%Y-%m-%d %H:%M}"
