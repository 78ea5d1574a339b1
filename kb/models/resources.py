"""Where else to look: the contacts and links of the guide's section 7."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.bilingual import InReadersLanguage
from contacts.models import Guide, Partner, User
from kb.readers import sees

WEB_ADDRESS = Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://")


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
