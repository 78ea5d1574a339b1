"""The demo's cast: two partners with what they bought, their contacts, and the vendor's desk.

The first partner is the guide's own example (section 4). Every address ends in .example, which no real one does, and
every telephone number is one that the authorities keep free for films.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from contacts.licence import ROLES, Ceiling, Level, Role
from contacts.models import (
    Acknowledgement,
    Contact,
    Contract,
    CoveringDocument,
    Demand,
    Enrolment,
    Guide,
    Partner,
    Service,
    ServiceLevel,
    Tenant,
    TrainingSession,
    User,
)
from contacts.readiness import Step

PASSWORD = "brisk-fjord-42"  # noqa: S105  # published on purpose; settings keep the demo out of production

#: What each login is for, in the order in which they are told.
LOGINS: Mapping[str, str] = {
    "l1@alpine.example": "Alpine, 1st level, only tenant 12345RS",
    "l2@alpine.example": "Alpine, 2nd level, all tenants",
    "admin@alpine.example": "Alpine, partner admin",
    "manager@alpine.example": "Alpine, manager: reads reports",
    "l2@nordwind.example": "Nordwind, 2nd level and partner admin",
    "agent@desk.example": "Retarus, 3rd-level agent",
    "lead@desk.example": "Retarus, 3rd-level lead",
    "manager@desk.example": "Retarus, manager: reads reports",
}


@dataclass(frozen=True)
class Desk:
    """The vendor's staff."""

    agent: User
    lead: User
    manager: User


@dataclass(frozen=True)
class Alpine:
    """The guide's example partner. `bergbahn` is 12345RS, `hotels` is 23456RS."""

    partner: Partner
    bergbahn: Tenant
    hotels: Tenant
    l1: Contact
    l2: Contact
    admin: Contact
    manager: Contact


@dataclass(frozen=True)
class Nordwind:
    partner: Partner
    insurance: Tenant
    shipping: Tenant
    retail: Tenant
    l2: Contact


@dataclass(frozen=True)
class People:
    alpine: Alpine
    nordwind: Nordwind
    desk: Desk


def is_there() -> bool:
    return User.objects.filter(email__in=LOGINS).exists()


def logins() -> str:
    """The logins that exist and their password, as a text to print; empty without a demo."""
    found = set(User.objects.filter(email__in=LOGINS).values_list("email", flat=True))
    lines = [f"  {email:24} {purpose}" for email, purpose in LOGINS.items() if email in found]
    return "\n".join([f"Demo logins, all with the password {PASSWORD}", *lines]) if lines else ""


def assemble(today: date, *, agents: str, leads: str, managers: str) -> People:
    """Rows for everybody. The last three are names of groups, which a migration has made.

    Contracts and contacts begin more than three years before `today`, so every ticket of the demo lies within them.
    """
    password = make_password(PASSWORD)  # one hash for all: hashing is made to be slow
    since = today.replace(month=1, day=1) - timedelta(days=3 * 365)
    desk = Desk(
        agent=_staff("agent@desk.example", "Aisha Grant", "en", agents, password),
        lead=_staff("lead@desk.example", "Jonas Keller", "de", leads, password),
        manager=_staff("manager@desk.example", "Clara Simon", "en", managers, password),
    )
    return People(_alpine(since, desk, password), _nordwind(since, desk, password), desk)


def _alpine(since: date, desk: Desk, password: str) -> Alpine:
    partner = Partner.objects.create(
        name="Alpine Mail GmbH",
        customer_id="73125",
        mail_domains=["alpine.example"],
        languages=["de", "en"],
        time_zone="Europe/Berlin",
        partner_manager=desk.manager,
        helpdesk_included=True,
    )
    _contract(partner, "PA-73125-1", "extended", ["email-security", "transactional-email"], since)
    _contract(partner, "PA-73125-2", "standard", ["cloud-fax", "sms"], since)
    _documents(partner, "PA-73125", since)
    bergbahn = Tenant.objects.create(partner=partner, customer_id="12345RS", name="Bergbahn Hochwald AG")
    hotels = Tenant.objects.create(partner=partner, customer_id="23456RS", name="Sonnspitz Hotels KG")
    add = _Adding(partner, since, password, numbers=iter(f"+4989999981{end:02}" for end in range(1, 5)), language="de")
    return Alpine(
        partner=partner,
        bergbahn=bergbahn,
        hotels=hotels,
        l1=add.contact("l1@alpine.example", "Lena Brandt", Role.MEMBER, Level.L1, [bergbahn]),
        l2=add.contact("l2@alpine.example", "Lukas Moser", Role.MEMBER, Level.L2),
        admin=add.contact("admin@alpine.example", "Andrea Pichler", Role.ADMIN, Level.L2),
        manager=add.contact("manager@alpine.example", "Martin Egger", Role.MANAGER, Level.L2),
    )


def _nordwind(since: date, desk: Desk, password: str) -> Nordwind:
    partner = Partner.objects.create(
        name="Nordwind Digital AB",
        customer_id="84210",
        mail_domains=["nordwind.example"],
        languages=["en"],
        time_zone="Europe/Stockholm",
        partner_manager=desk.manager,
    )
    ended = since + timedelta(days=364)
    _contract(partner, "PA-84210-A", "standard", ["email-security"], since, ended)
    services = ["email-security", "transactional-email", "sms", "edi"]
    _contract(partner, "PA-84210-B", "standard", services, ended + timedelta(days=1))
    _documents(partner, "PA-84210", since)
    insurance = Tenant.objects.create(partner=partner, customer_id="34567RS", name="Havsvik Insurance")
    shipping = Tenant.objects.create(partner=partner, customer_id="45678RS", name="Leden Shipping")
    retail = Tenant.objects.create(partner=partner, customer_id="56789RS", name="Mossfors Retail")
    add = _Adding(partner, since, password, numbers=iter(["+46846500401"]), language="en")
    l2 = add.contact("l2@nordwind.example", "Nora Lind", Role.ADMIN, Level.L2)
    return Nordwind(partner=partner, insurance=insurance, shipping=shipping, retail=retail, l2=l2)


@dataclass
class _Adding:
    """What the contacts of one partner share."""

    partner: Partner
    since: date
    password: str
    numbers: Iterator[str]
    language: str

    def contact(self, email: str, name: str, role: Role, level: Level, tenants: Iterable[Tenant] = ()) -> Contact:
        """For all tenants unless some are named."""
        zone = self.partner.time_zone
        user = User.objects.create(
            email=email, name=name, language=self.language, time_zone=zone, password=self.password
        )
        row = Contact.objects.create(
            user=user,
            partner=self.partner,
            phone=next(self.numbers),
            rights=sorted(ROLES[role]),
            highest_priority=Ceiling.P1,
            level=level,
            all_tenants=not tenants,
            authorized_from_date=self.since,
        )
        row.tenants.set(tenants)
        return row


def _staff(email: str, name: str, language: str, group: str, password: str) -> User:
    user = User.objects.create(email=email, name=name, language=language, is_staff=True, password=password)
    user.groups.add(Group.objects.get(name=group))
    return user


def _contract(
    partner: Partner, reference: str, level: str, services: list[str], since: date, until: date | None = None
) -> None:
    contract = Contract.objects.create(
        partner=partner,
        reference=reference,
        service_level=ServiceLevel.objects.get(code=level),
        valid_from_date=since,
        valid_until_date=until,
    )
    contract.services.set(Service.objects.filter(code__in=services))


def _documents(partner: Partner, reference: str, since: date) -> None:
    """The guide's four rows (section 3, covering documents)."""
    covers, owner = CoveringDocument.Covers, CoveringDocument.Owner
    agreement = "Partner Agreement / Master Service Agreement"
    rows = [
        (covers.LEVEL_1, agreement, f"{reference}, annex 1", owner.PARTNER),
        (covers.LEVEL_2, agreement, f"{reference}, annex 1", owner.PARTNER),
        (covers.LEVEL_3, agreement, f"{reference}, annex 2", owner.VENDOR),
        (covers.STATUS, "Retarus status page", "", owner.VENDOR),
    ]
    CoveringDocument.objects.bulk_create(
        CoveringDocument(partner=partner, covers=row, title=title, reference=place, owner=owns, valid_from_date=since)
        for row, title, place, owns in rows
    )


def train(people: People, now: datetime) -> None:
    """Everybody has confirmed everything but Lena, whose partner asks for the processes within thirty days; one
    webinar is over, with who was there, and one is ahead."""
    alpine, nordwind, agent = people.alpine, people.nordwind, people.desk.agent
    Demand.objects.create(partner=alpine.partner, step=Step.PROCESSES, grace_days=30, since_at=now)
    everybody = [alpine.l1, alpine.l2, alpine.admin, alpine.manager, nordwind.l2]
    for guide in Guide.objects.in_force():
        known = everybody[1:] if guide.kind == Step.PROCESSES else everybody
        confirmed_at = max(now - timedelta(days=40), guide.published_at or now)
        Acknowledgement.objects.bulk_create(
            Acknowledgement(contact=contact, guide=guide, acknowledged_at=confirmed_at) for contact in known
        )
    past = _session(
        now - timedelta(days=35), "Onboarding: how we work together", "Einarbeitung: So arbeiten wir zusammen"
    )
    ahead = _session(now + timedelta(days=8), "Reading bounces and logs", "Bounces und Protokolle lesen")
    _seat(past, [alpine.l2, alpine.admin, nordwind.l2], agent, past.starts_at - timedelta(days=9))
    _seat(ahead, [alpine.l2], alpine.l2.user, now - timedelta(days=2))
    Enrolment.objects.filter(session=past).update(
        attendance=Enrolment.Attendance.ATTENDED, recorded_at=past.ends_at, recorded_by=agent
    )


def _session(starts_at: datetime, english: str, german: str) -> TrainingSession:
    begins = starts_at.replace(hour=9, minute=0, second=0, microsecond=0)
    return TrainingSession.objects.create(
        title_en=english,
        title_de=german,
        text_en="An hour with the 3rd level, with time for questions.",
        text_de="Eine Stunde mit dem 3rd Level, mit Zeit für Fragen.",
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
        seats=12,
        url="https://webinar.desk.example/",
    )


def _seat(session: TrainingSession, contacts: Sequence[Contact], by: User, at: datetime) -> None:
    Enrolment.objects.bulk_create(
        Enrolment(session=session, contact=contact, enrolled_at=at, enrolled_by=by, seated_at=at)
        for contact in contacts
    )
    session.taken = len(contacts)
    session.save(update_fields=["taken"])
