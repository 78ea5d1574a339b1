"""What the clock does to contacts: tells the partner's admins what ends soon, and suspends whose ground has ended."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from contacts import grounds, notifications
from contacts.licence import Basis, covers
from contacts.models import Contact, ContactQuerySet, Deed, Partner
from contacts.workflow.gate import locked, record
from contacts.workflow.naming import end_links

#: A day is over at different moments around the globe.
MARGIN = timedelta(days=1)


def notice_expiring(now: datetime) -> int:
    """Tell the admins of each partner who ends in 30 days, in 7 and in 1, once each. How many contacts are named.

    Late or twice does no harm: the key of the mail is the notice.
    """
    named = 0
    for contact in _ending(before=(now + timedelta(days=max(grounds.NOTICES)) + MARGIN).date()):
        last_day = last(contact)
        days = grounds.notice(last_day, today(contact.partner, now)) if last_day else None
        if days is not None and last_day is not None:
            notifications.expiring(contact, last_day=last_day, days=days)
            named += 1
    return named


def suspend_ended(now: datetime) -> int:
    """Suspend every contact whose exception or agreement is over; the licence refuses them already. How many."""
    beyond = Contact.objects.standing().exclude(basis=Basis.EMPLOYEE).filter(suspended_at=None)
    return sum(_suspend(pk, now) for pk in beyond.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _suspend(pk: int, now: datetime) -> bool:
    partner = Partner.objects.select_for_update().get(contacts=pk)
    contact = locked(pk)
    standing = contact.standing()
    if standing.suspended_at or covers(standing.basis_from, standing.basis_until, today(partner, now)):
        return False
    Contact.objects.filter(pk=pk).update(suspended_at=now)
    end_links(contact, now)
    record(contact, None, Deed.GROUND_ENDED, now=now)
    return True


def last(contact: Contact) -> date | None:
    """The last day of the authorization or of its ground, whichever comes first."""
    standing = contact.standing()
    days = [standing.authorized_until, standing.basis_until if standing.basis != Basis.EMPLOYEE else None]
    return min((day for day in days if day), default=None)


def today(partner: Partner, now: datetime) -> date:
    return now.astimezone(ZoneInfo(partner.time_zone)).date()


def _ending(*, before: date) -> ContactQuerySet:
    soon = Q(authorized_until_date__lte=before) | ~Q(basis=Basis.EMPLOYEE)
    rows = Contact.objects.standing().filter(soon, suspended_at=None).with_grants()
    return rows.select_related("user", "partner").order_by("pk")
