"""Webinars and workshops with their seats, and what a partner demands of its contacts before they open tickets."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.bilingual import InReadersLanguage
from contacts.licence import Action
from contacts.models.logins import User
from contacts.models.partners import Partner
from contacts.readiness import Step


class TrainingSessionQuerySet(models.QuerySet["TrainingSession"]):
    def visible_to(self, user: User | AnonymousUser) -> "TrainingSessionQuerySet":
        """All for staff who may view them; for a contact in force what is for everybody or for the own partner."""
        if not isinstance(user, User):
            return self.none()
        if user.is_staff:
            return self if user.has_perm("contacts.view_trainingsession") else self.none()
        if user.contact is None or not user.may(Action.SEE):
            return self.none()
        chosen = TrainingSession.partners.through.objects.filter(partner=user.contact.partner_id)
        return self.filter(Q(for_all=True) | Q(pk__in=chosen.values("trainingsession_id")))

    def ahead(self, now: datetime) -> "TrainingSessionQuerySet":
        """Not over yet and not called off."""
        return self.filter(ends_at__gt=now, cancelled_at__isnull=True)


class TrainingSession(models.Model):
    """A date on which Retarus teaches (guide, 2.6). `taken` counts the seats given, and never exceeds `seats`."""

    class Kind(models.TextChoices):
        WEBINAR = "webinar", _("Webinar")
        WORKSHOP = "workshop", _("Workshop")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.WEBINAR)
    title_en = models.CharField(_("title (English)"), max_length=200)
    title_de = models.CharField(_("title (German)"), max_length=200, blank=True)
    text_en = models.TextField(_("text (English)"), blank=True)
    text_de = models.TextField(_("text (German)"), blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=[("en", _("English")), ("de", _("German"))], default="en"
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    seats = models.PositiveSmallIntegerField(
        _("seats"), default=20, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    taken = models.PositiveSmallIntegerField(_("seats taken"), default=0, editable=False)
    url = models.URLField(_("link"), blank=True, help_text=_("Shown to those who have a seat."))
    place = models.CharField(_("place"), max_length=200, blank=True)
    onboarding = models.BooleanField(
        _("part of the onboarding"),
        default=True,
        help_text=_("Whoever attends has done this step."),
    )
    for_all = models.BooleanField(_("for all partners"), default=True)
    partners = models.ManyToManyField(
        Partner, related_name="+", blank=True, verbose_name=_("partners"), help_text=_("Who may come, if not all.")
    )
    cancelled_at = models.DateTimeField(_("called off"), null=True, blank=True, editable=False)

    title = InReadersLanguage()
    text = InReadersLanguage()
    objects = TrainingSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"),
            models.CheckConstraint(condition=Q(taken__lte=F("seats")), name="session_never_overbooked"),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="session_web_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.starts_at:%Y-%m-%d}"

    @property
    def free(self) -> int:
        return self.seats - self.taken


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: User | AnonymousUser) -> "EnrolmentQuerySet":
        return self.filter(contact__partner__in=Partner.objects.visible_to(user))

    def standing(self) -> "EnrolmentQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def seated(self) -> "EnrolmentQuerySet":
        return self.standing().filter(seated_at__isnull=False)

    def waiting(self) -> "EnrolmentQuerySet":
        """Who comes next, first."""
        return self.standing().filter(seated_at__isnull=True).order_by("enrolled_at", "pk")

    def attended(self) -> "EnrolmentQuerySet":
        """The ones that count for the onboarding."""
        return self.filter(attendance=Enrolment.Attendance.ATTENDED, session__onboarding=True)


class Enrolment(models.Model):
    """One contact's place in a session: with a seat since `seated_at`, or waiting for one."""

    class Attendance(models.TextChoices):
        ATTENDED = "attended", _("Attended")
        ABSENT = "absent", _("Did not attend")

    session = models.ForeignKey(
        TrainingSession, models.PROTECT, related_name="enrolments", verbose_name=_("training session")
    )
    contact = models.ForeignKey(
        "contacts.Contact", models.PROTECT, related_name="enrolments", verbose_name=_("contact")
    )
    enrolled_at = models.DateTimeField(_("enrolled"), default=timezone.now)
    enrolled_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("enrolled by"))
    seated_at = models.DateTimeField(_("seat given"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("withdrawn by"))
    reminded_at = models.DateTimeField(_("reminded"), null=True)
    attendance = models.CharField(_("attendance"), max_length=8, choices=Attendance, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("recorded by"))

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "contact"], condition=Q(withdrawn_at__isnull=True), name="enrolled_once"
            ),
            models.CheckConstraint(
                condition=Q(attendance="", recorded_at__isnull=True, recorded_by__isnull=True)
                | Q(
                    attendance__in=["attended", "absent"],
                    recorded_at__isnull=False,
                    recorded_by__isnull=False,
                    seated_at__isnull=False,
                    withdrawn_at__isnull=True,
                ),
                name="attendance_of_the_seated",
            ),
        ]
        indexes = [models.Index(fields=["contact"], condition=Q(attendance="attended"), name="enrolment_attended")]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.contact_id}"

    @property
    def is_waiting(self) -> bool:
        return self.withdrawn_at is None and self.seated_at is None


class DemandQuerySet(models.QuerySet["Demand"]):
    def visible_to(self, user: User | AnonymousUser) -> "DemandQuerySet":
        return self.filter(partner__in=Partner.objects.visible_to(user))


class Demand(models.Model):
    """A step that this partner's contacts must have done before they open tickets. Without rows nothing is demanded."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="demands", verbose_name=_("partner"))
    step = models.CharField(_("step"), max_length=9, choices=Step)
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace"),
        default=0,
        validators=[MaxValueValidator(365)],
        help_text=_(
            "Counted from the day it arises: the contact begins, a new version is published, or this is demanded."
        ),
    )
    since_at = models.DateTimeField(_("demanded since"), default=timezone.now, editable=False)

    objects = DemandQuerySet.as_manager()

    class Meta:
        verbose_name = _("step before opening tickets")
        verbose_name_plural = _("steps before opening tickets")
        constraints = [
            models.UniqueConstraint(fields=["partner", "step"], name="one_demand_a_step"),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="demand_step"),
            models.CheckConstraint(condition=Q(grace_days__lte=365), name="demand_grace"),
        ]

    def __str__(self) -> str:
        return str(Step(self.step).label)


class GraceNoticeQuerySet(models.QuerySet["GraceNotice"]):
    def visible_to(self, user: User | AnonymousUser) -> "GraceNoticeQuerySet":
        return self.filter(contact__partner__in=Partner.objects.visible_to(user))


class GraceNotice(models.Model):
    """This contact was told that the time for this step ends then. The row is what makes it once."""

    contact = models.ForeignKey("contacts.Contact", models.CASCADE, related_name="+")
    step = models.CharField(max_length=9, choices=Step)
    closes_at = models.DateTimeField()
    told_at = models.DateTimeField(default=timezone.now)

    objects = GraceNoticeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["contact", "step", "closes_at"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.step}"
