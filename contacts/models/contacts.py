"""The persons named as authorized contacts, what they may do, and what is known of their training."""

from datetime import date, datetime
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from contacts import licence
from contacts.licence import Basis, Ceiling, Level, Right
from contacts.models.known import LACKING_AS, known_of, lacks
from contacts.models.logins import User
from contacts.models.partners import Partner
from contacts.models.services import Contract, Service
from contacts.models.tenants import DirectSupport, Tenant
from contacts.readiness import Step, Training, training_from


class ContactQuerySet(models.QuerySet["Contact"]):
    def standing(self) -> "ContactQuerySet":
        """Not revoked: at most one for each login, in force or suspended or not begun."""
        return self.filter(revoked_at__isnull=True)

    def managing(self) -> "ContactQuerySet":
        """Those who may manage contacts and have a login that has been used; in force or not."""
        return self.standing().filter(rights__contains=[Right.MANAGE_CONTACTS], user__is_active=True)

    def with_grants(self) -> "ContactQuerySet":
        """What `Contact.standing` needs beside the partner, in the same statement."""
        return self.annotate(**granted("pk")).select_related("direct_support")

    def with_training(self) -> "ContactQuerySet":
        """What `Contact.training` is read from, in the same statement."""
        return self.annotate(**known_of("pk", "partner"))

    def lacking(self, step: Step) -> "ContactQuerySet":
        """Who has not confirmed the version in force, or has attended nothing; demanded or not."""
        return self.filter(lacks(step))

    def lacking_by_partner(self) -> "models.QuerySet[Contact, Any]":
        """For reports: of each partner the standing contacts, those who lack anything, and those who lack each step."""
        by_step = {LACKING_AS[step]: Count("pk", filter=lacks(step)) for step in Step}
        anything = reduce(or_, (lacks(step) for step in Step))
        rows = self.standing().values("partner", "partner__name")
        return rows.annotate(contacts=Count("pk"), lacking=Count("pk", filter=anything), **by_step)

    def visible_to(self, user: "User | AnonymousUser") -> "ContactQuerySet":
        return self.filter(partner__in=Partner.objects.visible_to(user))


def granted(contact: str) -> dict[str, ArraySubquery]:
    """`tenant_ids` and `service_ids` of the contact whose key the outer statement knows by this name."""
    tenants = Contact.tenants.through.objects.filter(contact_id=OuterRef(contact))
    services = Contact.services.through.objects.filter(contact_id=OuterRef(contact))
    return {
        "tenant_ids": ArraySubquery(tenants.values("tenant_id")),
        "service_ids": ArraySubquery(services.values("service_id")),
    }


class Contact(models.Model):
    """A person named as authorized support contact of one partner (guide, 2.1), from one day to another.

    Moving to another partner ends this row and begins a new one; what was written stays with the old one.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="contacts", verbose_name=_("login"))
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="contacts", verbose_name=_("partner"))
    phone = models.CharField(_("telephone"), max_length=20, blank=True, help_text=_("International: +49 89 1234567"))
    level = models.CharField(_("level"), max_length=2, choices=Level, default=Level.L1)
    rights = ArrayField(
        models.CharField(max_length=15, choices=Right), verbose_name=_("rights"), default=list, blank=True
    )
    highest_priority = models.PositiveSmallIntegerField(_("highest priority"), choices=Ceiling, default=Ceiling.P2)
    all_tenants = models.BooleanField(_("all tenants"), default=False)
    tenants = models.ManyToManyField(Tenant, related_name="granted_to", blank=True, verbose_name=_("tenants"))
    all_services = models.BooleanField(_("all services"), default=True)
    services = models.ManyToManyField(Service, related_name="granted_to", blank=True, verbose_name=_("services"))
    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="contacts", null=True, blank=True, verbose_name=_("contract")
    )
    authorized_from_date = models.DateField(_("authorized from"))
    authorized_until_date = models.DateField(_("authorized until"), null=True, blank=True)
    basis = models.CharField(_("basis"), max_length=14, choices=Basis, default=Basis.EMPLOYEE)
    exception_reference = models.CharField(_("contract of the exception"), max_length=100, blank=True)
    exception_approved_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("exception approved by")
    )
    exception_until_date = models.DateField(_("exception until"), null=True, blank=True)
    direct_support = models.ForeignKey(
        DirectSupport,
        models.PROTECT,
        related_name="contacts",
        null=True,
        blank=True,
        verbose_name=_("direct support agreement"),
    )
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    tenant_ids: list[int]  # by with_grants()
    service_ids: list[int]
    editions: list[dict[str, Any]]  # these three by with_training()
    demanded: list[dict[str, Any]]
    attended_at: datetime | None
    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at__isnull=True), name="one_standing_contact_a_login"
            ),
            models.CheckConstraint(condition=Q(rights__contained_by=Right.values), name="contact_rights"),
            models.CheckConstraint(condition=Q(highest_priority__in=Ceiling.values), name="contact_highest_priority"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="contact_level"),
            models.CheckConstraint(
                condition=Q(authorized_until_date__isnull=True)
                | Q(authorized_until_date__gte=F("authorized_from_date")),
                name="contact_ends_after_start",
            ),
            # An exception to "employees only" names its contract, the agent who approved it, and its last day.
            models.CheckConstraint(
                condition=Q(
                    basis=Basis.DEDICATED, exception_approved_by__isnull=False, exception_until_date__isnull=False
                )
                & ~Q(exception_reference="")
                | ~Q(basis=Basis.DEDICATED)
                & Q(exception_reference="", exception_approved_by__isnull=True, exception_until_date__isnull=True),
                name="contact_exception_complete",
            ),
            models.CheckConstraint(
                condition=Q(basis=Basis.DIRECT_SUPPORT, direct_support__isnull=False, all_tenants=False)
                | Q(basis__in=[Basis.EMPLOYEE, Basis.DEDICATED], direct_support__isnull=True),
                name="contact_direct_support_by_agreement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user.name} ({self.partner.name})"

    @property
    def role(self) -> str:
        """The name of the rights together; empty when they are a choice of one's own."""
        role = licence.role_of(self.rights)
        return str(role.label) if role else ""

    @property
    def rights_told(self) -> list[str]:
        return [str(right.label) for right in Right if right in self.rights]

    def standing(self) -> licence.Standing:
        """For a contact by `with_grants`, its partner at hand."""
        first, last = self._basis_days()
        return licence.Standing(
            partner=self.partner_id,
            time_zone=self.partner.time_zone,
            rights=frozenset(Right(right) for right in self.rights),
            authorized_from=self.authorized_from_date,
            authorized_until=self.authorized_until_date,
            suspended_at=self.suspended_at,
            revoked_at=self.revoked_at,
            tenants=None if self.all_tenants else frozenset(self.tenant_ids),
            services=None if self.all_services else frozenset(self.service_ids),
            highest_priority=self.highest_priority,
            basis=Basis(self.basis),
            basis_from=first,
            basis_until=last,
        )

    def _basis_days(self) -> tuple[date | None, date | None]:
        if self.direct_support:
            return self.direct_support.valid_from_date, self.direct_support.valid_until_date
        return None, self.exception_until_date

    @cached_property
    def training(self) -> Training:
        """For a contact by `with_training`, its partner at hand."""
        begins, zone = self.authorized_from_date, self.partner.time_zone
        return training_from(begins, zone, self.editions, self.demanded, self.attended_at)

    def grants(self) -> licence.Grants:
        """For a contact by `with_grants`."""
        return licence.Grants(
            level=Level(self.level),
            rights=frozenset(Right(right) for right in self.rights),
            highest_priority=self.highest_priority,
            all_tenants=self.all_tenants,
            tenants=frozenset(self.tenant_ids),
            all_services=self.all_services,
            services=frozenset(self.service_ids),
            authorized_from_date=self.authorized_from_date,
            authorized_until_date=self.authorized_until_date,
            contract=self.contract_id,
        )
