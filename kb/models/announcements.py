"""What is going on: notices on status and maintenance, and updates of the services (guide, sections 3 and 7)."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contacts.bilingual import InReadersLanguage
from contacts.models import Service, User
from kb import markup
from kb.readers import sees

FOREWARNING = timedelta(days=1)


class Kind(models.TextChoices):
    STATUS = "status", _("Status notice")
    MAINTENANCE = "maintenance", _("Maintenance")
    UPDATE = "update", _("Service update")


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def published(self, now: datetime) -> "AnnouncementQuerySet":
        return self.filter(published_at__lte=now)

    def visible_to(self, user: User | AnonymousUser) -> "AnnouncementQuerySet":
        """Everything for staff, drafts included; what is published for a contact in force; else nothing."""
        if sees(user):
            return self if user.is_staff else self.published(timezone.now())
        return self.none()

    def for_the_frame(self, now: datetime) -> "AnnouncementQuerySet":
        """What every page may have to show before this list is read again."""
        kinds = [Kind.STATUS, Kind.MAINTENANCE]
        coming = self.filter(kind__in=kinds, starts_at__lte=now + FOREWARNING + timedelta(minutes=2))
        return coming.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now)).order_by("starts_at", "pk")


class Announcement(models.Model):
    """Entered by an agent. Moments in UTC; the end belongs to what is over."""

    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    title_en = models.CharField(_("title (English)"), max_length=200)
    title_de = models.CharField(_("title (German)"), max_length=200, blank=True)
    body_en = models.TextField(_("text (English)"), blank=True, help_text=_("Markdown."))
    body_de = models.TextField(_("text (German)"), blank=True, help_text=_("Markdown."))
    services = models.ManyToManyField(
        Service, related_name="announcements", blank=True, verbose_name=_("services"), help_text=_("None: all of them.")
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("May be left open for a status notice only.")
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, help_text=_("Empty: a draft."))
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("entered by")
    )

    title = InReadersLanguage()
    body = InReadersLanguage()
    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        indexes = [models.Index(fields=["starts_at"], name="announcement_starts_at")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="announcement_kind"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="announcement_ends_after_start",
                violation_error_message=_("It ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.STATUS) | Q(ends_at__isnull=False),
                name="announcement_ends",
                violation_error_message=_("Only a status notice may be left open: say until when this stands."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('kb:announcements')}#notice-{self.pk}"

    @property
    def body_html(self) -> SafeString:
        return markup.render(self.body)

    @property
    def is_draft(self) -> bool:
        return self.published_at is None or self.published_at > timezone.now()

    def is_over(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now

    def is_current(self, now: datetime) -> bool:
        return self.starts_at <= now and not self.is_over(now)

    def is_planned(self, now: datetime) -> bool:
        return self.starts_at > now

    def stands_in_frame(self, now: datetime) -> bool:
        """On every page: a status notice while it lasts, maintenance from a day before it begins."""
        lead = FOREWARNING if self.kind == Kind.MAINTENANCE else timedelta()
        concerns_all = self.kind != Kind.UPDATE
        return concerns_all and not self.is_draft and self.starts_at - lead <= now and not self.is_over(now)
