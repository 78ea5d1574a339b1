"""How a contact stands, in the words of the list of contacts."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts import moments, onboarding, phones
from contacts.models import Contact, ContactQuerySet, Invitation
from contacts.onboarding import State


@dataclass(frozen=True)
class Standing:
    """`tone` is the badge's colour, `icon` the name of the sign beside its words."""

    contact: Contact
    state: State
    words: str
    tone: str
    icon: str
    phone: str

    @property
    def is_invited(self) -> bool:
        return self.state in {State.INVITED, State.INVITATION_EXPIRED}


LOOKS = {
    State.INVITED: ("", "mail"),
    State.INVITATION_EXPIRED: ("warning", "mail"),
    State.BEGINS: ("", "clock"),
    State.IN_FORCE: ("accent", "check"),
    State.SUSPENDED: ("warning", "pause"),
    State.EXPIRED: ("warning", "clock"),
    State.WITHDRAWN: ("", "close"),
}


def with_invitations(contacts: ContactQuerySet) -> ContactQuerySet:
    """Adds `invited_until`: the end of the newest invitation of a login that has never been used, else NULL."""
    newest = Invitation.objects.filter(contact=OuterRef("pk"), contact__user__is_active=False, accepted_at=None)
    ends = newest.order_by("-pk").values("expires_at")[:1]
    return contacts.annotate(invited_until=Subquery(ends, output_field=DateTimeField(null=True)))


def standing(contact: Contact) -> Standing:
    """For a contact by `with_invitations`, its login and partner at hand."""
    now, invited_until = timezone.now(), getattr(contact, "invited_until", None)
    found = onboarding.state(
        today=now.astimezone(ZoneInfo(contact.partner.time_zone)).date(),
        now=now,
        authorized_from=contact.authorized_from_date,
        authorized_until=contact.authorized_until_date,
        suspended_at=contact.suspended_at,
        revoked_at=contact.revoked_at,
        invited_until=invited_until,
    )
    tone, icon = LOOKS[found]
    return Standing(contact, found, words(found, contact, invited_until), tone, icon, phones.display(contact.phone))


def words(found: State, contact: Contact, invited_until: datetime | None) -> str:
    pattern, moment = {
        State.INVITED: (_("Invited, link valid until %(day)s"), invited_until),
        State.INVITATION_EXPIRED: (_("Invited, link expired on %(day)s"), invited_until),
        State.BEGINS: (_("Begins on %(day)s"), contact.authorized_from_date),
        State.IN_FORCE: (_("In force"), None),
        State.SUSPENDED: (_("Suspended since %(day)s"), contact.suspended_at),
        State.EXPIRED: (_("Expired on %(day)s"), contact.authorized_until_date),
        State.WITHDRAWN: (_("Withdrawn on %(day)s"), contact.revoked_at),
    }[found]
    if moment is None:
        return pattern
    return pattern % {"day": moments.day(moment)}
