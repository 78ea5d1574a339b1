"""Two hundred partners with what the tickets need of them, and the temporary table that the SQL looks them up in."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import connection

from contacts.licence import ROLES, Ceiling, Level, Role
from contacts.models import Contact, Contract, Partner, Service, ServiceLevel, Tenant, User
from tickets.bench.known import AGENT, MANAGER, PASSWORD
from tickets.notifications import AGENTS, LEADS, MANAGERS

PARTNERS = 200
AGENT_COUNT = 40
SINCE = timedelta(days=5 * 365)

#: `tenants` and `openers` are arrays of keys; a third contact of each partner sees one tenant only and files nothing.
LOOKUP = """
    CREATE TEMPORARY TABLE bench_partner AS
    SELECT row_number() OVER (ORDER BY p.id) - 1 AS n, p.id AS partner_id,
           (SELECT service_level_id FROM contacts_contract c WHERE c.partner_id = p.id LIMIT 1) AS service_level_id,
           (SELECT array_agg(t.id ORDER BY t.id) FROM contacts_tenant t WHERE t.partner_id = p.id) AS tenants,
           (SELECT array_agg(c.id ORDER BY c.id) FROM contacts_contact c WHERE c.partner_id = p.id AND c.all_tenants)
               AS openers,
           (SELECT array_agg(c.user_id ORDER BY c.id) FROM contacts_contact c
            WHERE c.partner_id = p.id AND c.all_tenants) AS users
    FROM contacts_partner p;
    CREATE TEMPORARY TABLE bench_agent AS
    SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM contacts_user WHERE is_staff;
    ANALYZE bench_partner;
    ANALYZE bench_agent;
"""


def store(today: date) -> None:
    """Logins are `agent0@desk.example` and so on, `lead@…`, `manager@…`, and `first0@p0.example` and so on."""
    password = make_password(PASSWORD)
    _staff(password)
    partners = Partner.objects.bulk_create(
        Partner(name=f"Partner {n:03}", customer_id=str(200_000 + n), mail_domains=[f"p{n}.example"])
        for n in range(PARTNERS)
    )
    _contracts(partners, today - SINCE)
    tenants = Tenant.objects.bulk_create(
        Tenant(partner=partner, customer_id=f"{300_000 + 20 * n + m}RS", name=f"Tenant {n}-{m}")
        for n, partner in enumerate(partners)
        for m in range(3 + n % 8)
    )
    _contacts(partners, tenants, password, today - SINCE)
    with connection.cursor() as cursor:
        cursor.execute(LOOKUP)


def _staff(password: str) -> None:
    names = {AGENT.replace("0", str(n)): AGENTS for n in range(AGENT_COUNT)}
    names |= {"lead@desk.example": LEADS, MANAGER: MANAGERS}
    groups = {group.name: group for group in Group.objects.filter(name__in=(AGENTS, LEADS, MANAGERS))}
    users = User.objects.bulk_create(
        User(email=email, name=email.partition("@")[0].title(), is_staff=True, password=password) for email in names
    )
    User.groups.through.objects.bulk_create(
        User.groups.through(user=user, group=groups[names[user.email]]) for user in users
    )


def _contracts(partners: Sequence[Partner], since: date) -> None:
    levels = list(ServiceLevel.objects.order_by("pk"))
    contracts = Contract.objects.bulk_create(
        Contract(partner=partner, reference="bench", service_level=levels[n % len(levels)], valid_from_date=since)
        for n, partner in enumerate(partners)
    )
    services = list(Service.objects.all())
    Contract.services.through.objects.bulk_create(
        Contract.services.through(contract=contract, service=service) for contract in contracts for service in services
    )


def _contacts(partners: Sequence[Partner], tenants: Sequence[Tenant], password: str, since: date) -> None:
    roles = {"first": Role.ADMIN, "second": Role.MEMBER, "third": Role.MEMBER}
    users = User.objects.bulk_create(
        User(email=f"{name}{n}@p{n}.example", name=f"{name.title()} {n}", password=password)
        for n in range(len(partners))
        for name in roles
    )
    contacts = Contact.objects.bulk_create(
        Contact(
            user=user,
            partner=partners[place // len(roles)],
            phone="+46846500402",
            level=Level.L2,
            rights=sorted(ROLES[list(roles.values())[place % len(roles)]]),
            highest_priority=Ceiling.P1,
            all_tenants=place % len(roles) != 2,
            authorized_from_date=since,
        )
        for place, user in enumerate(users)
    )
    first = {tenant.partner_id: tenant for tenant in reversed(tenants)}
    Contact.tenants.through.objects.bulk_create(
        Contact.tenants.through(contact=contact, tenant=first[contact.partner_id])
        for contact in contacts
        if not contact.all_tenants
    )
