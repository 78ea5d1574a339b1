"""Opening a ticket: only by an authorized contact, only complete, and once however often it is sent."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.licence import Action, Level, Matter, Refusal
from contacts.models import Contact, Contract, Service, Tenant, User
from kb.models import Outcome
from kb.models.outcomes import Tried
from tickets import clock, notifications, numbers
from tickets.models import ChecklistEntry, Event, Example, KnownIssue, Requirement, ResponseTarget, Ticket
from tickets.models.requirement import matrix_of
from tickets.moments import Moment
from tickets.priority import Impact, Priority, Urgency, derive, effective
from tickets.qualification import Answer, recorded, scoped, unexplained
from tickets.requirements import Item, Matrix, TicketType, is_blank
from tickets.status import Status
from tickets.workflow.binding import bind
from tickets.workflow.deflection import carry_into_ticket
from tickets.workflow.drafting import Writer, take_draft
from tickets.workflow.files import Upload, attach, check_count, hand_on
from tickets.workflow.gate import NotAuthorized, indexed, opener


class Incomplete(Exception):
    """The necessary items that are missing, in the order of the form."""

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        super().__init__(items)

    def __str__(self) -> str:
        return _("Still missing: %s.") % ", ".join(str(item.label) for item in self.items)


class UnknownRelated(Exception):
    """Numbers that are no tickets the contact may see."""

    def __init__(self, unknown: list[str]) -> None:
        self.unknown = unknown
        super().__init__(unknown)

    def __str__(self) -> str:
        return _("%(numbers)s: not among your tickets. Check the number.") % {"numbers": ", ".join(self.unknown)}


@dataclass(frozen=True)
class Opening:
    """What a contact says when opening a ticket: the fields of the guide's templates and matrix.

    `submission` is made with the form and makes a repeated sending harmless. `related` are ticket numbers of the
    own partner. Items that the type is not asked for stay at their empty value. `priority` is the partner's choice
    where it differs from what impact and urgency say; `qualification` is how the steps of the checklist came out. The
    ticket joins its `known_issue`. `tried` are the articles that the form showed.
    """

    type: TicketType
    submission: uuid.UUID
    subject: str
    description: str
    impact_description: str
    impact: Impact
    urgency: Urgency
    phone: str
    tenants: Sequence[Tenant] = ()
    services: Sequence[Service] = ()
    contact_persons: Sequence[Contact] = ()
    started: Moment | None = None
    ended: Moment | None = None
    interface: str = ""
    data_centre: str = ""
    error_pattern: str = ""
    affected_count: int | None = None
    reproduced: str = ""
    reproduction_steps: str = ""
    actions_taken: str = ""
    tests_allowed: bool | None = None
    known: bool | None = None
    known_reference: str = ""
    related: Sequence[int] = ()
    known_issue: KnownIssue | None = None
    priority: Priority | None = None
    priority_reason: str = ""
    qualification: Mapping[Item, Answer] = field(default_factory=dict)
    examples: Sequence[dict[str, str]] = ()
    attachments: Sequence[Upload] = field(default=(), repr=False)
    tried: Sequence[Tried] = ()

    @property
    def derived_priority(self) -> Priority:
        return derive(self.impact, self.urgency)

    @property
    def chosen_priority(self) -> Priority | None:
        """None when it is what follows anyway."""
        return None if self.priority == self.derived_priority else self.priority

    @property
    def effective_priority(self) -> Priority:
        return effective(self.derived_priority, self.chosen_priority)

    @property
    def triage(self) -> str:
        return self.qualification[Item.TRIAGE].note if Item.TRIAGE in self.qualification else ""

    @property
    def answers(self) -> dict[str, object]:
        """By item, as the matrix judges them."""
        said = {item.value: getattr(self, item.value, None) for item in Item}
        steps = {item.value: answer.outcome for item, answer in self.qualification.items()}
        return {
            **said,
            **steps,
            **done_so_far(self.actions_taken, self.tried),
            Item.PRIORITY.value: self.chosen_priority,
        }


@dataclass(frozen=True)
class DraftOf:
    """The form's own key, whatever the ticket's becomes, and who sends it."""

    submission: uuid.UUID
    writer: Writer | None


@dataclass(frozen=True)
class Terms:
    """What holds for a ticket that is opened now: the level it is bought under, its target, what makes it complete."""

    service_level_id: int
    target: clock.Target
    matrix: Matrix
    articles_answered: bool  # something was said about an article of this form before


#: Items that are columns of the ticket under the same name.
PLAIN = (
    "type", "submission", "subject", "description", "impact_description", "impact", "urgency", "phone", "interface",
    "data_centre", "error_pattern", "affected_count", "reproduced", "reproduction_steps", "actions_taken",
    "tests_allowed", "known", "known_reference",
)  # fmt: skip


def open_ticket(*, by: User, opening: Opening, writer: Writer | None = None) -> Ticket:
    """Open a ticket for the partner of `by`. Sent again with the same `submission`, it is the ticket that stands.

    The draft of this form, if there is one, ends with it and gives it its files. `writer` is the page that sends.
    Raises NotAuthorized (guide, 2.1), Incomplete (guide, 2.5), UnknownRelated, Refused (too many files together),
    NotStored, ChangedElsewhere or, for its known issue, NotJoinable; then the draft stands as before.
    """
    contact = opener(by)
    check_own(by, contact, opening)
    terms = terms_for(contact, opening)
    _check_complete(terms.matrix, opening)
    return store_once(by, contact, opening, terms, writer=writer)


def store_once(by: User, contact: Contact, opening: Opening, terms: Terms, *, writer: Writer | None = None) -> Ticket:
    """The new ticket, or the one that this `submission` has made already."""
    related, draft = _related(by, opening), DraftOf(opening.submission, writer)
    try:
        return _store(contact, opening, terms, related, draft)
    except IntegrityError:
        # The same form was sent twice at the same time, or again: the first one made the ticket.
        standing = Ticket.objects.filter(submission=opening.submission).only("opened_by").first()
        if standing is None:
            raise
        if standing.opened_by_id == contact.pk:
            return standing
        # Not this contact's form: what it says is a ticket of its own.
        return _store(contact, replace(opening, submission=uuid.uuid4()), terms, related, draft)


def matter_of(contact: Contact, opening: Opening) -> Matter:
    """What the licence is asked about. One foreign tenant makes it a foreign matter; how urgent a known issue is,
    the vendor has said."""
    foreign = (tenant.partner_id for tenant in opening.tenants if tenant.partner_id != contact.partner_id)
    return Matter(
        partner=next(foreign, contact.partner_id),
        tenants=frozenset(tenant.pk for tenant in opening.tenants),
        services=frozenset(service.pk for service in opening.services),
        priority=None if opening.known_issue else opening.effective_priority,
    )


def check_own(by: User, contact: Contact, opening: Opening) -> None:
    """Within what is granted, whatever was sent. Raises Incomplete or NotAuthorized."""
    _check_limits(contact, opening)
    refused = by.refusal(Action.OPEN, matter_of(contact, opening))
    if refused:
        raise NotAuthorized(refused)
    if any(person.partner_id != contact.partner_id for person in opening.contact_persons):
        raise NotAuthorized(Refusal(_("One of the chosen persons is not yours."), _("Choose from your list.")))


def _check_limits(contact: Contact, opening: Opening) -> None:
    """A ticket about nothing in particular would be hidden from a limited contact who opened it."""
    lacking = [Item.TENANTS] if not (opening.tenants or contact.all_tenants) else []
    lacking += [Item.SERVICES] if not (opening.services or contact.all_services) else []
    if lacking:
        raise Incomplete(lacking)


def _check_complete(matrix: Matrix, opening: Opening) -> None:
    lacking = matrix.missing(opening.type, [service.code for service in opening.services], opening.answers)
    lacking += unexplained(opening.qualification)
    if lacking:
        raise Incomplete(lacking)


def done_so_far(actions_taken: str, tried: Sequence[Tried]) -> dict[str, object]:
    """The answer to M6: what was written, or the steps of articles that were ticked."""
    return {Item.ACTIONS_TAKEN.value: actions_taken.strip() or [step for each in tried for step in each.steps]}


def _related(by: User, opening: Opening) -> list[Ticket]:
    if not opening.related:
        return []
    found = list(Ticket.objects.visible_to(by).filter(pk__in=opening.related).only("pk"))
    unknown = numbers.unknown(opening.related, [ticket.pk for ticket in found])
    if unknown:
        raise UnknownRelated(unknown)
    return found


@transaction.atomic
def _store(contact: Contact, opening: Opening, terms: Terms, related: list[Ticket], draft: DraftOf) -> Ticket:
    taken = take_draft(contact, draft.submission, draft.writer)
    files = list(taken.files.order_by("pk")) if taken else []
    check_count(len(files) + len(opening.attachments))
    now = timezone.now()
    ticket = unstored(contact, opening, service_level_id=terms.service_level_id, target=terms.target, now=now)
    ticket.search = indexed(*searchable(contact, opening), *(file.name for file in files))
    ticket.save(force_insert=True)
    _store_lists(ticket, opening, related)
    ticket.tenant_ids = [tenant.pk for tenant in opening.tenants]  # as `with_matter` would read them
    ticket.service_ids = [service.pk for service in opening.services]
    ChecklistEntry.objects.bulk_create(checked(ticket, opening))  # no statement when there are none
    attach(ticket, opening.attachments)
    if taken:
        hand_on(files, ticket)
        taken.delete()
    event = Event.objects.create(
        ticket=ticket, kind=Event.Kind.OPENED, actor=contact.user, version=1, created_at=now, data={"channel": "portal"}
    )
    if opening.tried or terms.articles_answered:
        carry_into_ticket(
            contact=contact,
            submission=opening.submission,
            tried=opening.tried,
            services=[service.code for service in opening.services],
            now=now,
        )
    if opening.known_issue:
        bind(ticket, opening.known_issue, by=contact.user, now=now)
    notifications.opened(ticket, event, by=contact, persons=opening.contact_persons)
    return ticket


def unstored(
    contact: Contact, opening: Opening, *, service_level_id: int, target: clock.Target, now: datetime
) -> Ticket:
    """The new ticket with its clock, not stored yet, without lists, files and text index."""
    dues = clock.due(now, target)
    said = {name: getattr(opening, name) for name in PLAIN}
    said["actions_taken"] = opening.triage if is_blank(opening.actions_taken) else opening.actions_taken
    return Ticket(
        **said,
        partner_id=contact.partner_id,
        opened_by=contact,
        service_level_id=service_level_id,
        started_at=opening.started.at if opening.started else None,
        started_offset_minutes=opening.started.offset_minutes if opening.started else None,
        ended_at=opening.ended.at if opening.ended else None,
        ended_offset_minutes=opening.ended.offset_minutes if opening.ended else None,
        priority=opening.effective_priority,
        chosen_priority=opening.chosen_priority,
        priority_reason=opening.priority_reason if opening.chosen_priority else "",
        status=Status.NEW,
        opened_at=now,
        touched_at=now,
        response_due_at=dues.response_due_at,
        resolution_due_at=dues.resolution_due_at,
        due_at=dues.response_due_at,
    )


def terms_for(contact: Contact, opening: Opening) -> Terms:
    """The quickest target of the contracts in force that cover a chosen service, and the matrix, in one statement."""
    contracts = Contract.objects.in_force().filter(partner=contact.partner_id)
    if opening.services:
        contracts = contracts.filter(services__in=[service.pk for service in opening.services])
    targets = ResponseTarget.objects.filter(service_level__contract__in=contracts, priority=opening.effective_priority)
    answered = Exists(Outcome.objects.of_form(contact, opening.submission))
    found = targets.annotate(cells=Requirement.objects.as_array(), articles_answered=answered)
    row = found.order_by("respond_within").first()
    if row is None:
        raise NotAuthorized(
            Refusal(
                _("No contract of your company in force covers this service."),
                _("Ask your partner manager at Retarus."),
            )
        )
    level, help_desk = Level(contact.level), contact.partner.helpdesk_included
    matrix = scoped(matrix_of(row.cells), level=level, help_desk=help_desk)
    return Terms(row.service_level_id, row.target, matrix, row.articles_answered)


def searchable(contact: Contact, opening: Opening) -> list[str]:
    """Everything a search should find the ticket by, internal notes excepted."""
    texts = [getattr(opening, name) for name in PLAIN if isinstance(getattr(opening, name), str)]
    tenants = [f"{tenant.customer_id} {tenant.name}" for tenant in opening.tenants]
    services = [service.name for service in opening.services]
    examples = [value for example in opening.examples for value in example.values()]
    files = [upload.name for upload in opening.attachments]
    notes = [answer.note for answer in opening.qualification.values()]
    return [*texts, *tenants, *services, contact.user.name, *examples, *files, *notes]


def _store_lists(ticket: Ticket, opening: Opening, related: list[Ticket]) -> None:
    Ticket.tenants.through.objects.bulk_create(
        Ticket.tenants.through(ticket=ticket, tenant=tenant) for tenant in opening.tenants
    )
    Ticket.services.through.objects.bulk_create(
        Ticket.services.through(ticket=ticket, service=service) for service in opening.services
    )
    Example.objects.bulk_create(
        Example(ticket=ticket, position=position, **example) for position, example in enumerate(opening.examples, 1)
    )
    if opening.contact_persons:
        ticket.contact_persons.add(*opening.contact_persons)
    if related:
        ticket.related.add(*related)


def checked(ticket: Ticket, opening: Opening) -> list[ChecklistEntry]:
    """Who checked what before it was opened, and when (guide, 2.4). Not in the story: a line for each step would bury
    what happened."""
    reason = opening.priority_reason if opening.chosen_priority else None
    by, at = ticket.opened_by.user, ticket.opened_at
    return [
        ChecklistEntry(ticket=ticket, step=item, outcome=answer.outcome, note=answer.note, by=by, at=at)
        for item, answer in recorded(opening.qualification, reason)
    ]
