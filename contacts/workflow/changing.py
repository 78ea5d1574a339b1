"""What happens to an authorization that stands: changed, suspended, resumed, withdrawn."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from contacts import grounds, onboarding
from contacts.grounds import Exemption
from contacts.licence import Basis, Grants, covers
from contacts.models import Contact, Deed, User
from contacts.workflow.gate import (
    check_admin_remains,
    check_grants,
    check_other,
    enter_contact,
    facts,
    ground_of,
    manages_today,
    record,
    store,
)
from contacts.workflow.naming import end_links


@transaction.atomic
def amend(
    *,
    contact: Contact,
    by: User,
    name: str,
    phone: str,
    grants: Grants,
    exemption: Exemption | None = None,
    seen: int | None = None,
) -> None:
    """Change what a contact may do; with an exemption, that too, approved by whoever of the vendor's staff saves it.

    Raises NotAllowed, NotStanding, Stale, OwnContact, LastAdmin, or what `check_grants` and `ground_of` raise.
    """
    contact, by = enter_contact(contact, by, seen)
    check_other(contact, by)
    check_grants(contact.partner, by, grants, before=contact.grants())
    if not manages_today(contact.partner, grants):
        check_admin_remains(contact)
    if contact.direct_support:
        grounds.check_direct(contact.direct_support.tenant_id, grants)
    before = facts(contact)
    if exemption and exemption != grounds.Exemption(contact.exception_reference, contact.exception_until_date):
        why = ground_of(contact.partner, contact.user.email, grants, exemption, by=by)
        Contact.objects.filter(pk=contact.pk).update(**why)
    Contact.objects.filter(pk=contact.pk).update(phone=phone)
    User.objects.filter(pk=contact.user_id).update(name=name)
    store(contact, grants)
    record(contact, by, Deed.AMENDED, before=before)


@transaction.atomic
def renew(*, contact: Contact, by: User, until: date | None, seen: int | None = None) -> None:
    """Another last day, and nothing else. Raises NotAllowed, NotStanding, Stale, OwnContact, LastAdmin or EndsEarly."""
    contact, by = enter_contact(contact, by, seen)
    check_other(contact, by)
    grants = replace(contact.grants(), authorized_until_date=until)
    if until is not None and until < grants.authorized_from_date:
        raise onboarding.EndsEarly
    if not manages_today(contact.partner, grants):
        check_admin_remains(contact)
    before = facts(contact)
    store(contact, grants)
    record(contact, by, Deed.RENEWED, before=before)


@transaction.atomic
def suspend(*, contact: Contact, by: User, reason: str) -> None:
    """Nothing is allowed until `resume`. The licence is read on every request, so it acts at once.

    Raises NotAllowed, NotStanding, OwnContact, AlreadySuspended or LastAdmin.
    """
    contact, by = enter_contact(contact, by)
    check_other(contact, by)
    if contact.suspended_at:
        raise onboarding.AlreadySuspended
    check_admin_remains(contact)
    Contact.objects.filter(pk=contact.pk).update(suspended_at=timezone.now())
    record(contact, by, Deed.SUSPENDED, reason=reason)


@transaction.atomic
def resume(*, contact: Contact, by: User) -> None:
    """Raises NotAllowed, NotStanding, OwnContact, NotSuspended or GroundEnded."""
    contact, by = enter_contact(contact, by)
    check_other(contact, by)
    if not contact.suspended_at:
        raise onboarding.NotSuspended
    standing = contact.standing()
    today = timezone.localdate(timezone=ZoneInfo(standing.time_zone))
    if standing.basis != Basis.EMPLOYEE and not covers(standing.basis_from, standing.basis_until, today):
        raise grounds.GroundEnded
    Contact.objects.filter(pk=contact.pk).update(suspended_at=None)
    record(contact, by, Deed.RESUMED)


@transaction.atomic
def withdraw(*, contact: Contact, by: User, reason: str) -> None:
    """End this authorization for good. What the person wrote stays; the login ends, and every session with it,
    because a session holds only as long as the password it was begun with.

    Raises NotAllowed, NotStanding, OwnContact or LastAdmin.
    """
    contact, by = enter_contact(contact, by)
    check_other(contact, by)
    check_admin_remains(contact)
    now = timezone.now()
    Contact.objects.filter(pk=contact.pk).update(revoked_at=now)
    User.objects.filter(pk=contact.user_id).update(is_active=False, password=make_password(None))
    end_links(contact, now)
    record(contact, by, Deed.WITHDRAWN, reason=reason)


def prefer(*, user: User, language: str, time_zone: str) -> None:
    """How this reader reads: pages and mails in `language`, moments in `time_zone`, a name of the IANA database."""
    User.objects.filter(pk=user.pk).update(language=language, time_zone=time_zone)
