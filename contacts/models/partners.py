"""The companies that sell and support, and the papers that say who does what."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.licence import Action
from contacts.models.logins import User


class PartnerQuerySet(models.QuerySet["Partner"]):
    def visible_to(self, user: "User | AnonymousUser") -> "PartnerQuerySet":
        """All for staff who may view partners, the own one for a contact in force, else nothing."""
        if not isinstance(user, User):
            return self.none()
        if user.is_staff:
            return self if user.has_perm("contacts.view_partner") else self.none()
        return self.filter(pk=user.contact.partner_id) if user.contact and user.may(Action.SEE) else self.none()


class Partner(models.Model):
    """The company that sells and supports. Its main customer ID stands on every ticket (guide, section 4)."""

    name = models.CharField(_("name"), max_length=200)
    customer_id = models.CharField(
        _("main customer ID"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^\d{4,12}$", _("A main customer ID has 4 to 12 digits, for example 73125."))],
    )
    mail_domains = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("mail domains"),
        default=list,
        blank=True,
        help_text=_("The domains its employees write from, separated by commas. Contacts outside them are refused."),
    )
    languages = ArrayField(models.CharField(max_length=5), verbose_name=_("languages"), default=list, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Berlin")
    partner_manager = models.ForeignKey(
        User,
        models.PROTECT,
        verbose_name=_("partner manager"),
        null=True,
        blank=True,
        related_name="managed_partners",
        limit_choices_to={"is_staff": True},
        help_text=_("The personal contact for go-to-market topics. Shown to this partner only."),
    )
    helpdesk_included = models.BooleanField(
        _("help desk service included"),
        default=False,
        help_text=_("1st and 2nd level include end-customer and application management help desk service."),
    )

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = [
            models.CheckConstraint(condition=Q(customer_id__regex=r"^\d{4,12}$"), name="partner_customer_id_digits")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.customer_id})"


class CoveringDocumentQuerySet(models.QuerySet["CoveringDocument"]):
    def visible_to(self, user: "User | AnonymousUser") -> "CoveringDocumentQuerySet":
        return self.filter(partner__in=Partner.objects.visible_to(user))


class CoveringDocument(models.Model):
    """One row of the guide's table "covering documents" (section 3) with this partner's own reference."""

    class Covers(models.TextChoices):
        LEVEL_1 = "L1", _("End-customer support, level 1")
        LEVEL_2 = "L2", _("End-customer support, level 2")
        LEVEL_3 = "L3", _("End-customer support, level 3")
        STATUS = "status", _("System status and availability")

    class Owner(models.TextChoices):
        PARTNER = "partner", _("Partner")
        VENDOR = "vendor", "Retarus"

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="covering_documents", verbose_name=_("partner"))
    covers = models.CharField(_("covers"), max_length=6, choices=Covers)
    title = models.CharField(_("document"), max_length=200)
    reference = models.CharField(_("reference"), max_length=100, blank=True)
    owner = models.CharField(_("owner"), max_length=7, choices=Owner)
    valid_from_date = models.DateField(_("valid from"), null=True, blank=True)
    valid_until_date = models.DateField(_("valid until"), null=True, blank=True)

    objects = CoveringDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("covering document")
        verbose_name_plural = _("covering documents")
        constraints = [
            models.UniqueConstraint(fields=["partner", "covers"], name="one_covering_document_each"),
            models.CheckConstraint(
                condition=Q(valid_until_date__isnull=True) | Q(valid_until_date__gte=F("valid_from_date")),
                name="covering_document_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_covers_display()}: {self.title}"
