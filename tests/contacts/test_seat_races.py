"""Many hands at one seat, each on a connection of its own."""

from functools import partial

import pytest
from django.utils import timezone

from contacts import lessons
from contacts.models import Contact, Enrolment, GraceNotice, TrainingSession, User
from contacts.readiness import Step
from mailroom.models import Delivery
from tests.cast import contact
from tests.contacts.trained import DAY, demand, of, webinar
from tests.tickets.test_races import at_once, fresh

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_seats_are_never_overbooked_whoever_comes_and_goes_at_once(cast):
    people = [contact(f"Guest{number}", cast.alpine) for number in range(8)]
    for _round in range(3):
        session = webinar(cast, seats=3)
        at_once([partial(comes, session, user) for user in people])
        assert count(session) == (3, 5)
        leaving = Enrolment.objects.seated().filter(session=session).select_related("contact__user")[:2]
        at_once([partial(leaves, row) for row in leaving] + [partial(comes, session, user) for user in people[:3]])
        seats, waits = count(session)
        assert (seats, seats + waits >= 6) == (3, True)


def comes(session: TrainingSession, user: User) -> Enrolment:
    return lessons.enrol(session=session, contact=of(user), by=fresh(user))


def leaves(row: Enrolment) -> None:
    lessons.withdraw(session=row.session, contact=row.contact, by=fresh(row.contact.user))


def count(session: TrainingSession) -> tuple[int, int]:
    """Seats given and people waiting; the counter of the session says the same."""
    session.refresh_from_db()
    rows = Enrolment.objects.filter(session=session)
    assert session.taken == rows.seated().count()
    return rows.seated().count(), rows.waiting().count()


def test_one_person_enrolled_by_many_hands_has_one_seat(cast):
    session = webinar(cast, seats=5)
    alice: Contact = of(cast.alice)
    hands: list[User] = [cast.alice, cast.anna, cast.carol]
    at_once([lambda by=by: lessons.enrol(session=session, contact=alice, by=fresh(by)) for by in hands * 2])
    assert count(session) == (1, 0)


def test_sweeps_at_once_tell_each_contact_once(cast):
    demand(cast.alpine, Step.WEBINAR, grace=3)
    session = webinar(cast, seats=9, begins=DAY / 2)
    for user in (cast.alice, cast.bob, cast.max):
        lessons.enrol(session=session, contact=of(user), by=user)
    now = timezone.now()
    warned = at_once([lambda: lessons.warn(now)] * 3)
    reminded = at_once([lambda: lessons.remind(now)] * 3)
    assert (sum(warned), sum(reminded), GraceNotice.objects.count()) == (4, 3, 4)
    kinds = [row.context["kind"] for row in Delivery.objects.filter(template="training")]
    assert (kinds.count("ends"), kinds.count("near")) == (4, 3)
