"""What a partner has bought: services at a service level, from one day to another."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from contacts.licence import Action
from contacts.models.logins import User
from contacts.models.partners import Partner


class ServiceQuerySet(models.QuerySet["Service"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ServiceQuerySet":
        """All for staff; for a contact in force the granted ones of those in the partner's contracts of today."""
        if not isinstance(user, User):
            return self.none()
        if user.is_staff:
            return self
        contact = user.contact
        if contact is None or not user.may(Action.SEE):
            return self.none()
        bought = self.filter(contracts__in=Contract.objects.in_force().filter(partner=contact.partner_id)).distinct()
        return bought if contact.all_services else bought.filter(pk__in=contact.service_ids)


class Service(models.Model):
    """One service of the messaging cloud. `code` names it in rules, URLs and imports."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    administration_guide_url = models.URLField(
        _("administration guide"),
        blank=True,
        help_text=_("Where the guide for implementation is kept (guide, section 6)."),
    )

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def __str__(self) -> str:
        return self.name


class ServiceLevel(models.Model):
    """A named set of response targets. The targets themselves are data of the tickets app."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("service level")
        verbose_name_plural = _("service levels")

    def __str__(self) -> str:
        return self.name


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ContractQuerySet":
        return self.filter(partner__in=Partner.objects.visible_to(user))

    def in_force(self) -> "ContractQuerySet":
        """Today, by the database's clock in UTC; the first and the last day included."""
        return self.filter(
            Q(valid_until_date__isnull=True) | Q(valid_until_date__gte=Now()), valid_from_date__lte=Now()
        )


class Contract(models.Model):
    """What a partner has bought: services and a service level, from one day to another."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="contracts", verbose_name=_("partner"))
    reference = models.CharField(_("reference"), max_length=100)
    services = models.ManyToManyField(Service, related_name="contracts", verbose_name=_("services"))
    service_level = models.ForeignKey(ServiceLevel, models.PROTECT, verbose_name=_("service level"))
    valid_from_date = models.DateField(_("valid from"))
    valid_until_date = models.DateField(_("valid until"), null=True, blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            models.UniqueConstraint(fields=["partner", "reference"], name="one_contract_reference"),
            models.CheckConstraint(
                condition=Q(valid_until_date__isnull=True) | Q(valid_until_date__gte=F("valid_from_date")),
                name="contract_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.partner.name})"
