"""What can happen to a contact's training: guides, seats, attendance, reminders; and what is refused."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from contacts import lessons, onboarding, readiness, seats
from contacts.licence import Action
from contacts.models import Acknowledgement, Contact, Demand, Enrolment, GraceNotice, TrainingSession, User
from contacts.readiness import Step
from mailroom.models import Delivery
from mailroom.rendering import render
from tests.contacts.trained import DAY, confirm, demand, enrol, guide_in_force, newer, of, webinar


def told() -> list[tuple[str, str]]:
    """Kind and reader of every mail about training."""
    rows = Delivery.objects.filter(template="training").order_by("pk")
    return [(row.context["kind"], row.to) for row in rows]


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def seated(session: TrainingSession) -> list[str]:
    rows = Enrolment.objects.seated().filter(session=session).order_by("seated_at", "pk")
    names = list(rows.values_list("contact__user__name", flat=True))
    session.refresh_from_db()
    assert session.taken == len(names)
    return names


def test_a_new_version_is_told_once_and_makes_what_was_confirmed_stale(cast):
    confirm(cast.alice, guide_in_force())
    Contact.objects.filter(user=cast.bob).update(suspended_at=timezone.now())
    guide = newer(cast)
    with pytest.raises(seats.AlreadyPublished):
        lessons.publish_guide(guide=guide, by=cast.lea)
    people = ("alice", "anna", "max", "mallory")
    assert told() == [("guide", getattr(cast, name).email) for name in people]
    steps = {duty.step: duty for duty in readiness.open_duties(of(cast.alice).training)}
    assert (steps[Step.PARTNER].edition.version, steps[Step.PARTNER].is_renewal) == ("2026-12", True)
    assert Acknowledgement.objects.get().guide.version == "2021-03"


def test_only_leads_publish(cast):
    for user in (cast.carol, cast.victor, cast.anna):
        with pytest.raises(onboarding.NotAllowed):
            lessons.publish_guide(guide=guide_in_force(), by=user)


def test_a_version_is_confirmed_by_the_contact_once_and_only_while_it_is_in_force(cast):
    old = guide_in_force()
    first = confirm(cast.alice, old)
    assert confirm(cast.alice, old) == first
    newer(cast)
    with pytest.raises(seats.NoVersion):
        confirm(cast.bob, old)
    Contact.objects.filter(user=cast.bob).update(suspended_at=timezone.now())
    for user in (cast.bob, cast.carol):
        with pytest.raises(onboarding.NotAllowed):
            confirm(user, guide_in_force())


def test_the_processes_are_known_when_every_point_is_ticked(cast):
    guide = guide_in_force(Step.PROCESSES)
    points = list(guide.points.values_list("pk", flat=True))
    with pytest.raises(seats.PointsMissing):
        lessons.acknowledge(guide=guide, by=cast.alice, ticked=frozenset(points[1:]))
    assert not Acknowledgement.objects.exists()
    lessons.acknowledge(guide=guide, by=cast.alice, ticked=frozenset(points))
    assert Acknowledgement.objects.get().contact == of(cast.alice)


def test_seats_go_by_order_and_a_seat_given_back_goes_to_whoever_waits_longest(cast):
    session = webinar(cast, seats=1)
    assert [enrol(session, user).is_waiting for user in (cast.alice, cast.bob, cast.max)] == [False, True, True]
    assert enrol(session, cast.alice).pk == Enrolment.objects.earliest("pk").pk
    lessons.withdraw(session=session, contact=of(cast.alice), by=cast.alice)
    assert (seated(session), told()) == (["Bob"], [("seated", cast.bob.email)])
    lessons.withdraw(session=session, contact=of(cast.max), by=cast.max)
    assert seated(session) == ["Bob"]
    with pytest.raises(seats.NotEnrolled):
        lessons.withdraw(session=session, contact=of(cast.max), by=cast.max)
    assert enrol(session, cast.max).is_waiting


def test_more_seats_go_to_those_who_wait(cast):
    session = webinar(cast, seats=1)
    for user in (cast.alice, cast.bob, cast.max):
        enrol(session, user)
    TrainingSession.objects.filter(pk=session.pk).update(seats=2)
    lessons.keep_session(session=session)
    assert seated(session) == ["Alice", "Bob"]


def test_who_may_enrol_whom(cast):
    session = webinar(cast, seats=9)
    enrol(session, cast.bob, by=cast.anna)
    enrol(session, cast.max, by=cast.carol)
    for user, by in (
        (cast.alice, cast.bob),
        (cast.alice, cast.mallory),
        (cast.mallory, cast.anna),
        (cast.alice, cast.victor),
    ):
        with pytest.raises(seats.NotYours):
            enrol(session, user, by=by)
        with pytest.raises(seats.NotYours):
            lessons.withdraw(session=session, contact=of(user), by=by)
    assert (seated(session), told()) == (["Bob", "Max"], [("seated", cast.bob.email), ("seated", cast.max.email)])


def test_a_date_for_one_partner_is_shut_to_others_whoever_enrols(cast):
    session = webinar(cast, partners=[cast.other])
    for by in (cast.alice, cast.anna, cast.carol):
        with pytest.raises(seats.NotForThem):
            enrol(session, cast.alice, by=by)


def test_nobody_enrols_or_leaves_after_the_beginning_but_staff_enter_who_came(cast):
    session = webinar(cast, begins=-timedelta(minutes=5))
    with pytest.raises(seats.Over):
        enrol(session, cast.alice, by=cast.anna)
    enrol(session, cast.alice, by=cast.carol)
    with pytest.raises(seats.Begun):
        lessons.withdraw(session=session, contact=of(cast.alice), by=cast.carol)
    assert told() == []


def test_a_date_called_off_is_told_to_all_and_takes_nobody(cast):
    session = webinar(cast, seats=1)
    enrol(session, cast.alice)
    enrol(session, cast.bob)
    with pytest.raises(onboarding.NotAllowed):
        lessons.cancel(session=session, by=cast.victor)
    lessons.cancel(session=session, by=cast.carol)
    assert told() == [("called_off", cast.alice.email), ("called_off", cast.bob.email)]
    for act in (lambda: lessons.cancel(session=session, by=cast.carol), lambda: enrol(session, cast.max)):
        with pytest.raises(seats.CalledOff):
            act()


def test_attendance_is_recorded_by_agents_from_the_beginning_and_the_last_word_counts(cast):
    session = webinar(cast, seats=1)
    row, waiting = enrol(session, cast.alice), enrol(session, cast.bob)
    attended, absent = Enrolment.Attendance.ATTENDED, Enrolment.Attendance.ABSENT
    with pytest.raises(seats.NotBegun):
        lessons.record_attendance(enrolment=row, by=cast.carol, attendance=attended)
    with time_machine.travel(session.ends_at, tick=False):
        for by in (cast.anna, cast.victor):
            with pytest.raises(onboarding.NotAllowed):
                lessons.record_attendance(enrolment=row, by=by, attendance=attended)
        with pytest.raises(seats.NoSeat):
            lessons.record_attendance(enrolment=waiting, by=cast.carol, attendance=attended)
        lessons.record_attendance(enrolment=row, by=cast.carol, attendance=absent)
        assert of(cast.alice).training.attended_at is None
        lessons.record_attendance(enrolment=row, by=cast.lea, attendance=attended)
        assert of(cast.alice).training.attended_at == session.ends_at
    row.refresh_from_db()
    assert (row.recorded_by, row.attendance) == (cast.lea, "attended")


def test_a_session_that_is_no_part_of_the_onboarding_counts_for_nothing(cast):
    session = webinar(cast, begins=-DAY, onboarding=False)
    row = enrol(session, cast.alice, by=cast.carol)
    lessons.record_attendance(enrolment=row, by=cast.carol, attendance=Enrolment.Attendance.ATTENDED)
    assert of(cast.alice).training.attended_at is None


def test_a_reminder_goes_out_once_a_day_ahead_to_those_with_a_seat(cast):
    session = webinar(cast, seats=1)
    enrol(session, cast.alice)
    enrol(session, cast.bob)
    moments = [session.starts_at - DAY - timedelta(seconds=1), session.starts_at - DAY, session.starts_at - DAY / 2]
    assert [lessons.remind(now) for now in moments] == [0, 1, 0]
    assert told() == [("near", cast.alice.email)]


def test_the_end_of_the_grace_is_told_once_a_week_ahead_to_the_contact_and_the_admin(cast):
    demand(cast.alpine, Step.PARTNER, grace=30)
    confirm(cast.bob, guide_in_force())
    confirm(cast.max, guide_in_force())
    [duty] = [duty for duty in readiness.open_duties(of(cast.alice).training) if duty.closes_at]
    early, due = duty.closes_at - 7 * DAY - timedelta(seconds=1), duty.closes_at - 7 * DAY
    assert [lessons.warn(now) for now in (early, due, due + DAY)] == [0, 2, 0]
    assert sorted(told()) == [("ends", cast.alice.email), ("ends", cast.anna.email), ("ends_for", cast.anna.email)]
    lines = {row.context["kind"]: row.context["lines"] for row in Delivery.objects.filter(to=cast.anna.email)}
    day = duty.last_date.strftime("%-d %b %Y")
    assert lines["ends_for"] == [f"Alice: Partner guide, version 2021-03, by {day}"]
    demand(cast.other, Step.WEBINAR, grace=1)
    assert [lessons.warn(timezone.now()), lessons.warn(duty.closes_at)] == [1, 0]
    assert GraceNotice.objects.count() == 3


def test_after_the_grace_new_tickets_are_closed_and_everything_else_is_open(cast):
    demand(cast.alpine, Step.PARTNER, grace=3)
    [duty] = [duty for duty in readiness.open_duties(of(cast.alice).training) if duty.closes_at]
    with time_machine.travel(duty.closes_at - timedelta(seconds=1), tick=False):
        assert fresh(cast.alice).may(Action.OPEN)
    with time_machine.travel(duty.closes_at, tick=False):
        alice = fresh(cast.alice)
        open_to = {action for action in Action if alice.may(action)}
        assert open_to == {Action.SEE, Action.REPLY, Action.ESCALATE, Action.CLOSE, Action.REOPEN}
        assert fresh(cast.mallory).may(Action.OPEN)
        confirm(cast.alice, guide_in_force())
        assert fresh(cast.alice).may(Action.OPEN)


def test_the_statement_and_the_rule_agree_on_who_lacks_what(cast):
    newer(cast, "2026-12")
    confirm(cast.alice, guide_in_force())
    confirm(cast.bob, guide_in_force(Step.SUPPORT))
    confirm(cast.mallory, guide_in_force(Step.PROCESSES))
    row = enrol(webinar(cast, begins=-DAY), cast.max, by=cast.carol)
    lessons.record_attendance(enrolment=row, by=cast.carol, attendance=Enrolment.Attendance.ATTENDED)
    newer(cast, "2027-01", Step.SUPPORT)
    everybody = Contact.objects.standing()
    for step in Step:
        by_statement = set(everybody.lacking(step).values_list("pk", flat=True))
        rows = [of(user) for user in cast.partners_people.values()]
        by_rule = {
            row.pk for row in rows for duty in readiness.duties(row.training) if duty.step == step and not duty.is_done
        }
        assert by_statement == by_rule, step
    assert list(Contact.objects.lacking_by_partner().order_by("partner__name")) == [
        {"partner": cast.alpine.pk, "partner__name": "Alpine Mail GmbH", "contacts": 4, "lacking": 4,
         "partner_guide": 3, "support_guide": 4, "processes": 4, "webinar": 3},
        {"partner": cast.other.pk, "partner__name": "Other Ltd", "contacts": 1, "lacking": 1,
         "partner_guide": 1, "support_guide": 1, "processes": 0, "webinar": 1},
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_mail_is_rendered_with_its_title_moment_and_address(cast, language):
    User.objects.update(language=language)
    demand(cast.alpine, Step.PARTNER, grace=5)
    session = webinar(cast, seats=1, place="Room 4")
    enrol(session, cast.alice, by=cast.anna)
    lessons.remind(session.starts_at - DAY)
    lessons.warn(timezone.now())
    lessons.cancel(session=session, by=cast.carol)
    newer(cast)
    mails = {row.context["kind"]: render(row) for row in Delivery.objects.filter(template="training")}
    assert set(mails) == {"seated", "near", "ends", "ends_for", "called_off", "guide"}
    title = {"en": "How we work together", "de": "So arbeiten wir zusammen"}[language]
    for kind in ("seated", "near", "called_off"):
        assert title in mails[kind].subject
        assert f"/training/{session.pk}/" in mails[kind].body
        assert "Room 4" in mails[kind].body
    assert "2026-12" in mails["guide"].subject


@pytest.mark.parametrize(
    "broken",
    [
        lambda cast: TrainingSession.objects.filter(pk=webinar(cast, seats=1).pk).update(taken=2),
        lambda cast: TrainingSession.objects.filter(pk=webinar(cast).pk).update(ends_at=timezone.now()),
        lambda cast: Demand.objects.create(partner=cast.alpine, step="wish"),
        lambda cast: [demand(cast.alpine, Step.WEBINAR) for _twice in range(2)],
        lambda cast: Acknowledgement.objects.bulk_create(
            [Acknowledgement(contact=of(cast.alice), guide=guide_in_force())] * 2
        ),
        lambda cast: Enrolment.objects.create(
            session=webinar(cast), contact=of(cast.alice), enrolled_by=cast.anna, attendance="attended"
        ),
    ],
)
def test_the_database_refuses_what_the_code_forbids(cast, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken(cast)


def test_what_comes_with_the_session_is_what_the_models_read(client, cast):
    demand(cast.alpine, Step.PARTNER, grace=4)
    confirm(cast.alice, guide_in_force(Step.SUPPORT))
    newer(cast)
    row = enrol(webinar(cast, begins=-DAY), cast.alice, by=cast.carol)
    lessons.record_attendance(enrolment=row, by=cast.carol, attendance=Enrolment.Attendance.ATTENDED)
    client.force_login(cast.alice)
    asked = client.get("/onboarding/").wsgi_request.user.contact.training
    assert asked == of(cast.alice).training
    assert (len(asked.editions), len(asked.demands), asked.attended_at is None) == (4, 1, False)
