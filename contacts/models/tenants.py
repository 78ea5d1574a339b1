"""The end-customers of a partner, by their IDs, and the agreements that let the vendor serve one of them directly."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.licence import Action
from contacts.models.logins import User
from contacts.models.partners import Partner


class TenantQuerySet(models.QuerySet["Tenant"]):
    def visible_to(self, user: "User | AnonymousUser") -> "TenantQuerySet":
        """All for staff who may view tenants; for a contact in force the granted ones; else nothing."""
        if not isinstance(user, User):
            return self.none()
        if user.is_staff:
            return self if user.has_perm("contacts.view_tenant") else self.none()
        contact = user.contact
        if contact is None or not user.may(Action.SEE):
            return self.none()
        own = self.filter(partner=contact.partner_id)
        return own if contact.all_tenants else own.filter(pk__in=contact.tenant_ids)


class Tenant(models.Model):
    """An end-customer's ID under a partner, digits and RS (example in the guide: 12345RS)."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="tenants", verbose_name=_("partner"))
    customer_id = models.CharField(
        _("customer ID"),
        max_length=14,
        unique=True,
        validators=[RegexValidator(r"^\d{4,12}(RS)?$", _("A customer ID is digits, or digits and RS: 12345RS."))],
    )
    name = models.CharField(_("name"), max_length=200)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        constraints = [
            models.CheckConstraint(condition=Q(customer_id__regex=r"^\d{4,12}(RS)?$"), name="tenant_customer_id_format")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.name}"


class DirectSupportQuerySet(models.QuerySet["DirectSupport"]):
    def visible_to(self, user: "User | AnonymousUser") -> "DirectSupportQuerySet":
        return self.filter(tenant__in=Tenant.objects.visible_to(user))

    def touching(self, day: date) -> "DirectSupportQuerySet":
        """Those that cover this day, both ends included."""
        return self.filter(valid_from_date__lte=day, valid_until_date__gte=day)


class DirectSupport(models.Model):
    """A separate agreement by which the vendor supports one end-customer directly (guide, section 3).

    Without one in force no end-customer is ever a contact, mailed or let in. It always has a last day.
    """

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="direct_support", verbose_name=_("tenant"))
    reference = models.CharField(_("reference of the agreement"), max_length=100)
    mail_domains = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("mail domains of the end-customer"),
        help_text=_("The domains its employees write from, separated by commas."),
    )
    valid_from_date = models.DateField(_("valid from"))
    valid_until_date = models.DateField(_("valid until"))
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = DirectSupportQuerySet.as_manager()

    class Meta:
        verbose_name = _("direct support agreement")
        verbose_name_plural = _("direct support agreements")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="one_direct_support_reference"),
            models.CheckConstraint(condition=~Q(reference=""), name="direct_support_has_reference"),
            models.CheckConstraint(condition=Q(mail_domains__len__gt=0), name="direct_support_has_domains"),
            models.CheckConstraint(
                condition=Q(valid_until_date__gte=F("valid_from_date")), name="direct_support_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.tenant.customer_id})"
