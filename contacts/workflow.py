"""What can happen to a contact. Each function is one business event: one transaction, the partner's row locked first,
so that two changes of one partner's contacts come one after the other, and a line of history beside the change.
Portal and admin call the same functions.
"""

import secrets
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts import licence, notifications, onboarding
from contacts.licence import Action, Role
from contacts.models import Contact, Invitation, Partner, Tenant, User
from contacts.onboarding import Grants


class Deed(models.TextChoices):
    """How a line of a contact's history begins. The reason follows behind a colon."""

    INVITED = "Invited", _("Invited")
    INVITED_AGAIN = "Invited again", _("Invited again")
    ACCEPTED = "Accepted the invitation", _("Accepted the invitation")
    AMENDED = "Authorization changed", _("Authorization changed")
    SUSPENDED = "Suspended", _("Suspended")
    RESUMED = "Resumed", _("Resumed")
    WITHDRAWN = "Withdrawn", _("Withdrawn")


@transaction.atomic
def invite(*, partner: Partner, by: User, name: str, email: str, language: str, phone: str, grants: Grants) -> Contact:
    """Name a new contact and send the one-time link to choose a password. `phone` as E.164.

    Raises NotAllowed, NoDomains, ForeignDomain, ForeignTenant, AlreadyContact or AddressTaken.
    """
    partner, by = _enter(partner.pk, by, "contacts.add_contact")
    onboarding.check_domain(email, partner.mail_domains)
    _check_tenants(partner, by, grants, before=None)
    user = _login(email.strip().lower(), partner, name=name, language=language)
    contact = Contact.objects.create(user=user, partner=partner, phone=phone, **_columns(grants))
    contact.tenants.set(grants.tenants)
    _send_link(contact, by)
    _record(contact, by, Deed.INVITED)
    return contact


@transaction.atomic
def invite_again(*, contact: Contact, by: User) -> None:
    """A new link; earlier ones end. Raises NotAllowed, NotStanding or AlreadyAccepted."""
    contact, by = _enter_contact(contact, by)
    if contact.user.is_active:
        raise onboarding.AlreadyAccepted
    _send_link(contact, by)
    _record(contact, by, Deed.INVITED_AGAIN)


@transaction.atomic
def amend(*, contact: Contact, by: User, name: str, phone: str, grants: Grants) -> None:
    """Change what a contact may do. Raises NotAllowed, NotStanding, OwnContact, ForeignTenant or LastAdmin."""
    contact, by = _enter_contact(contact, by)
    _check_other(contact, by)
    _check_tenants(contact.partner, by, grants, before=contact)
    if grants.role != Role.ADMIN or not _covers_today(contact.partner, grants):
        _check_admin_remains(contact)
    Contact.objects.filter(pk=contact.pk).update(phone=phone, **_columns(grants))
    User.objects.filter(pk=contact.user_id).update(name=name)
    contact.tenants.set(grants.tenants)
    _record(contact, by, Deed.AMENDED)


@transaction.atomic
def suspend(*, contact: Contact, by: User, reason: str) -> None:
    """Nothing is allowed until `resume`. The licence is read on every request, so it acts at once.

    Raises NotAllowed, NotStanding, OwnContact, AlreadySuspended or LastAdmin.
    """
    contact, by = _enter_contact(contact, by)
    _check_other(contact, by)
    if contact.suspended_at:
        raise onboarding.AlreadySuspended
    _check_admin_remains(contact)
    Contact.objects.filter(pk=contact.pk).update(suspended_at=timezone.now())
    _record(contact, by, Deed.SUSPENDED, reason)


@transaction.atomic
def resume(*, contact: Contact, by: User) -> None:
    """Raises NotAllowed, NotStanding or NotSuspended."""
    contact, by = _enter_contact(contact, by)
    if not contact.suspended_at:
        raise onboarding.NotSuspended
    Contact.objects.filter(pk=contact.pk).update(suspended_at=None)
    _record(contact, by, Deed.RESUMED)


@transaction.atomic
def withdraw(*, contact: Contact, by: User, reason: str) -> None:
    """End this authorization for good. What the person wrote stays; the login ends, and every session with it,
    because a session holds only as long as the password it was begun with.

    Raises NotAllowed, NotStanding, OwnContact or LastAdmin.
    """
    contact, by = _enter_contact(contact, by)
    _check_other(contact, by)
    _check_admin_remains(contact)
    now = timezone.now()
    Contact.objects.filter(pk=contact.pk).update(revoked_at=now)
    User.objects.filter(pk=contact.user_id).update(is_active=False, password=make_password(None))
    _end_links(contact, now)
    _record(contact, by, Deed.WITHDRAWN, reason)


def prefer(*, user: User, language: str, time_zone: str) -> None:
    """How this reader reads: pages and mails in `language`, moments in `time_zone`, a name of the IANA database."""
    User.objects.filter(pk=user.pk).update(language=language, time_zone=time_zone)


def open_invitation(*, token: str) -> Invitation:
    """The invitation behind a link, with its contact. Raises InvitationUnknown, -Used, -Expired or -Void."""
    rows = Invitation.objects.select_related("contact__user", "contact__partner")
    invitation = rows.filter(secret_hash=onboarding.secret_hash(token)).first()
    if invitation is None:
        raise onboarding.InvitationUnknown
    if invitation.accepted_at:
        raise onboarding.InvitationUsed
    if invitation.contact.revoked_at or invitation.contact.suspended_at:
        raise onboarding.InvitationVoid
    if invitation.expires_at <= timezone.now():
        raise onboarding.InvitationExpired
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, password: str, language: str) -> User:
    """Choose the first password. Two at once: one UPDATE decides, the other is told the link was used.

    Raises what `open_invitation` raises.
    """
    invitation, now = open_invitation(token=token), timezone.now()
    if not Invitation.objects.open(now).filter(pk=invitation.pk).update(accepted_at=now):
        raise onboarding.InvitationUsed
    user = User.objects.select_for_update().get(pk=invitation.contact.user_id)
    user.set_password(password)
    user.is_active, user.language = True, language
    user.save(update_fields=["password", "is_active", "language"])
    _record(invitation.contact, user, Deed.ACCEPTED)
    return user


def _enter(partner_id: int, by: User, permission: str) -> tuple[Partner, User]:
    """Lock the partner, then look at `by` anew: he may have been suspended while we waited."""
    partner = Partner.objects.select_for_update().get(pk=partner_id)
    by = User.objects.get(pk=by.pk)
    own = by.contact is not None and by.contact.partner_id == partner_id and by.may(Action.MANAGE_CONTACTS)
    if not (by.has_perm(permission) if by.is_staff else own):
        raise onboarding.NotAllowed
    return partner, by


def _enter_contact(contact: Contact, by: User) -> tuple[Contact, User]:
    _partner, by = _enter(contact.partner_id, by, "contacts.change_contact")
    rows = Contact.objects.select_for_update(of=("self",)).with_tenant_ids().select_related("user", "partner")
    fresh = rows.get(pk=contact.pk)
    if fresh.revoked_at:
        raise onboarding.NotStanding
    return fresh, by


def _check_other(contact: Contact, by: User) -> None:
    if contact.user_id == by.pk:
        raise onboarding.OwnContact


def _check_tenants(partner: Partner, by: User, grants: Grants, before: Contact | None) -> None:
    """Only tenants of the partner; and a partner admin gives or takes only what he has himself."""
    if not grants.tenants <= set(partner.tenants.values_list("pk", flat=True)):
        raise onboarding.ForeignTenant
    if by.contact is None or by.contact.all_tenants:
        return
    had_all, had = (before.all_tenants, before.tenant_ids) if before else (False, [])
    changed = grants.tenants.symmetric_difference(had)
    if grants.all_tenants != had_all or changed - set(Tenant.objects.visible_to(by).values_list("pk", flat=True)):
        raise onboarding.ForeignTenant


def _check_admin_remains(contact: Contact) -> None:
    """A partner without an admin in force could change nothing any more. Stands even for the vendor's staff."""
    admins = Contact.objects.standing().filter(partner=contact.partner_id, role=Role.ADMIN, user__is_active=True)
    now = timezone.now()
    in_force = [
        admin.pk
        for admin in admins.select_related("partner")
        if licence.refusal(admin.standing(), Action.MANAGE_CONTACTS, now) is None
    ]
    if in_force == [contact.pk]:
        raise onboarding.LastAdmin


def _covers_today(partner: Partner, grants: Grants) -> bool:
    today = timezone.localdate(timezone=ZoneInfo(partner.time_zone))
    until = grants.authorized_until_date
    return grants.authorized_from_date <= today and (until is None or today <= until)


def _login(email: str, partner: Partner, *, name: str, language: str) -> User:
    """The login for `email`, locked, which cannot sign in before it accepts. Refuses staff and standing contacts."""
    fresh = {"language": language, "time_zone": partner.time_zone, "is_active": False, "password": make_password(None)}
    user, made = User.objects.select_for_update().get_or_create(email=email, defaults={"name": name, **fresh})
    if made:
        return user
    standing = Contact.objects.standing().filter(user=user).first()
    if standing is not None and standing.partner_id == partner.pk:
        raise onboarding.AlreadyContact
    if user.is_staff or standing is not None:
        raise onboarding.AddressTaken
    User.objects.filter(pk=user.pk).update(name=name, **fresh)
    user.refresh_from_db()
    return user


def _columns(grants: Grants) -> dict[str, object]:
    return {
        "level": grants.level,
        "role": grants.role,
        "all_tenants": grants.all_tenants,
        "authorized_from_date": grants.authorized_from_date,
        "authorized_until_date": grants.authorized_until_date,
    }


def _send_link(contact: Contact, by: User) -> None:
    now, token = timezone.now(), secrets.token_urlsafe(32)
    _end_links(contact, now)
    invitation = Invitation.objects.create(
        contact=contact,
        secret_hash=onboarding.secret_hash(token),
        invited_by=by,
        created_at=now,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )
    notifications.invited(invitation, by=by, token=token)


def _end_links(contact: Contact, now: datetime) -> None:
    Invitation.objects.open(now).filter(contact=contact).update(expires_at=now)


def _record(contact: Contact, by: User, deed: Deed, reason: str = "") -> None:
    """In Django's own history, where agents look; in English, and translated when it is shown."""
    words = f"{deed.value}: {reason}" if reason else deed.value
    LogEntry.objects.log_actions(
        user_id=by.pk, queryset=[contact], action_flag=CHANGE, change_message=words, single_object=True
    )
