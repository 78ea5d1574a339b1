"""Who may be named as a contact and with what: the rules of naming, and the errors that say which one was broken.

Plain Python without queries. Forms check input by it, the workflow insists on it.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import Enum, auto
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contacts.licence import Ceiling, Grants


class Refused(Exception):
    """What may not happen to a contact, said in the reader's words; `field` is the form's field it is about."""

    field = ""
    says = _("This is not possible.")

    def __str__(self) -> str:
        return str(self.says)


class NotAllowed(Refused):
    says = _("You may not manage the contacts of this partner.")


class OwnContact(Refused):
    says = _("You cannot change your own authorization. Ask another partner admin, or Retarus Support in text form.")


class LastAdmin(Refused):
    says = _("This is the last partner admin in force. Name another one first.")


class EndsEarly(Refused):
    field = "authorized_until_date"
    says = _("The last day is before the first one.")


class NotStanding(Refused):
    says = _("This authorization has been withdrawn. Invite the person anew.")


class AlreadySuspended(Refused):
    says = _("This contact is suspended already.")


class NotSuspended(Refused):
    says = _("This contact is not suspended.")


class AlreadyAccepted(Refused):
    says = _("The invitation has been accepted already. A forgotten password is reset on the sign-in page.")


class AlreadyContact(Refused):
    field = "email"
    says = _("This person is a contact already. You find them in the list of contacts.")


class AddressTaken(Refused):
    field = "email"
    says = _("This address cannot be invited. Ask Retarus Support in text form.")


class ForeignTenant(Refused):
    field = "tenants"
    says = _("You can grant only tenants of the partner that you may see yourself.")


class Stale(Refused):
    says = _("Somebody else has changed this authorization meanwhile. Look at what changed, then save again.")


class ForeignService(Refused):
    field = "services"
    says = _("You can grant only services that you may use yourself.")


class ForeignContract(Refused):
    field = "contract"
    says = _("This is no contract of this partner.")


class BeyondOwn(Refused):
    """Nobody grants what he has not got."""

    field = "rights"
    says = _("You can give and take only rights and priorities that you have yourself.")


class NoDomains(Refused):
    field = "email"
    says = _("No mail domain is on record for this partner. Ask Retarus Support in text form to enter one.")


class ForeignDomain(Refused):
    """Only the partner's own employees may have access (guide, 2.2)."""

    field = "email"

    def __init__(self, domain: str, allowed: Sequence[str]) -> None:
        self.domain, self.allowed = domain, allowed
        super().__init__(domain, allowed)

    def __str__(self) -> str:
        return ngettext(
            "%(domain)s is not a mail domain of this partner. Only %(allowed)s is.",
            "%(domain)s is not a mail domain of this partner. These are: %(allowed)s.",
            len(self.allowed),
        ) % {"domain": self.domain, "allowed": ", ".join(self.allowed)}


class InvitationUnknown(Refused):
    says = _("This invitation does not exist. The link may have been cut off: copy it from the mail in full.")


class InvitationUsed(Refused):
    says = _("This invitation has been used. Sign in with the password that was chosen then.")


class InvitationExpired(Refused):
    says = _("This invitation has expired, or a newer one has been sent. Ask your partner admin to send it again.")


class InvitationVoid(Refused):
    says = _("This invitation is no longer valid. Ask your partner admin.")


#: What somebody has who is not a contact yet.
LOWEST = Ceiling.P4
NOTHING: Mapping[str, Any] = {
    "all_tenants": False,
    "tenants": frozenset(),
    "all_services": False,
    "services": frozenset(),
}


class State(Enum):
    INVITED = auto()
    INVITATION_EXPIRED = auto()
    BEGINS = auto()
    IN_FORCE = auto()
    SUSPENDED = auto()
    EXPIRED = auto()
    WITHDRAWN = auto()


def state(
    *,
    today: date,
    now: datetime,
    authorized_from: date,
    authorized_until: date | None,
    suspended_at: datetime | None,
    revoked_at: datetime | None,
    invited_until: datetime | None,
) -> State:
    """How a contact stands. `invited_until` is the end of an invitation not yet accepted; None when there is none.

    `today` is the day at the partner's, `now` any aware moment.
    """
    if revoked_at:
        return State.WITHDRAWN
    if suspended_at:
        return State.SUSPENDED
    if authorized_until and today > authorized_until:
        return State.EXPIRED
    if invited_until:
        return State.INVITED if invited_until > now else State.INVITATION_EXPIRED
    return State.BEGINS if today < authorized_from else State.IN_FORCE


def check_domain(email: str, domains: Collection[str]) -> None:
    """Raises NoDomains, or ForeignDomain when the part behind the last @ is none of `domains`."""
    allowed = sorted({domain.strip().lower() for domain in domains})
    person, _at, domain = email.strip().lower().rpartition("@")
    if not allowed:
        raise NoDomains
    if not person or domain not in allowed:
        raise ForeignDomain(domain, allowed)


def check_own(*, own: Grants, before: Grants | None, after: Grants) -> None:
    """Nobody gives or takes what he has not got. What stays as it was is nobody's gift.

    Raises ForeignTenant, ForeignService or BeyondOwn.
    """
    had = before or replace(after, rights=frozenset(), highest_priority=LOWEST, **NOTHING)
    if not own.all_tenants and (after.all_tenants != had.all_tenants or (after.tenants ^ had.tenants) - own.tenants):
        raise ForeignTenant
    if not own.all_services and (
        after.all_services != had.all_services or (after.services ^ had.services) - own.services
    ):
        raise ForeignService
    if (after.rights ^ had.rights) - own.rights:
        raise BeyondOwn
    if after.highest_priority != had.highest_priority and (
        min(after.highest_priority, had.highest_priority) < own.highest_priority
    ):
        raise BeyondOwn


def secret_hash(token: str) -> str:
    """What is kept of an invitation's token. It has 256 random bits, so a plain SHA-256 cannot be turned round."""
    return hashlib.sha256(token.encode()).hexdigest()
