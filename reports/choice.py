"""Which partner and which month was asked for, and whether this reader may have it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from contacts.models import Partner, User
from reports.monthly import zone_of
from reports.months import Month, last_full

ALL = "all"
#: Offered when it is not known since when there are tickets.
OFFERED = 12


class NotYours(LookupError):
    """A partner that does not exist or whose figures this reader may not see: the same answer for both."""


class WrongMonth(ValueError):
    """A month that is no month or has not begun, said in the reader's words."""


@dataclass(frozen=True)
class Choice:
    """`partner` is None for all of them. `partners` are those to choose from; empty when there is no choice."""

    partner: Partner | None
    partners: tuple[Partner, ...]
    now: datetime

    @property
    def key(self) -> str:
        return self.partner.customer_id if self.partner else ALL

    @cached_property
    def zone(self) -> ZoneInfo:
        return zone_of(self.partner)

    @cached_property
    def current(self) -> Month:
        return Month.of(self.now, self.zone)

    def first(self, opened_at: datetime | None) -> Month | None:
        """The month of the first ticket."""
        return Month.of(opened_at, self.zone) if opened_at else None

    def month(self, text: str | None) -> Month:
        """The month asked for, the last full one when none was. Raises WrongMonth."""
        if not text:
            return last_full(self.now, self.zone)
        month = Month.parse(text)
        if month is None:
            raise WrongMonth(_("“%(text)s” is not a month. Choose one from the list.") % {"text": text[:40]})
        if month > self.current:
            raise WrongMonth(_("This month has not begun yet. Choose an earlier one."))
        return month

    def months(self, first: Month | None, *, besides: Month) -> list[Month]:
        """What can be chosen, the newest first: from the first ticket to the month that runs."""
        first = first or self.current.plus(1 - OFFERED)
        count = (self.current.year - first.year) * 12 + self.current.number - first.number + 1
        return sorted({besides, *(self.current.plus(-step) for step in range(count))}, reverse=True)


def choose(user: User, wanted: str | None, now: datetime) -> Choice:
    """For a contact the own partner, whatever role; for staff any or all of them. Raises NotYours."""
    if not user.is_staff:
        own = user.contact.partner if user.contact else None
        if own is None or wanted not in (None, "", own.customer_id):
            raise NotYours
        return Choice(own, (), now)
    partners = tuple(Partner.objects.visible_to(user).order_by("name"))
    if wanted in (None, "", ALL):
        return Choice(None, partners, now)
    partner = next((each for each in partners if each.customer_id == wanted), None)
    if partner is None:
        raise NotYours
    return Choice(partner, partners, now)
