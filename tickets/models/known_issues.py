"""What the vendor knows to be broken, who joined it, and what is still to be told to whom."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from contacts.bilingual import InReadersLanguage
from contacts.licence import Action
from contacts.models import Partner, Service, User
from tickets import numbers
from tickets.matching import Scope
from tickets.models.bonds import TicketTenant
from tickets.models.ticket import Ticket
from tickets.priority import Impact, Urgency
from tickets.status import Status

#: So long the list for partners shows what has been resolved.
RECENTLY = timedelta(days=14)
#: Nobody objects for so long after "Is it fixed for you?": it is fixed.
SILENCE = timedelta(days=3)


class State(models.TextChoices):
    """Follows from the moments, so it cannot contradict them."""

    OPEN = "open", _("being worked on")
    ANNOUNCED = "announced", _("fix announced")
    RESOLVED = "resolved", _("resolved")


class KnownIssueQuerySet(models.QuerySet["KnownIssue"]):
    def visible_to(self, user: User | AnonymousUser) -> "KnownIssueQuerySet":
        """All for staff who may view them. For a contact in force what has begun, of a service in the partner's
        contracts of today, or joined by a ticket the contact sees."""
        if not isinstance(user, User):
            return self.none()
        if user.is_staff:
            return self if user.has_perm("tickets.view_knownissue") else self.none()
        if user.contact is None or not user.may(Action.SEE):
            return self.none()
        about = KnownIssue.services.through.objects.filter(knownissue_id=OuterRef("pk"))
        joined = KnownIssueJoin.objects.visible_to(user).filter(issue_id=OuterRef("pk"))
        bought = Exists(about.filter(service__in=Service.objects.visible_to(user)))
        return self.filter(bought | Exists(joined), starts_at__lte=timezone.now())

    def in_force(self, now: datetime) -> "KnownIssueQuerySet":
        """Begun, not over and not resolved: what can still be joined."""
        going_on = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
        return self.filter(going_on, starts_at__lte=now, resolved_at__isnull=True)

    def about(self, ticket: Ticket | OuterRef) -> "KnownIssueQuerySet":
        """Those of one of the ticket's services; as `OuterRef(OuterRef("pk"))` of a statement about tickets."""
        about = KnownIssue.services.through.objects.filter(knownissue_id=OuterRef("pk"))
        return self.filter(Exists(about.filter(service__ticket=ticket)))

    def current(self, now: datetime) -> "KnownIssueQuerySet":
        """What the list for partners shows: not resolved, or resolved lately."""
        return self.filter(Q(resolved_at__isnull=True) | Q(resolved_at__gt=now - RECENTLY))

    def with_services(self) -> "KnownIssueQuerySet":
        """Adds `service_ids` and `service_names` in the same statement."""
        services = Service.objects.filter(known_issues=OuterRef("pk")).order_by("position", "pk")
        return self.annotate(  # type: ignore[no-redef]  # declared on the model for its readers
            service_ids=ArraySubquery(services.values("pk")), service_names=ArraySubquery(services.values("name"))
        )

    def with_reach(self) -> "KnownIssueQuerySet":
        """Adds how many partners, tickets, tenants and affected end-customers; for staff, never for a partner."""
        joins = KnownIssueJoin.objects.filter(issue=OuterRef("pk")).order_by().values("issue")
        tenants = TicketTenant.objects.filter(ticket__join__issue=OuterRef("pk")).order_by()
        affected = joins.annotate(sum=Sum("ticket__affected_count")).values("sum")

        def counted(rows: Any, what: str, group: str) -> Coalesce:
            count = rows.values(group).annotate(count=Count(what, distinct=True)).values("count")
            return Coalesce(models.Subquery(count), 0)

        return self.annotate(  # type: ignore[no-redef]
            partner_count=counted(joins, "ticket__partner", "issue"),
            ticket_count=counted(joins, "ticket", "issue"),
            tenant_count=counted(tenants, "tenant", "ticket__join__issue"),
            affected_sum=Coalesce(models.Subquery(affected), 0, output_field=models.BigIntegerField()),
        )

    def as_array(self) -> ArraySubquery:
        """What stands beside the form, as an array in another statement; `KnownIssue.of` reads each."""
        columns = ("id", "title_en", "title_de", "starts_at", "expected_at", "data_centres", "patterns")
        rows = self.with_services().order_by("-starts_at", "-pk")
        names = JSONObject(**{name: name for name in (*columns, "service_ids", "service_names")})
        return ArraySubquery(rows.values(json=names))


class KnownIssue(models.Model):
    """Something of the vendor's that is broken for several. Declared by an agent, written by `tickets.workflow` only.

    Its texts are public: every partner with one of the services reads them.
    """

    title_en = models.CharField(_("title (English)"), max_length=150)
    title_de = models.CharField(_("title (German)"), max_length=150, blank=True)
    body_en = models.TextField(_("text (English)"), help_text=_("Partners read it. Name no partner and no tenant."))
    body_de = models.TextField(_("text (German)"), blank=True)
    services = models.ManyToManyField(Service, related_name="known_issues", verbose_name=_("services"))
    data_centres = ArrayField(
        models.CharField(max_length=3, choices=Ticket.DataCentre),
        verbose_name=_("data centres"),
        default=list,
        blank=True,
    )
    patterns = ArrayField(
        models.CharField(max_length=100), verbose_name=_("error codes or words"), default=list, blank=True
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    expected_at = models.DateTimeField(_("fix expected"), null=True, blank=True)
    impact = models.CharField(_("how far it reaches"), max_length=6, choices=Impact, default=Impact.MEDIUM)
    urgency = models.CharField(_("how urgent it is"), max_length=6, choices=Urgency, default=Urgency.HIGH)

    verdict = models.CharField(_("caused by Retarus?"), max_length=10, choices=Ticket.Verdict, blank=True)
    resolution_en = models.TextField(_("resolution (English)"), blank=True)
    resolution_de = models.TextField(_("resolution (German)"), blank=True)
    declared_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("declared by"))
    declared_at = models.DateTimeField(_("declared"))
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("resolved by"))
    resolved_at = models.DateTimeField(_("resolved"), null=True)

    title = InReadersLanguage()
    body = InReadersLanguage()
    resolution = InReadersLanguage()
    service_ids: list[int]  # by with_services()
    service_names: list[str]
    partner_count: int  # by with_reach()
    ticket_count: int
    tenant_count: int
    affected_sum: int
    objects = KnownIssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("known issue")
        verbose_name_plural = _("known issues")
        indexes = [models.Index(fields=["-starts_at"], name="known_issue_open", condition=Q(resolved_at__isnull=True))]
        constraints = [
            models.CheckConstraint(condition=~Q(title_en="") & ~Q(body_en=""), name="known_issue_has_text"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="known_issue_ends_after_start",
                violation_error_message=_("It ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True, verdict="", resolution_en="")
                | Q(resolved_at__isnull=False, resolved_by__isnull=False, verdict__in=Ticket.Verdict.values)
                & ~Q(resolution_en=""),
                name="known_issue_resolved_with_text",
            ),
            models.CheckConstraint(
                condition=Q(data_centres__contained_by=Ticket.DataCentre.values), name="known_issue_data_centres"
            ),
            models.CheckConstraint(
                condition=Q(impact__in=Impact.values, urgency__in=Urgency.values), name="known_issue_priority"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """From an entry of the array that `as_array` makes."""
        values = dict(row)
        lists = {name: values.pop(name) for name in ("service_ids", "service_names")}
        for name in ("starts_at", "expected_at"):
            values[name] = values[name] and parse_datetime(values[name])
        issue = cls(**values)
        issue.service_ids, issue.service_names = lists["service_ids"], lists["service_names"]
        return issue

    @property
    def number(self) -> str:
        return numbers.known_issue(self.pk)

    @property
    def state(self) -> State:
        if self.resolved_at:
            return State.RESOLVED
        return State.ANNOUNCED if self.expected_at else State.OPEN

    @property
    def scope(self) -> Scope:
        return Scope(self.service_ids, self.data_centres, self.patterns)


class KnownIssueUpdateQuerySet(models.QuerySet["KnownIssueUpdate"]):
    def visible_to(self, user: User | AnonymousUser) -> "KnownIssueUpdateQuerySet":
        return self.filter(issue__in=KnownIssue.objects.visible_to(user))


class KnownIssueUpdate(models.Model):
    """What is new, said once for every joined ticket; the resolution is the last one. Never changed."""

    class Kind(models.TextChoices):
        UPDATE = "update", _("Update")
        RESOLUTION = "resolution", _("Resolution")

    issue = models.ForeignKey(KnownIssue, models.PROTECT, related_name="updates")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    body_en = models.TextField(_("text (English)"))
    body_de = models.TextField(_("text (German)"), blank=True)
    expected_at = models.DateTimeField(_("fix expected"), null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("written"))

    body = InReadersLanguage()
    objects = KnownIssueUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("known issue update")
        verbose_name_plural = _("known issue updates")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=~Q(body_en=""), name="known_issue_update_has_text"),
            models.CheckConstraint(condition=Q(kind__in=["update", "resolution"]), name="known_issue_update_kind"),
            models.UniqueConstraint(
                fields=["issue"], condition=Q(kind="resolution"), name="one_resolution_a_known_issue"
            ),
        ]

    def __str__(self) -> str:
        return f"{numbers.known_issue(self.issue_id)} {self.created_at:%Y-%m-%d %H:%M}"


class KnownIssueJoinQuerySet(models.QuerySet["KnownIssueJoin"]):
    def visible_to(self, user: User | AnonymousUser) -> "KnownIssueJoinQuerySet":
        """Those of the visible tickets: nobody learns who else is affected."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(ticket__in=Ticket.objects.visible_to(user))


class KnownIssueJoin(models.Model):
    """A ticket is one of those that a known issue is about. It goes when the ticket turns out to be another matter."""

    issue = models.ForeignKey(KnownIssue, models.PROTECT, related_name="joins")
    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="join")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    joined_at = models.DateTimeField(_("joined"))
    asked_at = models.DateTimeField(null=True, help_text=_("When the partner was asked whether it is fixed."))
    answered_at = models.DateTimeField(null=True)

    objects = KnownIssueJoinQuerySet.as_manager()

    class Meta:
        verbose_name = _("joined ticket")
        verbose_name_plural = _("joined tickets")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="known_issue_unanswered",
                condition=Q(asked_at__isnull=False, answered_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_at__isnull=True) | Q(asked_at__gte=F("joined_at")), name="join_asked_after_joined"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("asked_at"), asked_at__isnull=False),
                name="join_answered_after_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{numbers.known_issue(self.issue_id)}/{numbers.display(self.ticket_id)}"

    @property
    def is_asked(self) -> bool:
        """Whether "Is it fixed for you?" waits for its answer."""
        return self.asked_at is not None and self.answered_at is None

    @property
    def settles_at(self) -> datetime | None:
        return self.asked_at and self.asked_at + SILENCE


class KnownIssueNoticeQuerySet(models.QuerySet["KnownIssueNotice"]):
    def untold(self) -> "KnownIssueNoticeQuerySet":
        """What each partner is to hear next: an update never overtakes an earlier one of its issue."""
        earlier = KnownIssueNotice.objects.filter(
            told_at__isnull=True,
            partner=OuterRef("partner"),
            update__issue=OuterRef("update__issue"),
            update_id__lt=OuterRef("update_id"),
        )
        return self.filter(~Exists(earlier), told_at__isnull=True).order_by("update_id", "pk")


class KnownIssueNotice(models.Model):
    """One partner is to be told of one update: written with the update, worked off by the clock, once."""

    update = models.ForeignKey(KnownIssueUpdate, models.PROTECT, related_name="notices")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True)

    objects = KnownIssueNoticeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["update"], name="known_issue_untold", condition=Q(told_at__isnull=True))]
        constraints = [models.UniqueConstraint(fields=["update", "partner"], name="one_notice_a_partner")]

    def __str__(self) -> str:
        return f"{self.update_id}/{self.partner_id}"


def unanswered(now: datetime) -> Q:
    """Of tickets: asked three days ago and silent since. Whoever spoke meanwhile has ended the waiting, or begun it
    anew, and is not silent."""
    return Q(
        status=Status.WAITING,
        join__asked_at__lte=now - SILENCE,
        join__answered_at__isnull=True,
        paused_at__lte=F("join__asked_at"),
    )
