"""The guides that all authorized colleagues are to know, version by version, and who has confirmed which."""

from django.contrib.auth.models import AnonymousUser
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.bilingual import InReadersLanguage
from contacts.licence import Action
from contacts.models.logins import User
from contacts.models.partners import Partner
from contacts.readiness import GUIDES, Step

WEB_ADDRESS = Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://")


class GuideQuerySet(models.QuerySet["Guide"]):
    def visible_to(self, user: User | AnonymousUser) -> "GuideQuerySet":
        """What is published, for contacts in force; drafts too for staff who may view guides."""
        if not isinstance(user, User):
            return self.none()
        if user.is_staff:
            return self if user.has_perm("contacts.view_guide") else self.none()
        return self.published() if user.may(Action.SEE) else self.none()

    def published(self) -> "GuideQuerySet":
        return self.filter(published_at__isnull=False)

    def in_force(self) -> "GuideQuerySet":
        """Of each kind the version that was published last."""
        return self.published().order_by("kind", F("published_at").desc(), "-pk").distinct("kind")


class Guide(models.Model):
    """A version of a guide (partner guide, section 1), or of the short list of support processes (2.3).

    Contacts meet it once it is published. From then on its kind, version and points stay: they are what was confirmed.
    """

    kind = models.CharField(
        _("kind"), max_length=9, choices=[(step.value, step.label) for step in GUIDES], default=Step.PARTNER
    )
    title_en = models.CharField(_("title (English)"), max_length=200)
    title_de = models.CharField(_("title (German)"), max_length=200, blank=True)
    version = models.CharField(_("version"), max_length=50)
    released_date = models.DateField(
        _("released"), null=True, blank=True, help_text=_("Empty: an online edition that is always current.")
    )
    url = models.URLField(_("address"), blank=True, help_text=_("Where it can be read, if outside of the portal."))
    file = models.FileField(
        _("file"), upload_to="guides/", blank=True, validators=[FileExtensionValidator(["pdf"])], help_text=_("A PDF.")
    )
    body_en = models.TextField(_("text (English)"), blank=True, help_text=_("Markdown. Read in the portal."))
    body_de = models.TextField(_("text (German)"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)

    title = InReadersLanguage()
    body = InReadersLanguage()
    objects = GuideQuerySet.as_manager()

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_version_of_a_guide"),
            models.CheckConstraint(condition=Q(kind__in=GUIDES), name="guide_kind"),
            models.CheckConstraint(condition=WEB_ADDRESS, name="guide_web_address"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.version}"


class GuidePointQuerySet(models.QuerySet["GuidePoint"]):
    def visible_to(self, user: User | AnonymousUser) -> "GuidePointQuerySet":
        return self.filter(guide__in=Guide.objects.visible_to(user))


class GuidePoint(models.Model):
    """One thing that whoever confirms the guide ticks by itself."""

    guide = models.ForeignKey(Guide, models.CASCADE, related_name="points", verbose_name=_("guide"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text_en = models.CharField(_("text (English)"), max_length=300)
    text_de = models.CharField(_("text (German)"), max_length=300, blank=True)

    text = InReadersLanguage()
    objects = GuidePointQuerySet.as_manager()

    class Meta:
        verbose_name = _("point")
        verbose_name_plural = _("points to tick")

    def __str__(self) -> str:
        return self.text


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    def visible_to(self, user: User | AnonymousUser) -> "AcknowledgementQuerySet":
        return self.filter(contact__partner__in=Partner.objects.visible_to(user))


class Acknowledgement(models.Model):
    """This contact has read this version and says so. Nobody does it for somebody else."""

    contact = models.ForeignKey("contacts.Contact", models.PROTECT, related_name="acknowledgements")
    guide = models.ForeignKey(Guide, models.PROTECT, related_name="acknowledgements", verbose_name=_("guide"))
    acknowledged_at = models.DateTimeField(_("confirmed"), default=timezone.now)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        constraints = [models.UniqueConstraint(fields=["contact", "guide"], name="confirmed_once")]

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.guide}"
