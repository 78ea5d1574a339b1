"""What is said on a ticket, and the files that come with it."""

import uuid

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from tickets import numbers
from tickets.models.ticket import Ticket


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User | AnonymousUser) -> "MessageQuerySet":
        """Messages of the visible tickets; internal notes for staff only."""
        if not isinstance(user, User):
            return self.none()
        seen = self.filter(ticket__in=Ticket.objects.visible_to(user))
        return seen if user.is_staff else seen.filter(internal=False)


class Message(models.Model):
    """Something said on a ticket; a note that only agents read when `internal`."""

    class Channel(models.TextChoices):
        PORTAL = "portal", _("Portal")
        ADMIN = "admin", _("Admin")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="messages")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_partner = models.BooleanField()
    internal = models.BooleanField(_("internal note"), default=False)
    channel = models.CharField(_("channel"), max_length=6, choices=Channel)
    body = models.TextField(_("message"))
    created_at = models.DateTimeField(default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["ticket", "created_at"], name="message_of_ticket")]
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="message_has_text"),
            models.CheckConstraint(condition=~Q(by_partner=True, internal=True), name="notes_are_the_vendors"),
        ]

    def __str__(self) -> str:
        return f"{numbers.display(self.ticket_id)} {self.created_at:%Y-%m-%d %H:%M}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User | AnonymousUser) -> "AttachmentQuerySet":
        """Files of the visible tickets; those of internal notes for staff only."""
        if not isinstance(user, User):
            return self.none()
        seen = self.filter(ticket__in=Ticket.objects.visible_to(user))
        return seen if user.is_staff else seen.exclude(message__internal=True)


def stored_under(row: object, filename: str) -> str:
    """A path of our own making: nothing of the given name reaches the disk."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


class Attachment(models.Model):
    """A file on a ticket, with the message it came with, or with the opening when it has none."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="attachments")
    file = models.FileField(upload_to=stored_under, max_length=50)
    name = models.CharField(_("name"), max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("size"), help_text=_("Bytes."))
    created_at = models.DateTimeField(default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [models.UniqueConstraint(fields=["file"], name="one_attachment_a_stored_file")]

    def __str__(self) -> str:
        return self.name
