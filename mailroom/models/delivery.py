"""Outgoing mail as rows."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import F, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mailroom.wake import wake


class State(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    RETRYING = "retrying", _("will be tried again")
    SENT = "sent", _("sent")
    FAILED = "failed", _("given up")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def queue(self, rows: Iterable["Delivery"]) -> None:
        """Store rows in the caller's transaction and wake the workers once it is committed.

        A key that stands already is passed over: calling twice is harmless.
        """
        if self.bulk_create(rows, ignore_conflicts=True):
            transaction.on_commit(wake, using=self.db, robust=True)

    def unsent(self) -> "DeliveryQuerySet":
        return self.filter(sent_at__isnull=True, failed_at__isnull=True)

    def due(self, now: datetime) -> "DeliveryQuerySet":
        """New mail before repeated attempts, so that a backlog of refusals delays nobody."""
        return self.unsent().filter(next_attempt_at__lte=now).order_by("attempts", "next_attempt_at", "pk")

    def oldest_unsent_at(self) -> datetime | None:
        """Since when the mail that waits longest has been waiting, in UTC; None when all is sent or given up."""
        since = Coalesce(F("first_attempt_at"), F("next_attempt_at"))
        oldest: datetime | None = self.unsent().aggregate(oldest=Min(since))["oldest"]
        return oldest

    def send_again(self, now: datetime) -> int:
        """Put what was given up back at the front, with a new day of trying. The number of mails."""
        given_up = self.filter(failed_at__isnull=False)
        count = given_up.update(failed_at=None, attempts=0, unfinished=0, first_attempt_at=None, next_attempt_at=now)
        transaction.on_commit(wake, using=self.db, robust=True)
        return count


class Delivery(models.Model):
    """One outgoing mail to one reader.

    `template` names `templates/mail/<template>.txt`, `.html` and `.subject.txt`; `context` holds the values for them
    as JSON. Values whose name ends in `_at` are moments in UTC (ISO 8601) and are shown in the reader's time zone.
    The worker renders when it sends, so a page never waits for a mail.
    """

    key = models.CharField(_("key"), max_length=200, unique=True)
    to = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=5, default="en")
    time_zone = models.CharField(_("time zone"), max_length=50, default="UTC")
    template = models.CharField(_("template"), max_length=50)
    context = models.JSONField(_("context"), default=dict, encoder=DjangoJSONEncoder)
    secret = models.BooleanField(_("secret"), default=False, help_text=_("The context is wiped once the mail is sent."))
    about = models.CharField(_("about"), max_length=50, blank=True, help_text=_("What it is about: RCR-1000001"))
    thread = models.CharField(
        _("thread"), max_length=200, blank=True, help_text=_("Key that groups mails in a reader's mailbox.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    first_attempt_at = models.DateTimeField(_("first attempt"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    unfinished = models.PositiveSmallIntegerField(
        _("attempts without an end"), default=0, help_text=_("Begun since the last one whose end is known.")
    )
    sent_at = models.DateTimeField(_("sent"), null=True)
    failed_at = models.DateTimeField(_("given up"), null=True)
    error = models.TextField(_("last error"), blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["attempts", "next_attempt_at", "id"],
                name="delivery_due",
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
            ),
            models.Index(fields=["about"], name="delivery_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True), name="delivery_sent_or_failed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template}: {self.to}"

    @property
    def state(self) -> State:
        if self.sent_at is not None:
            return State.SENT
        if self.failed_at is not None:
            return State.FAILED
        if self.unfinished:
            return State.SENDING
        return State.RETRYING if self.attempts else State.WAITING

    @property
    def message_id(self) -> str:
        """Derived from the key alone (RFC 5322, 3.6.4), so a repeat after a crash is recognisable as one."""
        return derived_id(self.key)

    @property
    def thread_id(self) -> str:
        """The Message-ID all mails of a thread refer to; empty without a thread."""
        return derived_id(f"thread:{self.thread}") if self.thread else ""


def derived_id(words: str) -> str:
    return f"<{hashlib.sha256(words.encode()).hexdigest()[:32]}@{settings.MAIL_DOMAIN}>"
