"""How a person becomes a contact: invited by the own partner, let in by a one-time link."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from contacts import notifications, onboarding
from contacts.grounds import Exemption
from contacts.licence import Grants
from contacts.models import Contact, Deed, Invitation, Partner, User
from contacts.workflow.gate import check_grants, columns, enter, enter_contact, ground_of, record


@transaction.atomic
def invite(
    *,
    partner: Partner,
    by: User,
    name: str,
    email: str,
    language: str,
    phone: str,
    grants: Grants,
    exemption: Exemption | None = None,
) -> Contact:
    """Name a new contact and send the one-time link to choose a password. `phone` as E.164.

    Raises NotAllowed, AlreadyContact, AddressTaken, or what `ground_of` and `check_grants` raise.
    """
    partner, by = enter(partner.pk, by, "contacts.add_contact")
    why = ground_of(partner, email, grants, exemption, by=by)
    check_grants(partner, by, grants, before=None)
    user = _login(email.strip().lower(), partner, name=name, language=language)
    contact = Contact.objects.create(user=user, partner=partner, phone=phone, version=0, **why, **columns(grants))
    contact.tenants.set(grants.tenants)
    contact.services.set(grants.services)
    _send_link(contact, by)
    record(contact, by, Deed.INVITED)
    return contact


@transaction.atomic
def invite_again(*, contact: Contact, by: User) -> None:
    """A new link; earlier ones end. Raises NotAllowed, NotStanding or AlreadyAccepted."""
    contact, by = enter_contact(contact, by)
    if contact.user.is_active:
        raise onboarding.AlreadyAccepted
    _send_link(contact, by)
    record(contact, by, Deed.INVITED_AGAIN)


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
    record(invitation.contact, user, Deed.ACCEPTED)
    return user


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


def _send_link(contact: Contact, by: User) -> None:
    now, token = timezone.now(), secrets.token_urlsafe(32)
    end_links(contact, now)
    invitation = Invitation.objects.create(
        contact=contact,
        secret_hash=onboarding.secret_hash(token),
        invited_by=by,
        created_at=now,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )
    notifications.invited(invitation, by=by, token=token)


def end_links(contact: Contact, now: datetime) -> None:
    Invitation.objects.open(now).filter(contact=contact).update(expires_at=now)
