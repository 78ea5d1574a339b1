"""The way in and out of every change: who may make it, what may be granted, and how it is written down."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone

from contacts import grounds, licence, onboarding
from contacts.licence import Action, Basis, Grants, Right
from contacts.models import Contact, ContactEvent, Deed, DirectSupport, Partner, User

#: A contact's facts as a history keeps them: texts and lists of texts, by the name of the field.
Facts = dict[str, object]


def enter(partner_id: int, by: User, permission: str) -> tuple[Partner, User]:
    """Lock the partner, then look at `by` anew: he may have been suspended while we waited. Raises NotAllowed."""
    partner = Partner.objects.select_for_update().get(pk=partner_id)
    by = User.objects.get(pk=by.pk)
    own = by.contact is not None and by.contact.partner_id == partner_id and by.may(Action.MANAGE_CONTACTS)
    if not (by.has_perm(permission) if by.is_staff else own):
        raise onboarding.NotAllowed
    return partner, by


def enter_contact(contact: Contact, by: User, seen: int | None = None) -> tuple[Contact, User]:
    """The contact as it is now, locked. `seen` is the version the page showed; None skips that comparison.

    Raises NotAllowed, NotStanding or Stale.
    """
    _partner, by = enter(contact.partner_id, by, "contacts.change_contact")
    fresh = locked(contact.pk)
    if fresh.revoked_at:
        raise onboarding.NotStanding
    if seen is not None and seen != fresh.version:
        raise onboarding.Stale
    return fresh, by


def locked(pk: int) -> Contact:
    rows = Contact.objects.with_grants().select_for_update(of=("self",)).select_related("user", "partner")
    return rows.get(pk=pk)


def check_other(contact: Contact, by: User) -> None:
    if contact.user_id == by.pk:
        raise onboarding.OwnContact


def check_grants(partner: Partner, by: User, grants: Grants, before: Grants | None) -> None:
    """Only what is the partner's; and a partner admin gives or takes only what he has himself.

    Raises ForeignTenant, ForeignService, ForeignContract or BeyondOwn.
    """
    if not grants.tenants <= set(partner.tenants.values_list("pk", flat=True)):
        raise onboarding.ForeignTenant
    if grants.contract and not partner.contracts.filter(pk=grants.contract).exists():
        raise onboarding.ForeignContract
    if by.contact is not None:
        onboarding.check_own(own=by.contact.grants(), before=before, after=grants)


def ground_of(
    partner: Partner, email: str, grants: Grants, exemption: grounds.Exemption | None, *, by: User
) -> dict[str, object]:
    """The columns that say why this address may be a contact's. An exception is the vendor's to approve.

    Raises ExceptionByPartner or what `grounds.ground` raises.
    """
    if exemption and not by.is_staff:
        raise grounds.ExceptionByPartner
    found = grounds.ground(
        email,
        domains=partner.mail_domains,
        exemption=exemption,
        agreements=[
            grounds.Agreement(row.pk, row.tenant_id, row.mail_domains, row.valid_from_date, row.valid_until_date)
            for row in DirectSupport.objects.filter(tenant__partner=partner).order_by("-valid_until_date")
        ],
        grants=grants,
        today=timezone.localdate(timezone=ZoneInfo(partner.time_zone)),
    )
    dedicated = exemption if found.basis == Basis.DEDICATED else None
    return {
        "basis": found.basis,
        "direct_support_id": found.agreement,
        "exception_reference": dedicated.reference.strip() if dedicated else "",
        "exception_until_date": dedicated.until if dedicated else None,
        "exception_approved_by": by if dedicated else None,
    }


def check_admin_remains(contact: Contact) -> None:
    """A partner without an admin in force could change nothing any more. Stands even for the vendor's staff."""
    admins = Contact.objects.managing().filter(partner=contact.partner_id).with_grants().select_related("partner")
    now = timezone.now()
    in_force = [row.pk for row in admins if licence.refusal(row.standing(), Action.MANAGE_CONTACTS, now) is None]
    if in_force == [contact.pk]:
        raise onboarding.LastAdmin


def manages_today(partner: Partner, grants: Grants) -> bool:
    today = timezone.localdate(timezone=ZoneInfo(partner.time_zone))
    until = grants.authorized_until_date
    in_force = grants.authorized_from_date <= today and (until is None or today <= until)
    return in_force and Right.MANAGE_CONTACTS in grants.rights


def store(contact: Contact, grants: Grants) -> None:
    """The rows of what is granted, without a line of history."""
    Contact.objects.filter(pk=contact.pk).update(**columns(grants))
    contact.tenants.set(grants.tenants)
    contact.services.set(grants.services)


def columns(grants: Grants) -> dict[str, object]:
    return {
        "level": grants.level,
        "rights": [right for right in Right if right in grants.rights],
        "highest_priority": grants.highest_priority,
        "all_tenants": grants.all_tenants,
        "all_services": grants.all_services,
        "contract_id": grants.contract,
        "authorized_from_date": grants.authorized_from_date,
        "authorized_until_date": grants.authorized_until_date,
    }


def facts(contact: Contact) -> Facts:
    """As they are stored now."""
    row = Contact.objects.select_related("user", "contract").get(pk=contact.pk)
    return {
        "name": row.user.name,
        "phone": row.phone,
        "level": row.level,
        "rights": list(row.rights),
        "highest_priority": row.highest_priority,
        "tenants": "all" if row.all_tenants else sorted(row.tenants.values_list("customer_id", flat=True)),
        "services": "all"
        if row.all_services
        else list(row.services.order_by("position").values_list("name", flat=True)),
        "contract": row.contract.reference if row.contract else "",
        "authorized_from_date": row.authorized_from_date.isoformat(),
        "authorized_until_date": row.authorized_until_date.isoformat() if row.authorized_until_date else "",
        "exception_until_date": row.exception_until_date.isoformat() if row.exception_until_date else "",
    }


def record(
    contact: Contact,
    by: User | None,
    deed: Deed,
    *,
    reason: str = "",
    before: Facts | None = None,
    now: datetime | None = None,
) -> None:
    """Count the change and write the line of history; `before` are the facts as they were, to tell what changed."""
    Contact.objects.filter(pk=contact.pk).update(version=F("version") + 1)
    after = facts(contact) if before is not None else {}
    changes = {name: [before[name], value] for name, value in after.items() if before and before[name] != value}
    contact.refresh_from_db(fields=["version"])
    ContactEvent.objects.create(
        contact=contact,
        kind=deed,
        by=by,
        reason=reason,
        changes=changes,
        version=contact.version,
        created_at=now or timezone.now(),
    )
