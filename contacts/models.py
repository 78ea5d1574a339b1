"""Whom we serve: logins, partners with their tenants and contracts, and the persons named as authorized contacts."""

from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts import licence
from contacts.licence import Action, Level, Refusal, Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A login. Its name is the e-mail address, kept in lower case, which the database insists on."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=5, choices=[("en", _("English")), ("de", _("German"))], default="en"
    )
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Berlin")
    is_staff = models.BooleanField(_("vendor's staff"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    rights: list[str] | None = None  # of staff, when they came with the session (contacts.sessions)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("login")
        verbose_name_plural = _("logins")
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case")]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def contact(self) -> "Contact | None":
        """The one standing contact of this login, in force or not, with its partner; it comes with the session."""
        if self.is_staff:
            return None
        return self.contacts.standing().with_tenant_ids().select_related("partner").first()

    def refusal(self, action: Action) -> Refusal | None:
        """Why this login may not do `action` as a contact now; None when it may."""
        standing = self.contact.standing() if self.contact else None
        return licence.refusal(standing, action, timezone.now())

    def may(self, action: Action) -> bool:
        return self.refusal(action) is None


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


class ServiceQuerySet(models.QuerySet["Service"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ServiceQuerySet":
        """All for staff; for a contact in force the ones in the partner's contracts of today."""
        if not isinstance(user, User):
            return self.none()
        if user.is_staff:
            return self
        if user.contact is None or not user.may(Action.SEE):
            return self.none()
        return self.filter(contracts__in=Contract.objects.in_force().filter(partner=user.contact.partner_id)).distinct()


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
        return own if contact.all_tenants else own.filter(granted_to=contact)


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


class ContactQuerySet(models.QuerySet["Contact"]):
    def standing(self) -> "ContactQuerySet":
        """Not revoked: at most one for each login, in force or suspended or not begun."""
        return self.filter(revoked_at__isnull=True)

    def with_tenant_ids(self) -> "ContactQuerySet":
        granted = Contact.tenants.through.objects.filter(contact_id=OuterRef("pk"))
        return self.annotate(tenant_ids=ArraySubquery(granted.values("tenant_id")))  # type: ignore[no-redef]  # declared below

    def visible_to(self, user: "User | AnonymousUser") -> "ContactQuerySet":
        return self.filter(partner__in=Partner.objects.visible_to(user))


class Contact(models.Model):
    """A person named as authorized support contact of one partner (guide, 2.1), from one day to another.

    Moving to another partner ends this row and begins a new one; what was written stays with the old one.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="contacts", verbose_name=_("login"))
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="contacts", verbose_name=_("partner"))
    phone = models.CharField(_("telephone"), max_length=20, blank=True, help_text=_("International: +49 89 1234567"))
    level = models.CharField(_("level"), max_length=2, choices=Level, default=Level.L1)
    role = models.CharField(_("role"), max_length=7, choices=Role, default=Role.MEMBER)
    all_tenants = models.BooleanField(_("all tenants"), default=False)
    tenants = models.ManyToManyField(Tenant, related_name="granted_to", blank=True, verbose_name=_("tenants"))
    authorized_from_date = models.DateField(_("authorized from"))
    authorized_until_date = models.DateField(_("authorized until"), null=True, blank=True)
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    tenant_ids: list[int]  # by with_tenant_ids()
    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at__isnull=True), name="one_standing_contact_a_login"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="contact_role"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="contact_level"),
            models.CheckConstraint(
                condition=Q(authorized_until_date__isnull=True)
                | Q(authorized_until_date__gte=F("authorized_from_date")),
                name="contact_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user.name} ({self.partner.name})"

    def standing(self) -> licence.Standing:
        return licence.Standing(
            role=Role(self.role),
            authorized_from=self.authorized_from_date,
            authorized_until=self.authorized_until_date,
            suspended_at=self.suspended_at,
            revoked_at=self.revoked_at,
            time_zone=self.partner.time_zone,
        )


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: "User | AnonymousUser") -> "InvitationQuerySet":
        return self.filter(contact__in=Contact.objects.visible_to(user))

    def open(self, now: datetime) -> "InvitationQuerySet":
        return self.filter(accepted_at__isnull=True, expires_at__gt=now)


class Invitation(models.Model):
    """A one-time link to choose a first password. Only the hash of its secret is kept."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="invitations")
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.contact} {self.created_at:%Y-%m-%d}"


class Session(AbstractBaseSession):
    """Django's session with its login in a column, so that one statement tells who asks (contacts.sessions)."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
