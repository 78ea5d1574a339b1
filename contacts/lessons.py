"""What can happen to a contact's training. Each function is one business event: one transaction, the row that decides
locked first, the mails as Delivery rows. Portal, admin and clock call the same functions.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from contacts import notifications, onboarding, readiness, seats
from contacts.licence import Action
from contacts.models import (
    Acknowledgement,
    Contact,
    ContactQuerySet,
    Enrolment,
    GraceNotice,
    Guide,
    TrainingSession,
    User,
)
from contacts.readiness import Duty

REMIND_AHEAD = timedelta(days=1)
WARN_AHEAD = timedelta(days=7)


@transaction.atomic
def publish_guide(*, guide: Guide, by: User) -> None:
    """From now on this is the version in force: what was confirmed before is stale, and every contact is told once.

    Raises NotAllowed or AlreadyPublished.
    """
    guide = Guide.objects.select_for_update().get(pk=guide.pk)
    if not by.has_perm("contacts.change_guide"):
        raise onboarding.NotAllowed
    if guide.published_at:
        raise seats.AlreadyPublished
    guide.published_at = timezone.now()
    guide.save(update_fields=["published_at"])
    notifications.guide_published(guide, _reading())


@transaction.atomic
def acknowledge(*, guide: Guide, by: User, ticked: frozenset[int] = frozenset()) -> Acknowledgement:
    """`by` has read this version, and ticked its points (their keys). Said again, it is what stands already.

    Raises NotAllowed, NoVersion or PointsMissing.
    """
    contact = by.contact
    if contact is None or not by.may(Action.SEE):
        raise onboarding.NotAllowed
    if not Guide.objects.filter(pk=guide.pk, pk__in=Guide.objects.in_force().values("pk")).exists():
        raise seats.NoVersion
    if set(guide.points.values_list("pk", flat=True)) - ticked:
        raise seats.PointsMissing
    row, _made = Acknowledgement.objects.get_or_create(contact=contact, guide=guide)
    return row


@transaction.atomic
def enrol(*, session: TrainingSession, contact: Contact, by: User) -> Enrolment:
    """A seat, or a place in the waiting list when none is free. Somebody enrolled already keeps what they have.

    Raises NotYours, NotForThem, CalledOff or Over.
    """
    session, now = _lock(session), timezone.now()
    _check_own(contact, by, "contacts.add_enrolment")
    _check_open_to(session, contact)
    seats.check_enrolling(
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        cancelled=session.cancelled_at is not None,
        by_staff=by.is_staff,
        now=now,
    )
    standing = Enrolment.objects.standing().filter(session=session, contact=contact).first()
    if standing is not None:
        return standing
    row = Enrolment.objects.create(session=session, contact=contact, enrolled_by=by, enrolled_at=now)
    if session.free > 0:
        _seat(session, row, now, told=by.pk != contact.user_id and now < session.starts_at)
    return row


@transaction.atomic
def withdraw(*, session: TrainingSession, contact: Contact, by: User) -> None:
    """Give the seat back; whoever has waited longest gets it. Raises NotYours, NotEnrolled or Begun."""
    session, now = _lock(session), timezone.now()
    _check_own(contact, by, "contacts.change_enrolment")
    row = Enrolment.objects.standing().filter(session=session, contact=contact).first()
    if row is None:
        raise seats.NotEnrolled
    seats.check_withdrawing(starts_at=session.starts_at, now=now)
    Enrolment.objects.filter(pk=row.pk).update(withdrawn_at=now, withdrawn_by=by)
    if row.seated_at:
        session.taken -= 1
        session.save(update_fields=["taken"])
        _fill(session, now)


@transaction.atomic
def keep_session(*, session: TrainingSession) -> None:
    """After an agent has changed it: seats that have come free go to those who wait."""
    session, now = _lock(session), timezone.now()
    if session.cancelled_at is None and now < session.starts_at:
        _fill(session, now)


@transaction.atomic
def cancel(*, session: TrainingSession, by: User) -> None:
    """Call it off, and tell everybody who had a seat or waited. Raises NotAllowed, CalledOff or Over."""
    session, now = _lock(session), timezone.now()
    if not by.has_perm("contacts.change_trainingsession"):
        raise onboarding.NotAllowed
    if session.cancelled_at:
        raise seats.CalledOff
    if now >= session.starts_at:
        raise seats.Over
    session.cancelled_at = now
    session.save(update_fields=["cancelled_at"])
    notifications.called_off(
        session, Enrolment.objects.standing().filter(session=session).select_related("contact__user")
    )


@transaction.atomic
def record_attendance(*, enrolment: Enrolment, by: User, attendance: Enrolment.Attendance) -> None:
    """Was this contact there? Said again, the last word counts. Raises NotAllowed, CalledOff, NotBegun or NoSeat."""
    session = _lock(TrainingSession(pk=enrolment.session_id))
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if not by.has_perm("contacts.change_enrolment"):
        raise onboarding.NotAllowed
    seats.check_recording(
        starts_at=session.starts_at,
        cancelled=session.cancelled_at is not None,
        seated=bool(enrolment.seated_at and not enrolment.withdrawn_at),
        now=timezone.now(),
    )
    Enrolment.objects.filter(pk=enrolment.pk).update(attendance=attendance, recorded_at=timezone.now(), recorded_by=by)


@transaction.atomic
def remind(now: datetime) -> int:
    """Remind each contact with a seat in a session that begins within a day, once. The number of mails."""
    soon = TrainingSession.objects.filter(
        starts_at__gt=now, starts_at__lte=now + REMIND_AHEAD, cancelled_at__isnull=True
    )
    due = Enrolment.objects.seated().filter(session__in=soon, reminded_at__isnull=True)
    rows = list(
        due.select_for_update(of=("self",), skip_locked=True).select_related("session", "contact__user").order_by("pk")
    )
    Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
    notifications.session_near([row for row in rows if row.contact.user.is_active])
    return len(rows)


@transaction.atomic
def warn(now: datetime) -> int:
    """Tell each contact whose time for a step ends within a week, once, and their partner admins. The number of steps.

    Two sweeps at once: the unique row decides which of them tells.
    """
    told: list[tuple[Contact, Duty]] = []
    for contact in _reading().filter(partner__demands__isnull=False).distinct():
        told += [(contact, duty) for duty in _ending(contact, now) if _first_to_tell(contact, duty, now)]
    notifications.time_ends(told)
    return len(told)


def _ending(contact: Contact, now: datetime) -> list[Duty]:
    near = [duty for duty in readiness.open_duties(contact.training) if duty.closes_at]
    return [duty for duty in near if duty.closes_at and now < duty.closes_at <= now + WARN_AHEAD]


def _first_to_tell(contact: Contact, duty: Duty, now: datetime) -> bool:
    try:
        with transaction.atomic():
            ends_at = duty.closes_at or now  # only what closes is asked about
            GraceNotice.objects.create(contact=contact, step=duty.step, closes_at=ends_at, told_at=now)
    except IntegrityError:
        return False
    return True


def _reading() -> ContactQuerySet:
    """Contacts whom a mail about guides concerns: standing, not suspended, with a login that has been used."""
    rows = Contact.objects.standing().filter(suspended_at__isnull=True, user__is_active=True)
    return rows.with_training().select_related("user", "partner").order_by("pk")


def _lock(session: TrainingSession) -> TrainingSession:
    return TrainingSession.objects.select_for_update().get(pk=session.pk)


def _seat(session: TrainingSession, row: Enrolment, now: datetime, *, told: bool) -> None:
    """The database refuses more seats than there are, whoever counts wrongly."""
    session.taken += 1
    session.save(update_fields=["taken"])
    row.seated_at = now
    row.save(update_fields=["seated_at"])
    if told:
        notifications.seated(session, row)


def _fill(session: TrainingSession, now: datetime) -> None:
    waiting = Enrolment.objects.waiting().filter(session=session).select_related("contact__user")
    for row in waiting[: max(session.free, 0)]:
        _seat(session, row, now, told=True)


def _check_own(contact: Contact, by: User, permission: str) -> None:
    """Oneself, a colleague by the partner admin, anybody by staff who may."""
    by = User.objects.get(pk=by.pk)
    if by.is_staff:
        allowed = by.has_perm(permission)
    else:
        own = by.contact is not None and by.contact.partner_id == contact.partner_id
        myself = by.contact is not None and by.contact.pk == contact.pk and by.may(Action.SEE)
        allowed = myself or (own and by.may(Action.MANAGE_CONTACTS))
    if not allowed or contact.revoked_at:
        raise seats.NotYours


def _check_open_to(session: TrainingSession, contact: Contact) -> None:
    if not (session.for_all or session.partners.filter(pk=contact.partner_id).exists()):
        raise seats.NotForThem
