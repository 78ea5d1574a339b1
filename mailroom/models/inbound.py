"""Incoming mail as rows: the bytes as they came, and how far we are with them."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connections, models
from django.db.models import F, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mailroom.reading.parsed import Parsed

FLOOD_PERIOD = timedelta(hours=1)
FLOOD_MAILS = 200  # of one sender within the period; what comes beyond waits for a person

STORE = f"""
    INSERT INTO mailroom_inboundmail (
        fingerprint, raw, size, message_id, sender, envelope_from, envelope_to, source, kept_in, received_at,
        copies, turn, stage, attempts, reason, subject, decision, decision_reason
    )
    SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 1, turn,
           CASE WHEN %s <> '' THEN '{{too_large}}' WHEN turn >= {FLOOD_MAILS} THEN '{{held}}' ELSE '{{stored}}' END,
           0, '', '', '', ''
      FROM (SELECT count(*) AS turn FROM (
               SELECT 1 FROM mailroom_inboundmail WHERE sender = %s AND received_at > %s LIMIT {FLOOD_MAILS}
           ) AS recent) AS counted
    ON CONFLICT (fingerprint) DO UPDATE SET copies = mailroom_inboundmail.copies + 1
    RETURNING id, xmax = 0
"""  # noqa: S608  # constants of this file; every value is a parameter


class Stage(models.TextChoices):
    STORED = "stored", _("waiting to be read")
    HELD = "held", _("held: too many from one sender")
    READ = "read", _("read")
    SET_ASIDE = "set_aside", _("set aside: cannot be read")
    TOO_LARGE = "too_large", _("set aside: too large")


class InboundMailQuerySet(models.QuerySet["InboundMail"]):
    def store(self, row: "InboundMail") -> bool:
        """Write the row, in one statement. False when the mail is there already: then `row` gets that one's key.

        Of a sender's mails within an hour each later one has a higher `turn` and is read after the others'.
        """
        values: list[Any] = [
            row.fingerprint,
            row.raw,
            row.size,
            row.message_id,
            row.sender,
            row.envelope_from,
            row.envelope_to,
        ]
        since = row.received_at - FLOOD_PERIOD
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                STATEMENT, [*values, row.source, row.kept_in, row.received_at, row.kept_in, row.sender, since]
            )
            row.pk, new = cursor.fetchone()
        return bool(new)

    def unread(self, now: datetime) -> "InboundMailQuerySet":
        """What can be read now, in fair order: the first mail of every sender before anybody's second."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        return self.filter(free, stage=Stage.STORED).order_by("turn", "pk")

    def undecided(self) -> "InboundMailQuerySet":
        """Read, and nobody has said yet what follows from it."""
        return self.filter(stage=Stage.READ, decided_at=None).order_by("turn", "pk")

    def release(self) -> int:
        """Let what a flood has held be read after all. The number of mails."""
        return self.filter(stage=Stage.HELD).update(stage=Stage.STORED)

    def read_again(self) -> int:
        """Try once more what was set aside, after the reader was mended. The number of mails."""
        aside = self.filter(stage=Stage.SET_ASIDE)
        return aside.update(stage=Stage.STORED, attempts=0, leased_until=None, reason="")

    def oldest_unread_at(self) -> datetime | None:
        """Since when the mail that waits longest has been waiting to be read; None when none waits."""
        oldest: datetime | None = self.filter(stage=Stage.STORED).aggregate(oldest=Min(F("received_at")))["oldest"]
        return oldest


class InboundMail(models.Model):
    """One mail, however often and on however many ways it was delivered.

    `fingerprint` tells whether two are the same (mailroom.fingerprint). `parsed` is what was read out of `raw`, as
    mailroom.reading.parsed.Parsed.as_json; files are read out of `raw` again when they are needed. `decision` is the
    word of whoever acts on mail, empty until then.
    """

    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    raw = models.BinaryField(_("mail as it came"))
    size = models.PositiveBigIntegerField(_("size"), help_text=_("In bytes."))
    message_id = models.CharField("Message-ID", max_length=320, blank=True)
    sender = models.CharField(_("sender"), max_length=320, blank=True)
    envelope_from = models.CharField(_("sender of the envelope"), max_length=320, null=True)
    envelope_to = models.CharField(_("recipient of the envelope"), max_length=320, blank=True)
    source = models.CharField(_("source"), max_length=100)
    kept_in = models.CharField(
        _("kept in"), max_length=300, blank=True, help_text=_("Where the whole of a mail lies that is too large.")
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    copies = models.PositiveIntegerField(_("deliveries"), default=1)
    turn = models.PositiveIntegerField(_("turn"), default=0)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.STORED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(_("being read until"), null=True)
    reason = models.TextField(_("why it was set aside"), blank=True)
    parsed = models.JSONField(_("what it says"), null=True)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    read_at = models.DateTimeField(_("read"), null=True)
    decision = models.CharField(_("decision"), max_length=30, blank=True)
    decision_reason = models.TextField(_("why"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)

    objects = InboundMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mails")
        indexes = [
            models.Index(fields=["turn", "id"], name="inbound_unread", condition=Q(stage="stored")),
            models.Index(
                fields=["turn", "id"], name="inbound_undecided", condition=Q(stage="read", decided_at__isnull=True)
            ),
            models.Index(fields=["sender", "received_at"], name="inbound_sender"),
            models.Index(fields=["message_id"], name="inbound_message_id"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="inbound_stage"),
            models.CheckConstraint(
                condition=Q(stage="read", parsed__isnull=False, read_at__isnull=False)
                | (~Q(stage="read") & Q(read_at=None)),
                name="inbound_read_has_its_text",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decision="") | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="inbound_decision_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.message_id or self.sender or self.fingerprint[:12]

    @property
    def says(self) -> Parsed:
        """What the mail says. Only of one that was read."""
        return Parsed.from_json(self.parsed or {})


STATEMENT = STORE.format(too_large=Stage.TOO_LARGE.value, held=Stage.HELD.value, stored=Stage.STORED.value)
