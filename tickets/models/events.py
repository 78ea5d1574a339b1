"""Who did what when, and who asked for more attention."""

from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from tickets import numbers
from tickets.models.ticket import Ticket


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: User | AnonymousUser) -> "EventQuerySet":
        """Events of the visible tickets; internal ones for staff only."""
        if not isinstance(user, User):
            return self.none()
        seen = self.filter(ticket__in=Ticket.objects.visible_to(user))
        return seen if user.is_staff else seen.filter(internal=False)


class Event(models.Model):
    """Who did what when. Written beside the change, never changed. `data` holds what the sentence needs, as JSON."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened the ticket")
        REPLIED = "replied", _("answered")
        NOTED = "noted", _("wrote a note")
        ASSIGNED = "assigned", _("assigned the ticket")
        STATUS = "status", _("changed the status")
        PRIORITY = "priority", _("changed the priority")
        EXPECTED = "expected", _("set the expected date")
        VERDICT = "verdict", _("said what caused it")
        ESCALATED = "escalated", _("escalated the ticket")
        OVERDUE = "overdue", _("became overdue")
        RESOLVED = "resolved", _("resolved the ticket")
        CLOSED = "closed", _("closed the ticket")
        REOPENED = "reopened", _("reopened the ticket")
        JOINED = "joined", _("joined a known issue")
        LEFT = "left", _("left a known issue")
        KNOWN = "known", _("told what is new on a known issue")
        ASKED = "asked", _("asked whether it is fixed")
        CONFIRMED = "confirmed", _("confirmed that it is fixed")
        DENIED = "denied", _("said that it is not fixed")
        SETTLED = "settled", _("was resolved after three days of silence")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=9, choices=Kind)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", help_text=_("Empty: the clock."))
    internal = models.BooleanField(default=False)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    version = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["ticket", "created_at"], name="event_of_ticket")]

    def __str__(self) -> str:
        return f"{numbers.display(self.ticket_id)} {self.kind}"


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, user: User | AnonymousUser) -> "EscalationQuerySet":
        """Escalations of the visible tickets; the clock's own are the vendor's affair."""
        if not isinstance(user, User):
            return self.none()
        seen = self.filter(ticket__in=Ticket.objects.visible_to(user))
        return seen if user.is_staff else seen.filter(step=Escalation.Step.PERSON)


class Escalation(models.Model):
    """Somebody, or the clock, asked for more attention. The clock does so once for each due moment."""

    class Step(models.TextChoices):
        PERSON = "person", _("By a person")
        RESPONSE = "response", _("Response overdue")
        RESOLUTION = "resolution", _("Resolution overdue")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="escalations")
    step = models.CharField(_("step"), max_length=10, choices=Step)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    reason = models.TextField(_("reason"), blank=True)
    due_at = models.DateTimeField(_("was due"), null=True)
    created_at = models.DateTimeField(_("escalated"), default=timezone.now)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        indexes = [models.Index(fields=["created_at"], name="escalation_created")]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "step", "due_at"], condition=~Q(step="person"), name="one_escalation_a_due_moment"
            ),
            models.CheckConstraint(
                condition=Q(step="person", by__isnull=False, due_at__isnull=True) & ~Q(reason="")
                | ~Q(step="person") & Q(by__isnull=True, due_at__isnull=False),
                name="escalation_by_person_or_clock",
            ),
        ]

    def __str__(self) -> str:
        return f"{numbers.display(self.ticket_id)} {self.step}"
