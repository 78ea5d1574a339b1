"""The one small cast of all tests.

Alice and Bob work for Alpine (73125; tenants 12345RS and 23456RS): alice is a member for 12345RS only, bob for all.
Anna administers Alpine's contacts, Max manages. Mallory works for another partner. Carol answers at the vendor's
3rd level, Lea leads it, Victor manages.
"""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import Group

from contacts.licence import ROLES, Ceiling, Level, Role
from contacts.models import Contact, Contract, Partner, Service, ServiceLevel, Tenant, User
from tickets.notifications import AGENTS, LEADS, MANAGERS

SINCE = date(2020, 1, 1)


@dataclass(frozen=True)
class Cast:
    alpine: Partner
    rs1: Tenant
    rs2: Tenant
    other: Partner
    other_tenant: Tenant
    email_security: Service
    transactional_email: Service
    cloud_fax: Service
    alice: User
    bob: User
    anna: User
    max: User
    mallory: User
    carol: User
    lea: User
    victor: User

    @property
    def partners_people(self) -> dict[str, User]:
        return {"alice": self.alice, "bob": self.bob, "anna": self.anna, "max": self.max, "mallory": self.mallory}

    @property
    def staff(self) -> dict[str, User]:
        return {"carol": self.carol, "lea": self.lea, "victor": self.victor}


def assemble() -> Cast:
    """Rows for the whole cast, in a database that has been migrated and holds nothing else."""
    services = {service.code: service for service in Service.objects.all()}
    alpine = Partner.objects.create(name="Alpine Mail GmbH", customer_id="73125", mail_domains=["alpine.example"])
    other = Partner.objects.create(name="Other Ltd", customer_id="99999", mail_domains=["other.example"])
    for partner in (alpine, other):
        contract = Contract.objects.create(
            partner=partner,
            reference=f"C-{partner.customer_id}",
            service_level=ServiceLevel.objects.get(code="standard"),
            valid_from_date=SINCE,
        )
        contract.services.set([services["email-security"], services["transactional-email"]])
    rs1 = Tenant.objects.create(partner=alpine, customer_id="12345RS", name="Bergbahn")
    rs2 = Tenant.objects.create(partner=alpine, customer_id="23456RS", name="Seilbahn")
    other_tenant = Tenant.objects.create(partner=other, customer_id="88888RS", name="Harbour")
    return Cast(
        alpine=alpine,
        rs1=rs1,
        rs2=rs2,
        other=other,
        other_tenant=other_tenant,
        email_security=services["email-security"],
        transactional_email=services["transactional-email"],
        cloud_fax=services["cloud-fax"],
        alice=contact("Alice", alpine, tenants=[rs1]),
        bob=contact("Bob", alpine, level=Level.L2),
        anna=contact("Anna", alpine, role=Role.ADMIN, level=Level.L2),
        max=contact("Max", alpine, role=Role.MANAGER),
        mallory=contact("Mallory", other, role=Role.ADMIN),
        carol=staff("Carol", AGENTS),
        lea=staff("Lea", LEADS),
        victor=staff("Victor", MANAGERS),
    )


def contact(
    name: str,
    partner: Partner,
    *,
    role: Role = Role.MEMBER,
    level: Level = Level.L1,
    tenants: list[Tenant] | None = None,
    services: list[Service] | None = None,
    highest_priority: int = Ceiling.P1,
) -> User:
    """A login with a contact in force; for all tenants and services unless some are named."""
    user = User(email=f"{name.lower()}@{partner.mail_domains[0]}", name=name)
    user.set_unusable_password()
    user.save()
    row = Contact.objects.create(
        user=user,
        partner=partner,
        rights=sorted(ROLES[role]),
        highest_priority=highest_priority,
        level=level,
        phone="+498955280000",
        all_tenants=tenants is None,
        all_services=services is None,
        authorized_from_date=SINCE,
    )
    row.tenants.set(tenants or [])
    row.services.set(services or [])
    return user


def staff(name: str, group: str) -> User:
    user = User(email=f"{name.lower()}@desk.example", name=name, is_staff=True)
    user.set_unusable_password()
    user.save()
    user.groups.add(Group.objects.get(name=group))
    return user
