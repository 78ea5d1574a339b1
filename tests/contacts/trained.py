"""Guides, webinars and demands as the tests need them."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from contacts import lessons
from contacts.models import Acknowledgement, Contact, Demand, Enrolment, Guide, Partner, TrainingSession, User
from contacts.readiness import Step
from tests.cast import Cast

DAY = timedelta(days=1)


def webinar(cast: Cast, *, seats: int = 2, begins: timedelta = 3 * DAY, **fields: Any) -> TrainingSession:
    """In three days, for everybody, unless said otherwise; `partners` makes it theirs alone."""
    starts_at = timezone.now() + begins
    partners: list[Partner] = fields.pop("partners", [])
    values: dict[str, Any] = {"title_en": "How we work together", "title_de": "So arbeiten wir zusammen"}
    session = TrainingSession.objects.create(
        seats=seats,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        for_all=not partners,
        **values | fields,
    )
    session.partners.set(partners)
    return session


def of(user: User) -> Contact:
    return Contact.objects.standing().with_training().select_related("user", "partner").get(user=user)


def enrol(session: TrainingSession, user: User, by: User | None = None) -> Enrolment:
    return lessons.enrol(session=session, contact=of(user), by=by or user)


def demand(partner: Partner, step: Step, *, grace: int = 0, since: datetime | None = None) -> Demand:
    return Demand.objects.create(partner=partner, step=step, grace_days=grace, since_at=since or timezone.now())


def guide_in_force(kind: Step = Step.PARTNER) -> Guide:
    return Guide.objects.in_force().get(kind=kind)


def newer(cast: Cast, version: str = "2026-12", kind: Step = Step.PARTNER) -> Guide:
    guide = Guide.objects.create(kind=kind, title_en="The guide", title_de="Der Leitfaden", version=version)
    lessons.publish_guide(guide=guide, by=cast.lea)
    guide.refresh_from_db()
    return guide


def confirm(user: User, guide: Guide) -> Acknowledgement:
    ticked = frozenset(guide.points.values_list("pk", flat=True))
    return lessons.acknowledge(guide=guide, by=User.objects.get(pk=user.pk), ticked=ticked)
