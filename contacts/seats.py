"""Who may still take a seat, give it back, or be marked as having been there; and the errors that say why not."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from contacts.onboarding import Refused


class Over(Refused):
    says = _("This date is over. Choose a later one.")


class Begun(Refused):
    says = _("This date has begun. A seat can no longer be given back.")


class CalledOff(Refused):
    says = _("This date has been called off. Choose another one.")


class NotYours(Refused):
    says = _("You can enrol yourself, and as a partner admin your colleagues. Nobody else.")


class NotForThem(Refused):
    says = _("This date is not open to this contact. Dates may be for some partners only.")


class NotEnrolled(Refused):
    says = _("There is no seat to give back. The page shows who is enrolled now.")


class NotBegun(Refused):
    says = _("This date has not begun yet. Attendance is recorded from its beginning on.")


class NoSeat(Refused):
    says = _("This contact had no seat. Enrol the contact first, then record the attendance.")


class AlreadyPublished(Refused):
    says = _("This version is published already.")


class NoVersion(Refused):
    says = _("This version is not the one in force. Open the page again and read the newest one.")


class PointsMissing(Refused):
    says = _("Tick every point. If one is unclear, ask your partner admin first.")


def check_enrolling(*, starts_at: datetime, ends_at: datetime, cancelled: bool, by_staff: bool, now: datetime) -> None:
    """Until the beginning; the vendor's staff may also enter who came without a seat. Raises CalledOff or Over."""
    if cancelled:
        raise CalledOff
    if now >= starts_at and not by_staff:
        raise Over


def check_withdrawing(*, starts_at: datetime, now: datetime) -> None:
    """Raises Begun."""
    if now >= starts_at:
        raise Begun


def check_recording(*, starts_at: datetime, cancelled: bool, seated: bool, now: datetime) -> None:
    """Raises CalledOff, NotBegun or NoSeat."""
    if cancelled:
        raise CalledOff
    if now < starts_at:
        raise NotBegun
    if not seated:
        raise NoSeat
