"""On what ground somebody may be a contact at all (guide, 2.2 and section 3): employed, by exception, by agreement.

Plain Python without queries, told the day. The exception and the agreement each end by themselves.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from contacts import onboarding
from contacts.licence import Basis, Grants, Right, covers
from contacts.onboarding import Refused

#: How many days before the last one the partner's admins are told; once each.
NOTICES = (30, 7, 1)
#: What no end-customer is granted: other people's access, and the partner's figures.
PARTNERS_OWN = frozenset({Right.MANAGE_CONTACTS, Right.READ_REPORTS})


class ExceptionWithoutReference(Refused):
    field = "exception_reference"
    says = _("An exception names the individual contract that agrees on it. Type its reference.")


class ExceptionWithoutEnd(Refused):
    field = "exception_until_date"
    says = _("An exception ends by itself. Choose its last day.")


class ExceptionOver(Refused):
    field = "exception_until_date"
    says = _("The last day of the exception has passed. Choose a later one.")


class ExceptionNotNeeded(Refused):
    field = "exception_reference"
    says = _("This address is at a mail domain of the partner, so there is no exception to make. Leave it empty.")


class ExceptionByPartner(Refused):
    field = "exception_reference"
    says = _("Only Retarus approves an exception. Ask Retarus Support in text form.")


class NotOnlyOwnTenant(Refused):
    field = "tenants"
    says = _("An end-customer with an agreement on direct support is a contact for the own tenant only.")


class NotForEndCustomers(Refused):
    field = "rights"
    says = _("An end-customer can neither manage contacts nor read reports.")


class GroundEnded(Refused):
    says = _("The exception or the agreement of this contact has ended. Enter its new last day first.")


@dataclass(frozen=True)
class Exemption:
    """The exception of the dedicated partner model, as it is typed; complete or not."""

    reference: str
    until: date | None

    def check(self, today: date) -> None:
        """Raises ExceptionWithoutReference, ExceptionWithoutEnd or ExceptionOver."""
        if not self.reference.strip():
            raise ExceptionWithoutReference
        if self.until is None:
            raise ExceptionWithoutEnd
        if self.until < today:
            raise ExceptionOver


@dataclass(frozen=True)
class Agreement:
    """One on direct support for a tenant, by the keys of the rows."""

    key: int
    tenant: int
    domains: Collection[str]
    first: date
    last: date


@dataclass(frozen=True)
class Ground:
    basis: Basis
    agreement: int | None = None


def ground(
    email: str,
    *,
    domains: Collection[str],
    exemption: Exemption | None,
    agreements: Sequence[Agreement],
    grants: Grants,
    today: date,
) -> Ground:
    """Why this address may be a contact's. Raises NoDomains, ForeignDomain or what says how the ground is lacking."""
    domain = email.strip().lower().rpartition("@")[2]
    if domain in {each.strip().lower() for each in domains}:
        if exemption:
            raise ExceptionNotNeeded
        return Ground(Basis.EMPLOYEE)
    if exemption:
        exemption.check(today)
        return Ground(Basis.DEDICATED)
    for agreement in agreements:
        own = {each.strip().lower() for each in agreement.domains}
        if domain in own and covers(agreement.first, agreement.last, today):
            check_direct(agreement.tenant, grants)
            return Ground(Basis.DIRECT_SUPPORT, agreement.key)
    onboarding.check_domain(email, domains)
    return Ground(Basis.EMPLOYEE)


def check_direct(tenant: int, grants: Grants) -> None:
    """Raises NotOnlyOwnTenant or NotForEndCustomers."""
    if grants.all_tenants or grants.tenants != {tenant}:
        raise NotOnlyOwnTenant
    if grants.rights & PARTNERS_OWN:
        raise NotForEndCustomers


def notice(last_day: date, today: date) -> int | None:
    """Which of the notices is due: the nearest one that is not further away than the last day. None before and after.

    A sweep that comes late gives the one that fits the day it comes.
    """
    left = (last_day - today).days
    return min((days for days in NOTICES if left <= days), default=None) if left >= 0 else None
