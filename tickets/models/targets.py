"""What the vendor owes, and how soon."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models import ServiceLevel
from tickets import clock
from tickets.priority import Priority


class ResponseTarget(models.Model):
    """How fast a priority must be answered under a service level. Edited in the admin; the seeded rows are defaults,
    because the guide speaks of service levels and names no figures."""

    service_level = models.ForeignKey(
        ServiceLevel, models.CASCADE, related_name="targets", verbose_name=_("service level")
    )
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority)
    respond_within = models.DurationField(_("respond within"), help_text=_("Hours, minutes, seconds: 4:00:00"))
    resolve_within = models.DurationField(_("resolve within"), help_text=_("Days, hours, minutes, seconds: 3 00:00:00"))
    is_default = models.BooleanField(
        _("default"), default=False, help_text=_("Not agreed by contract, but our default.")
    )

    class Meta:
        verbose_name = _("response target")
        verbose_name_plural = _("response targets")
        constraints = [
            models.UniqueConstraint(fields=["service_level", "priority"], name="one_target_a_priority"),
            models.CheckConstraint(
                condition=Q(respond_within__gt=timedelta(0), resolve_within__gte=F("respond_within")),
                name="target_resolves_after_response",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_level} {self.get_priority_display()}"

    @property
    def target(self) -> clock.Target:
        return clock.Target(self.respond_within, self.resolve_within)
