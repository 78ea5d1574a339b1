"""What agents say about a known issue: that it is there, what is new, and that it is fixed.

What is said reaches the joined tickets by rows that the clock works off (`tickets.workflow.telling`), so that no page
waits for five hundred tickets and a killed worker loses nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.licence import Refusal
from contacts.models import Service, User
from tickets.models import KnownIssue, KnownIssueNotice, KnownIssueUpdate, Ticket
from tickets.workflow.gate import NotAuthorized

DECLARE, CHANGE = "tickets.add_knownissue", "tickets.change_knownissue"


class ResolvedAlready(Exception):
    """Somebody was faster: nothing more is told on a known issue that is resolved."""

    def __init__(self, issue: KnownIssue) -> None:
        self.issue = issue
        super().__init__(issue)

    def __str__(self) -> str:
        return _("%(number)s has been resolved by %(name)s.") % {
            "number": self.issue.number,
            "name": self.issue.resolved_by,
        }


@dataclass(frozen=True)
class Declaration:
    """What an agent declares. Texts are public; the German ones may be empty, then the English ones stand in."""

    title_en: str
    body_en: str
    services: Collection[Service]
    starts_at: datetime
    title_de: str = ""
    body_de: str = ""
    data_centres: Sequence[str] = ()
    patterns: Sequence[str] = ()
    ends_at: datetime | None = None
    expected_at: datetime | None = None
    impact: str = "medium"
    urgency: str = "high"


#: Columns of the issue under the same name.
PLAIN = (
    "title_en", "title_de", "body_en", "body_de", "starts_at", "ends_at", "expected_at", "impact", "urgency",
)  # fmt: skip


@transaction.atomic
def declare_known_issue(*, by: User, declaration: Declaration) -> KnownIssue:
    """From now on it stands beside the form of whoever has one of its services, and can be joined."""
    check_may(by, DECLARE)
    issue = KnownIssue(declared_by=by, declared_at=timezone.now())
    _fill(issue, declaration)
    issue.save(force_insert=True)
    issue.services.set(declaration.services)
    return issue


@transaction.atomic
def correct_known_issue(issue: KnownIssue, *, by: User, declaration: Declaration) -> KnownIssue:
    """Another scope or better words. Nobody is told: what partners must know is an update."""
    issue = _lock(issue, by=by)
    _fill(issue, declaration)
    issue.save()
    issue.services.set(declaration.services)
    return issue


@transaction.atomic
def update_known_issue(
    issue: KnownIssue, *, by: User, body_en: str, body_de: str = "", expected_at: datetime | None = None
) -> KnownIssueUpdate:
    """Say what is new, once for every joined ticket. Without `expected_at` the last promise stands."""
    issue = _lock(issue, by=by)
    if expected_at:
        issue.expected_at = expected_at
        issue.save(update_fields=["expected_at"])
    return _publish(
        issue, KnownIssueUpdate.Kind.UPDATE, by=by, body_en=body_en, body_de=body_de, expected_at=expected_at
    )


@transaction.atomic
def resolve_known_issue(
    issue: KnownIssue, *, by: User, verdict: Ticket.Verdict, resolution_en: str, resolution_de: str = ""
) -> KnownIssueUpdate:
    """Say what helped. Each joined ticket's partner is asked whether it is fixed for them too."""
    issue = _lock(issue, by=by)
    issue.verdict, issue.resolution_en, issue.resolution_de = verdict, resolution_en, resolution_de
    issue.resolved_by, issue.resolved_at = by, timezone.now()
    issue.save(update_fields=["verdict", "resolution_en", "resolution_de", "resolved_by", "resolved_at"])
    return _publish(issue, KnownIssueUpdate.Kind.RESOLUTION, by=by, body_en=resolution_en, body_de=resolution_de)


def check_may(by: User, permission: str) -> None:
    if not (by.is_staff and by.is_active and by.has_perm(permission)):
        raise NotAuthorized(Refusal(_("Your account has no right to do this."), _("Ask the 3rd-level lead.")))


def _lock(issue: KnownIssue, *, by: User) -> KnownIssue:
    """The issue as it is now, held until the end. Raises NotAuthorized or ResolvedAlready."""
    check_may(by, CHANGE)
    fresh = KnownIssue.objects.select_for_update(of=("self",)).select_related("resolved_by").get(pk=issue.pk)
    if fresh.resolved_at:
        raise ResolvedAlready(fresh)
    return fresh


def _fill(issue: KnownIssue, declaration: Declaration) -> None:
    for name in PLAIN:
        setattr(issue, name, getattr(declaration, name))
    issue.data_centres, issue.patterns = list(declaration.data_centres), list(declaration.patterns)


def _publish(
    issue: KnownIssue,
    kind: KnownIssueUpdate.Kind,
    *,
    by: User,
    body_en: str,
    body_de: str,
    expected_at: datetime | None = None,
) -> KnownIssueUpdate:
    """The update, and a row for each partner who is to be told of it."""
    update = KnownIssueUpdate.objects.create(
        issue=issue,
        kind=kind,
        by=by,
        body_en=body_en,
        body_de=body_de,
        expected_at=expected_at,
        created_at=timezone.now(),
    )
    partners = (
        Ticket.objects.unsettled().filter(join__issue=issue).order_by("partner").values_list("partner").distinct()
    )
    KnownIssueNotice.objects.bulk_create(KnownIssueNotice(update=update, partner_id=partner) for (partner,) in partners)
    return update
