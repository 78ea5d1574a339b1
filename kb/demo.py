"""Announcements of the demo: one maintenance that is under way, one that is planned, and what was before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contacts.models import Service, User
from kb.models import Announcement
from kb.models.announcements import Kind


@dataclass(frozen=True)
class Notice:
    """`title` and `body` in English and German; `hours` from now to its beginning, end and publication."""

    kind: Kind
    service: str
    title: tuple[str, str]
    body: tuple[str, str]
    hours: tuple[int, int, int]


NOTICES = (
    Notice(
        Kind.MAINTENANCE,
        "email-security",
        ("Maintenance of the quarantine in DE2", "Wartung der Quarantäne in DE2"),
        (
            "Searching and releasing mail in the quarantine may take a minute longer. "
            "Mail is filtered and delivered as always.",
            "Suche und Freigabe in der Quarantäne können eine Minute länger dauern. "
            "E-Mails werden wie gewohnt gefiltert und zugestellt.",
        ),
        hours=(-1, 7, -120),
    ),
    Notice(
        Kind.MAINTENANCE,
        "edi",
        ("New certificates for the AS2 gateways", "Neue Zertifikate für die AS2-Gateways"),
        (
            "Connections are interrupted for up to five minutes. Partners who pin our certificate find the new one "
            "in EAS.",
            "Verbindungen werden bis zu fünf Minuten unterbrochen. Partner, die unser Zertifikat fest hinterlegt "
            "haben, finden das neue in EAS.",
        ),
        hours=(9 * 24, 9 * 24 + 2, -30),
    ),
    Notice(
        Kind.STATUS,
        "email-security",
        ("Delays in inbound mail, DE1", "Verzögerungen bei eingehenden E-Mails, DE1"),
        (
            "Two nodes of the sandboxing had failed. Mail was late by up to forty minutes, none was lost.",
            "Zwei Knoten des Sandboxings waren ausgefallen. E-Mails kamen bis zu vierzig Minuten später an, "
            "verloren ging keine.",
        ),
        hours=(-12 * 24, -12 * 24 + 3, -12 * 24),
    ),
    Notice(
        Kind.UPDATE,
        "transactional-email",
        (
            "Transactional Email names the reason of a suppression",
            "Transactional Email nennt den Grund einer Sperre",
        ),
        (
            "The UDR has a new column. It says which bounce has put an address on the suppression list, and until "
            "when the entry lasts.",
            "Der UDR hat eine neue Spalte. Sie sagt, welcher Bounce eine Adresse auf die Suppression List gebracht "
            "hat und bis wann der Eintrag gilt.",
        ),
        hours=(-20 * 24, 40 * 24, -20 * 24),
    ),
)


def announce(by: User, now: datetime) -> None:
    """Enter all of them in the name of `by`."""
    services = {service.code: service for service in Service.objects.all()}
    for notice in NOTICES:
        starts_at, ends_at, published_at = (now + timedelta(hours=hours) for hours in notice.hours)
        row = Announcement.objects.create(
            kind=notice.kind,
            title_en=notice.title[0],
            title_de=notice.title[1],
            body_en=notice.body[0],
            body_de=notice.body[1],
            starts_at=starts_at,
            ends_at=ends_at,
            published_at=published_at,
            entered_by=by,
        )
        row.services.set([services[notice.service]])
