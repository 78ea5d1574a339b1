"""What happens to an authorization that stands: changed, suspended, resumed, withdrawn."""

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from contacts import onboarding
from contacts.licence import Grants
from contacts.models import Contact, Deed, User
from contacts.workflow.gate import (
    check_admin_remains,
    check_grants,
    check_other,
    enter_contact,
    facts,
    manages_today,
    record,
    store,
)
from contacts.workflow.naming import end_links


@transaction.atomic
def amend(*, contact: Contact, by: User, name: str, phone: str, grants: Grants, seen: int | None = None) -> None:
    """Change what a contact may do.

    Raises NotAllowed, NotStanding, Stale, OwnContact, LastAdmin, or what `check_grants` raises.
    """
    contact, by = enter_contact(contact, by, seen)
    check_other(contact, by)
    check_grants(contact.partner, by, grants, before=contact.grants())
    if not manages_today(contact.partner, grants):
        check_admin_remains(contact)
    before = facts(contact)
    Contact.objects.filter(pk=contact.pk).update(phone=phone)
    User.objects.filter(pk=contact.user_id).update(name=name)
    store(contact, grants)
    record(contact, by, Deed.AMENDED, before=before)


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
    """Raises NotAllowed, NotStanding, OwnContact or NotSuspended."""
    contact, by = enter_contact(contact, by)
    check_other(contact, by)
    if not contact.suspended_at:
        raise onboarding.NotSuspended
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
