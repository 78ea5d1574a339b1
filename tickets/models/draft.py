"""A ticket that is still being written, and the files that wait in it."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.licence import Action
from contacts.models import Contact, User
from tickets.models.conversation import Attachment, stored_under
from tickets.requirements import TicketType


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, user: User | AnonymousUser) -> "DraftQuerySet":
        """The own ones of a contact who may open tickets now; nobody else's, not even a colleague's."""
        if not isinstance(user, User) or user.contact is None or not user.may(Action.OPEN):
            return self.none()
        return self.filter(contact=user.contact)

    def to_warn_about(self, until: datetime) -> "DraftQuerySet":
        """Those that expire by `until` and whose owner has not been told."""
        return self.filter(expires_at__lte=until, warned_at__isnull=True).order_by("expires_at", "pk")

    def expired(self, now: datetime) -> "DraftQuerySet":
        """Nothing ends unannounced: a clock that stood still tells first."""
        return self.filter(expires_at__lte=now, warned_at__isnull=False).order_by("expires_at", "pk")

    def as_array(self) -> ArraySubquery:
        """What an offer to go on names, newest first, beside another statement's columns."""
        named = {name: name for name in ("submission", "type", "subject", "updated_at")}
        return ArraySubquery(self.order_by("-updated_at").values(json=JSONObject(**named)))


class Draft(models.Model):
    """What stands in a form that was not sent. Written by `tickets.workflow` only; sent, it becomes the ticket.

    `answers` are the fields as they were typed, checked by nobody, as JSON text: each name with the list of its values,
    the way a browser sends them. Text, because a database's own JSON refuses some letters. `page` is the page that
    wrote last: a page may always write over itself, another only over the version it has shown.
    """

    class Origin(models.TextChoices):
        PORTAL = "portal", _("Portal")
        MAIL = "mail", _("Mail")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="drafts")
    submission = models.UUIDField()
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.PORTAL)
    type = models.CharField(max_length=15, choices=TicketType)
    subject = models.CharField(max_length=200, blank=True)  # as typed so far, for lists
    answers = models.TextField(default="{}")
    pasted = models.TextField(blank=True)  # evidence that is still to be read, as JSON text; no list loads it
    version = models.PositiveIntegerField(default=1)
    page = models.UUIDField(default=uuid.uuid4)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        default_permissions = ()
        indexes = [models.Index(fields=["expires_at"], name="draft_expires")]
        constraints = [
            models.UniqueConstraint(fields=["contact", "submission"], name="one_draft_a_form"),
            models.CheckConstraint(condition=Q(type__in=TicketType.values), name="draft_type"),
            models.CheckConstraint(condition=Q(origin__in=["portal", "mail"]), name="draft_origin"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("updated_at")), name="draft_expires_after_change"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.submission}"

    @classmethod
    def of(cls, named: dict[str, Any]) -> Self:
        """From an entry of `as_array`, with nothing else of the draft."""
        moment = datetime.fromisoformat(named["updated_at"])
        return cls(**{**named, "submission": uuid.UUID(named["submission"]), "updated_at": moment})


class DraftFileQuerySet(models.QuerySet["DraftFile"]):
    def visible_to(self, user: User | AnonymousUser) -> "DraftFileQuerySet":
        return self.filter(draft__in=Draft.objects.visible_to(user))

    def unknown_among(self, names: list[str]) -> list[str]:
        """Those of the stored names that neither a ticket's nor a draft's row holds.

        One statement, so that a file which moves from a draft to its ticket meanwhile is seen in one of the two.
        """
        of_drafts = self.filter(file__in=names).values_list("file")
        of_tickets = Attachment.objects.filter(file__in=names).values_list("file")
        return sorted(set(names) - {name for (name,) in of_drafts.union(of_tickets, all=True)})


class DraftFile(models.Model):
    """A file chosen for a ticket that was not sent yet. Stored where attachments are: sending moves the row only."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    file = models.FileField(upload_to=stored_under, max_length=50)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text=_("Bytes."))
    created_at = models.DateTimeField(default=timezone.now)

    objects = DraftFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of drafts")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["file"], name="one_draft_file_a_stored_file")]

    def __str__(self) -> str:
        return self.name
