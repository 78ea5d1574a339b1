"""Where else to look: the guides that apply, and the contacts and links of the guide's section 7."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Partner, User
from kb.bilingual import InReadersLanguage
from kb.readers import sees

WEB_ADDRESS = Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://")


class Kind(models.TextChoices):
    PARTNER = "partner", _("Partner guide")
    SUPPORT = "support", _("Global support guide")


class GuideQuerySet(models.QuerySet["Guide"]):
    def visible_to(self, user: User | AnonymousUser) -> "GuideQuerySet":
        return self if sees(user) else self.none()

    def in_force(self) -> "GuideQuerySet":
        """The newest version of each kind; one without a date is an edition that is always current."""
        newest = F("released_date").desc(nulls_first=True)
        return self.order_by("kind", newest, "-pk").distinct("kind")


class Guide(models.Model):
    """A version of a guide that all authorized colleagues are to know (guide, section 1)."""

    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    title_en = models.CharField(_("title (English)"), max_length=200)
    title_de = models.CharField(_("title (German)"), max_length=200, blank=True)
    version = models.CharField(_("version"), max_length=50)
    released_date = models.DateField(
        _("released"), null=True, blank=True, help_text=_("Empty: an online edition that is always current.")
    )
    url = models.URLField(_("address"), blank=True, help_text=_("Empty: Retarus Support sends it on request."))

    title = InReadersLanguage()
    objects = GuideQuerySet.as_manager()

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_guide_a_version"),
            models.CheckConstraint(condition=WEB_ADDRESS, name="guide_web_address"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.version}"


class Group(models.TextChoices):
    """In the order of the guide, which is the order of the page."""

    WEB = "web", _("Web")
    SALES = "sales", _("Sales and marketing support")
    TECHNICAL = "technical", _("Technical support")
    OFFICES = "offices", _("Office locations")
    OTHER = "other", _("Other useful links")


class Person(models.TextChoices):
    PARTNER_MANAGER = "partner_manager", _("The reader's own partner manager")


class ResourceQuerySet(models.QuerySet["Resource"]):
    def visible_to(self, user: User | AnonymousUser) -> "ResourceQuerySet":
        return self if sees(user) else self.none()


class Resource(models.Model):
    """One entry of the guide's contacts and resources."""

    group = models.CharField(_("group"), max_length=9, choices=Group)
    title_en = models.CharField(_("title (English)"), max_length=200)
    title_de = models.CharField(_("title (German)"), max_length=200, blank=True)
    note_en = models.CharField(_("note (English)"), max_length=300, blank=True)
    note_de = models.CharField(_("note (German)"), max_length=300, blank=True)
    url = models.URLField(_("address"), blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    person = models.CharField(_("person"), max_length=15, choices=Person, blank=True)
    guide = models.ForeignKey(Guide, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("guide"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    title = InReadersLanguage()
    note = InReadersLanguage()
    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        constraints = [
            models.CheckConstraint(condition=Q(group__in=Group.values), name="resource_group"),
            models.CheckConstraint(condition=WEB_ADDRESS, name="resource_web_address"),
        ]

    def __str__(self) -> str:
        return self.title


def partner_manager(user: User | AnonymousUser) -> User | None:
    """The person at the vendor who looks after the reader's own partner; None for staff and where nobody is named."""
    own = Partner.objects.visible_to(user).select_related("partner_manager") if not user.is_staff else []
    return next((partner.partner_manager for partner in own), None)
