"""Who did what to a contact's authorization, when and why. Written beside the change, never changed."""

from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models.contacts import Contact
from contacts.models.logins import User


class Deed(models.TextChoices):
    """What can happen to a contact, as a line of the history begins."""

    INVITED = "invited", _("Invited")
    INVITED_AGAIN = "invited again", _("Invited again")
    ACCEPTED = "accepted", _("Accepted the invitation")
    AMENDED = "amended", _("Authorization changed")
    RENEWED = "renewed", _("Renewed")
    SUSPENDED = "suspended", _("Suspended")
    RESUMED = "resumed", _("Resumed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    GROUND_ENDED = "ground ended", _("Suspended, because the exception or the agreement has ended")


class ContactEventQuerySet(models.QuerySet["ContactEvent"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ContactEventQuerySet":
        return self.filter(contact__in=Contact.objects.visible_to(user))

    def newest_first(self) -> "ContactEventQuerySet":
        return self.select_related("by").order_by("-version", "-pk")


class ContactEvent(models.Model):
    """One line of a contact's history. `changes` maps a field to what it was and what it is now.

    `version` is the contact's after the change, so that a page made before it can be told what it has missed.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="events", verbose_name=_("contact"))
    kind = models.CharField(_("what happened"), max_length=14, choices=Deed)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"), help_text=_("Empty: the clock.")
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    changes = models.JSONField(_("changes"), default=dict, encoder=DjangoJSONEncoder)
    version = models.PositiveIntegerField()
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    objects = ContactEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact event")
        verbose_name_plural = _("contact events")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["contact", "version"], name="event_of_contact")]
        constraints = [models.CheckConstraint(condition=Q(kind__in=Deed.values), name="contact_event_kind")]

    def __str__(self) -> str:
        return f"{self.contact} {self.kind}"
