"""The ticket itself, and the transactions it names as evidence."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField, TrigramSimilarity
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from contacts.licence import Action, Matter
from contacts.models import Contact, Partner, Service, ServiceLevel, Tenant, User
from kb.models import Outcome
from kb.models.outcomes import TriedBefore
from tickets import clock, moments, numbers
from tickets.models.bonds import TicketService, TicketTenant
from tickets.models.words import common_words
from tickets.priority import BY_IMPACT_AND_URGENCY as DERIVED
from tickets.priority import Impact, Priority, Urgency
from tickets.requirements import Item, TicketType
from tickets.status import RUNNING, UNSETTLED, Status

#: A search that finds more than this walks the newest tickets instead of sorting what it found.
SEARCH_PROBE = 1000
#: From this share of common trigrams on, two subjects or two error messages are taken for the same matter.
ALIKE = 0.45
ALIKE_FROM_CHARACTERS = 8
#: Letters are compared with so many tickets and no more: those of the reader's unsettled ones that moved last.
ALIKE_AMONG = 500


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: User | AnonymousUser) -> "TicketQuerySet":
        """All for staff who may view tickets; for a contact in force the own partner's, within what is granted.

        A contact who is limited to some tenants or services sees a ticket only when every one on it is granted: what
        `contacts.licence.refusal` says of one ticket, as a condition.
        """
        if not isinstance(user, User):
            return self.none()
        if user.is_staff:
            return self if user.has_perm("tickets.view_ticket") else self.none()
        contact = user.contact
        if contact is None or not user.may(Action.SEE):
            return self.none()
        own = self.filter(partner=contact.partner_id)
        if not contact.all_tenants:
            own = own._only(TicketTenant.objects.all(), Q(tenant_id__in=contact.tenant_ids))
        if not contact.all_services:
            own = own._only(TicketService.objects.all(), Q(service_id__in=contact.service_ids))
        return own

    def _only(self, named: "models.QuerySet[Any]", granted: Q) -> "TicketQuerySet":
        """Those that name something and nothing that is not granted."""
        on_ticket = named.filter(ticket_id=OuterRef("pk"))
        return self.filter(Exists(on_ticket.filter(granted)), ~Exists(on_ticket.exclude(granted)))

    def unsettled(self) -> "TicketQuerySet":
        return self.filter(status__in=UNSETTLED)

    def due(self, now: datetime) -> "TicketQuerySet":
        """What the vendor owed before `now` and nobody was told about yet; the longest overdue first."""
        return self.filter(due_at__lte=now, overdue_noticed_at__isnull=True).order_by("due_at", "pk")

    def search(self, text: str, *, notes: bool = False) -> "TicketQuerySet":
        """Tickets that hold the words of `text` in a field or a public message; with `notes`, in internal notes too.

        In two steps, because Postgres has no statistics for a rare word and would walk the whole time index for it:
        a capped probe of the text index first, whose hits are few enough to sort or too many to matter. To read the
        index for a common word takes longer than the walk, so that a word known to be common is not probed.
        """
        query = SearchQuery(text.replace("\x00", " ")[:500], config="simple", search_type="websearch")
        wanted = Q(search=query) | Q(search_notes=query) if notes else Q(search=query)
        if text in common_words:
            return self.filter(wanted)
        found = list(Ticket.objects.filter(wanted).values_list("pk", flat=True)[: SEARCH_PROBE + 1])
        return self.filter(wanted) if len(found) > SEARCH_PROBE else self.filter(pk__in=found)

    def of_customer(self, customer_id: str) -> "TicketQuerySet":
        """Those of the partner with this main customer ID, or of the tenant with this one."""
        tenant = Ticket.tenants.through.objects.filter(ticket_id=OuterRef("pk"), tenant__customer_id=customer_id)
        return self.filter(Q(partner__customer_id=customer_id) | Exists(tenant))

    def about(self, tenants: Collection[Tenant], services: Collection[Service]) -> "TicketQuerySet":
        """Those of one of the tenants and one of the services; nothing while either is not known."""
        if not (tenants and services):
            return self.none()
        return self.filter(
            Exists(Ticket.tenants.through.objects.filter(ticket_id=OuterRef("pk"), tenant__in=tenants)),
            Exists(Ticket.services.through.objects.filter(ticket_id=OuterRef("pk"), service__in=services)),
        )

    def alike(self, subject: str, error_pattern: str, *, services: Collection[Service]) -> "TicketQuerySet":
        """Unsettled ones of one of the services that read like this, by the letters they share; most alike first."""
        if not services or len(subject) + len(error_pattern) < ALIKE_FROM_CHARACTERS:
            return self.none()
        same_service = Ticket.services.through.objects.filter(ticket_id=OuterRef("pk"), service__in=services)
        likeness = Greatest(
            TrigramSimilarity("subject", subject[:200]), TrigramSimilarity("error_pattern", error_pattern[:200])
        )
        lately = self.unsettled().order_by("-touched_at").values("pk")[:ALIKE_AMONG]
        return (
            self.filter(Exists(same_service), pk__in=lately)
            .annotate(likeness=likeness)
            .filter(likeness__gte=ALIKE)
            .order_by("-likeness", "-opened_at")
        )

    def with_labels(self) -> "TicketQuerySet":
        """Adds `tenant_labels` and `service_labels`, lists of texts, in the same statement."""
        tenants = Tenant.objects.filter(ticket=OuterRef("pk")).order_by("customer_id")
        services = Service.objects.filter(ticket=OuterRef("pk")).order_by("position")
        return self.annotate(  # type: ignore[no-redef]  # declared on the model for its readers
            tenant_labels=ArraySubquery(tenants.values("customer_id")),
            service_labels=ArraySubquery(services.values("name")),
        )

    def with_matter(self) -> "TicketQuerySet":
        """Adds `tenant_ids` and `service_ids`, so that the licence can be asked without a further statement."""
        tenants = TicketTenant.objects.filter(ticket_id=OuterRef("pk"))
        services = TicketService.objects.filter(ticket_id=OuterRef("pk"))
        return self.annotate(  # type: ignore[no-redef]  # likewise
            tenant_ids=ArraySubquery(tenants.values("tenant_id")),
            service_ids=ArraySubquery(services.values("service_id")),
        )

    def with_tried(self, user: User) -> "TicketQuerySet":
        """Adds what `tried` reads: the articles that did not help, in the same statement."""
        same_form = Q(contact=OuterRef("opened_by"), submission=OuterRef("submission"))
        return self.annotate(  # type: ignore[no-redef]  # declared on the model for its readers
            tried_rows=ArraySubquery(Outcome.objects.visible_to(user).filter(same_form).as_rows())
        )


_Manager = models.Manager.from_queryset(TicketQuerySet)


class TicketManager(_Manager["Ticket"]):
    """Leaves the text index in the database: it is as large as the ticket and no page reads it."""

    def get_queryset(self) -> TicketQuerySet:
        return TicketQuerySet(self.model, using=self._db).defer("search", "search_notes")


class Ticket(models.Model):
    """An incident, a service request or a change. Written by `tickets.workflow` only.

    `version` counts the changes; an event carries the version it made, so a stale page can be told what changed.
    """

    class Verdict(models.TextChoices):
        VENDOR = "vendor", _("Caused by Retarus")
        NOT_VENDOR = "not vendor", _("Not caused by Retarus")
        UNCLEAR = "unclear", _("Unclear")

    class Reproduced(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No, tried without success")
        NOT_TRIED = "not tried", _("Not tried")

    class DataCentre(models.TextChoices):
        DE1 = "DE1", "DE1"
        DE2 = "DE2", "DE2"
        US1 = "US1", "US1"
        US2 = "US2", "US2"
        SG1 = "SG1", "SG1"
        CH1 = "CH1", "CH1"

    type = models.CharField(_("type"), max_length=15, choices=TicketType)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="tickets", verbose_name=_("partner"))
    tenants = models.ManyToManyField(Tenant, through=TicketTenant, verbose_name=_("tenants"))
    services = models.ManyToManyField(Service, through=TicketService, verbose_name=_("services"))
    service_level = models.ForeignKey(ServiceLevel, models.PROTECT, null=True, verbose_name=_("service level"))
    opened_by = models.ForeignKey(Contact, models.PROTECT, related_name="opened_tickets", verbose_name=_("opened by"))
    contact_persons = models.ManyToManyField(
        Contact, related_name="named_on_tickets", blank=True, verbose_name=_("further contact persons")
    )
    phone = models.CharField(_("telephone"), max_length=20)

    subject = models.CharField(_("subject"), max_length=200)
    description = models.TextField(_("description"))
    impact_description = models.TextField(_("impact"))
    started_at = models.DateTimeField(_("start of incident"), null=True)
    started_offset_minutes = models.SmallIntegerField(null=True)
    ended_at = models.DateTimeField(_("end of incident"), null=True)
    ended_offset_minutes = models.SmallIntegerField(null=True)
    interface = models.CharField(_("interface or URL"), max_length=300, blank=True)
    data_centre = models.CharField(_("data centre"), max_length=3, choices=DataCentre, blank=True)
    error_pattern = models.TextField(_("error pattern or message"), blank=True)
    affected_count = models.PositiveIntegerField(_("number of affected end-customers"), null=True)
    reproduced = models.CharField(_("reproduced"), max_length=9, choices=Reproduced, blank=True)
    reproduction_steps = models.TextField(_("steps to reproduce"), blank=True)
    actions_taken = models.TextField(_("done so far"), blank=True)
    tests_allowed = models.BooleanField(_("test transactions allowed"), null=True)
    known = models.BooleanField(_("already known"), null=True)
    known_reference = models.CharField(_("known from"), max_length=300, blank=True)
    related = models.ManyToManyField("self", blank=True, verbose_name=_("related tickets"))

    impact = models.CharField(_("how far it reaches"), max_length=6, choices=Impact)
    urgency = models.CharField(_("how urgent it is"), max_length=6, choices=Urgency)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority)
    derived_priority = models.GeneratedField(
        expression=Case(
            *(When(impact=impact, urgency=urgency, then=level) for (impact, urgency), level in DERIVED.items())
        ),
        output_field=models.PositiveSmallIntegerField(_("priority by definition"), choices=Priority),
        db_persist=True,
    )
    chosen_priority = models.PositiveSmallIntegerField(
        _("chosen by the partner"), choices=Priority, null=True, help_text=_("Empty: as impact and urgency say.")
    )
    priority_reason = models.CharField(_("reason for it"), max_length=300, blank=True, db_default="")
    missing_at_opening = ArrayField(
        models.CharField(max_length=20, choices=Item),
        verbose_name=_("missing at opening"),
        default=list,
        db_default=Value("{}"),
        help_text=_("What the first submission left out; the portal's form takes nothing that is not complete."),
    )

    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.NEW)
    assignee = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_tickets",
        verbose_name=_("assignee"),
        limit_choices_to={"is_staff": True},
    )
    expected_at = models.DateTimeField(_("expected"), null=True, blank=True)
    verdict = models.CharField(_("caused by Retarus?"), max_length=10, choices=Verdict, blank=True)
    resolution = models.TextField(_("resolution"), blank=True, help_text=_("The remedy or the workaround."))
    escalated_at = models.DateTimeField(_("escalated"), null=True)

    opened_at = models.DateTimeField(_("opened"))
    responded_at = models.DateTimeField(_("first response"), null=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    touched_at = models.DateTimeField(_("last activity"))
    spoken_by_partner = models.BooleanField(_("partner spoke last"), default=True)

    response_due_at = models.DateTimeField(_("response due"))
    resolution_due_at = models.DateTimeField(_("resolution due"))
    due_at = models.DateTimeField(_("due"), null=True, help_text=_("What is owed next; empty while the clock stands."))
    overdue_noticed_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True, help_text=_("Since when the clock stands; empty while it runs."))
    paused = models.DurationField(_("clock stood for"), default=timedelta)

    submission = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    search = SearchVectorField(null=True)
    search_notes = SearchVectorField(null=True)

    asked_items: list[str]  # by Requirement.objects.items_of_ticket()
    checklist_rows: list[dict[str, Any]]  # by models.checklist.with_checklist()
    tenant_labels: list[str]  # by with_labels()
    service_labels: list[str]
    tried_rows: list[dict[str, Any]]  # by with_tried()
    joinable: list[Any]  # known issues, for the agents' page
    tenant_ids: list[int]  # by with_matter()
    service_ids: list[int]
    objects = TicketManager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["partner", "-opened_at"], name="ticket_partner_opened"),
            models.Index(fields=["-opened_at"], name="ticket_opened"),
            models.Index(F("due_at"), F("priority"), F("id"), name="ticket_queue", condition=Q(status__in=UNSETTLED)),
            models.Index(
                fields=["due_at", "id"],
                name="ticket_due",
                condition=Q(overdue_noticed_at__isnull=True, due_at__isnull=False),
            ),
            models.Index(
                fields=["partner", "-touched_at"], name="ticket_partner_open", condition=Q(status__in=UNSETTLED)
            ),
            # The reports' range: what was settled in or after a month, or never, with every column they count by.
            models.Index(
                F("partner"),
                Coalesce("resolved_at", "closed_at"),
                name="ticket_partner_settled",
                include=[
                    "opened_at",
                    "responded_at",
                    "response_due_at",
                    "resolution_due_at",
                    "resolved_at",
                    "closed_at",
                    "id",
                    "type",
                    "priority",
                ],
            ),
            models.Index(
                fields=["-opened_at", "-id"], name="ticket_resolved", condition=Q(status=Status.RESOLVED)
            ),  # resolved ones are few and lie behind all that is open
            models.Index(
                fields=["partner", "opened_at"], name="ticket_incomplete", condition=~Q(missing_at_opening=[])
            ),  # few: the form refuses them
            GinIndex(fields=["search"], name="ticket_search"),
            GinIndex(fields=["search_notes"], name="ticket_search_notes"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=TicketType.values), name="ticket_type"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="ticket_status"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="ticket_priority"),
            models.CheckConstraint(
                condition=Q(chosen_priority__isnull=True)
                | Q(chosen_priority__in=Priority.values)
                & ~Q(priority_reason="")
                & ~Q(chosen_priority=F("derived_priority")),
                name="ticket_choice_has_reason",
            ),
            models.CheckConstraint(condition=~Q(description=""), name="ticket_has_text"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="ticket_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(type=TicketType.INCIDENT) | Q(started_at__isnull=True, ended_at__isnull=True),
                name="ticket_only_incidents_start",
            ),
            models.CheckConstraint(
                condition=Q(status__in=RUNNING, due_at__isnull=False, paused_at__isnull=True)
                | (~Q(status__in=RUNNING) & Q(due_at__isnull=True, paused_at__isnull=False)),
                name="ticket_due_while_running",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.RESOLVED) | (Q(resolved_at__isnull=False) & ~Q(resolution="")),
                name="ticket_resolved_with_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def number(self) -> str:
        return numbers.display(self.pk)

    @cached_property
    def matter(self) -> Matter:
        """What the licence is asked about; one statement more unless the row came `with_matter`."""
        if "tenant_ids" not in self.__dict__:
            return matters([self.pk])[self.pk]
        return Matter(self.partner_id, frozenset(self.tenant_ids), frozenset(self.service_ids))

    @property
    def tried(self) -> list[TriedBefore]:
        return [TriedBefore.of(row) for row in self.tried_rows]

    @property
    def dues(self) -> clock.Due:
        return clock.Due(self.response_due_at, self.resolution_due_at)

    @property
    def started_as_written(self) -> str:
        return moments.as_written(self.started_at, self.started_offset_minutes or 0) if self.started_at else ""

    @property
    def ended_as_written(self) -> str:
        return moments.as_written(self.ended_at, self.ended_offset_minutes or 0) if self.ended_at else ""

    @property
    def is_settled(self) -> bool:
        return self.status not in UNSETTLED


def matters(keys: Collection[int]) -> dict[int, Matter]:
    """What the licence is asked about each of these tickets, in one statement."""
    return {row.pk: row.matter for row in Ticket.objects.filter(pk__in=keys).with_matter().only("partner")}


class Example(models.Model):
    """One affected transaction. Which columns are filled depends on the service (tickets.evidence)."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="examples")
    position = models.PositiveSmallIntegerField()
    occurred = models.CharField(_("timestamp"), max_length=60, help_text=_("As it stands in your log."))
    job_id = models.CharField(_("job ID"), max_length=100, blank=True)
    sender = models.CharField(_("sender"), max_length=320, blank=True)
    recipient = models.CharField(_("recipient"), max_length=320, blank=True)
    sending_account = models.CharField(_("sending account"), max_length=100, blank=True)
    inbound_number = models.CharField(_("inbound number"), max_length=50, blank=True)
    termination_address = models.CharField(_("termination address"), max_length=100, blank=True)
    status = models.CharField(_("status or error"), max_length=500, blank=True)
    log_extract = models.TextField(_("log extract"), blank=True)

    class Meta:
        verbose_name = _("example")
        verbose_name_plural = _("examples")
        constraints = [models.UniqueConstraint(fields=["ticket", "position"], name="one_example_a_position")]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.position}"
