"""Who is told what about contacts. Delivery rows in the caller's transaction; nothing is sent here."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from contacts import licence, moments, readiness
from contacts.licence import Action
from contacts.models import Contact, Enrolment, Guide, Invitation, Partner, TrainingSession, User
from contacts.readiness import Duty
from mailroom.models import Delivery


def invited(invitation: Invitation, *, by: User, token: str) -> None:
    """The one mail that carries the token. Its context is wiped once it is sent."""
    contact = invitation.contact
    Delivery.objects.queue(
        [
            Delivery(
                key=f"invitation:{invitation.pk}",
                to=contact.user.email,
                language=contact.user.language,
                time_zone=contact.user.time_zone,
                template="invitation",
                context={
                    "name": contact.user.name,
                    "partner": contact.partner.name,
                    "invited_by": by.name,
                    "url": settings.SITE_URL + reverse("contacts:invitation", args=[token]),
                    "expires_at": invitation.expires_at,
                },
                secret=True,
            )
        ]
    )


def guide_published(guide: Guide, contacts: Iterable[Contact]) -> None:
    """To every contact, with the day by which their partner asks for it, if it does."""
    rows = []
    for contact in contacts:
        duty = next((duty for duty in readiness.open_duties(contact.training) if duty.step == guide.kind), None)
        page = reverse("kb:guide", args=[guide.pk])
        day = duty.last_date if duty and duty.closes_at else None
        rows.append(
            _about_training(contact.user, f"guide:{guide.pk}:{contact.pk}", "guide", page, guide=guide, day=day)
        )
    Delivery.objects.queue(rows)


def seated(session: TrainingSession, enrolment: Enrolment) -> None:
    """A seat that the contact has not taken just now: somebody else did, or it came free."""
    _about_session(session, [enrolment], "seated")


def session_near(enrolments: Iterable[Enrolment]) -> None:
    for enrolment in enrolments:
        _about_session(enrolment.session, [enrolment], "near")


def called_off(session: TrainingSession, enrolments: Iterable[Enrolment]) -> None:
    _about_session(session, enrolments, "called_off")


def time_ends(told: Sequence[tuple[Contact, Duty]]) -> None:
    """To each contact what is still to be done, and to the partner's admins the names, one mail each."""
    by_contact = {contact: [duty for each, duty in told if each == contact] for contact, _duty in told}
    rows = [_ending(contact.user, {contact: duties}, "ends") for contact, duties in by_contact.items()]
    for partner in {contact.partner for contact in by_contact}:
        named = {contact: duties for contact, duties in by_contact.items() if contact.partner_id == partner.pk}
        for admin in admins_of(partner):
            others = {contact: duties for contact, duties in named.items() if contact.user_id != admin.user_id}
            if others:
                rows.append(_ending(admin.user, others, "ends_for"))
    Delivery.objects.queue(rows)


def admins_of(partner: Partner) -> list[Contact]:
    """The partner admins in force."""
    now = timezone.now()
    managing = Contact.objects.managing().filter(partner=partner)
    found = managing.with_grants().select_related("user", "partner").order_by("pk")
    return [admin for admin in found if licence.refusal(admin.standing(), Action.MANAGE_CONTACTS, now) is None]


def _ending(reader: User, steps: Mapping[Contact, Sequence[Duty]], kind: str) -> Delivery:
    """The key names every notice that the mail stands for, so a second mail for the same ones is passed over."""
    days = [f"{contact.pk}:{duty.step}:{duty.last_date}" for contact, duties in steps.items() for duty in duties]
    key = hashlib.sha256("|".join(days).encode()).hexdigest()[:32]
    page = reverse("contacts:onboarding" if kind == "ends" else "contacts:readiness")
    with translation.override(reader.language):
        lines = [
            f"{contact.user.name}: {_step(duty)}" if kind == "ends_for" else _step(duty)
            for contact, duties in steps.items()
            for duty in duties
        ]
    return _about_training(reader, f"{kind}:{key}:{reader.pk}", kind, page, lines=lines)


def _step(duty: Duty) -> str:
    return gettext("%(step)s, by %(day)s") % {"step": duty.words, "day": moments.day(duty.last_date or duty.arose_at)}


def _about_session(session: TrainingSession, enrolments: Iterable[Enrolment], kind: str) -> None:
    page = reverse("contacts:session", args=[session.pk])
    when: dict[str, Any] = {
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "place": session.place,
        "link": session.url,
    }
    Delivery.objects.queue(
        _about_training(row.contact.user, f"session:{row.pk}:{kind}", kind, page, guide=session, **when)
        for row in enrolments
    )


def _about_training(
    reader: User,
    key: str,
    kind: str,
    page: str,
    *,
    guide: Guide | TrainingSession | None = None,
    day: date | None = None,
    **values: Any,
) -> Delivery:
    """One mail in the reader's language. `guide` is what it is about: its title goes into the subject."""
    with translation.override(reader.language):
        title = guide.title if guide else ""
        version = guide.version if isinstance(guide, Guide) else ""
        until = moments.day(day) if day else ""
    return Delivery(
        key=f"training:{key}",
        to=reader.email,
        language=reader.language,
        time_zone=reader.time_zone,
        template="training",
        context={
            "kind": kind,
            "name": reader.name,
            "title": title,
            "version": version,
            "until": until,
            "url": settings.SITE_URL + page,
            **values,
        },
    )


def expiring(contact: Contact, *, last_day: date, days: int) -> None:
    """To the partner's admins. The key is the notice: this last day, so many days ahead, to this reader, once."""
    Delivery.objects.queue(
        Delivery(
            key=f"expiring:{contact.pk}:{last_day}:{days}:{admin.user_id}",
            to=admin.user.email,
            language=admin.user.language,
            time_zone=admin.user.time_zone,
            template="expiring",
            context={
                "name": contact.user.name,
                "own": admin.pk == contact.pk,
                "day": _day(last_day, admin.user),
                "url": settings.SITE_URL + reverse("contacts:detail", args=[contact.pk]),
            },
        )
        for admin in admins_of(contact.partner)
    )


def _day(value: date, reader: User) -> str:
    with translation.override(reader.language):
        return moments.day(value)
