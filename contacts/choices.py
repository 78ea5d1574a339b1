"""What a contact may choose from when filing: one statement for tenants, services and colleagues together."""

from dataclasses import dataclass
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Value
from django.db.models.functions import JSONObject, Now

from contacts.models import Contact, Contract, Partner, Service, Tenant, User


@dataclass(frozen=True)
class Choices:
    """Rows of the own partner. Persons carry their login's name, nothing else of it."""

    tenants: list[Tenant]
    services: list[Service]
    persons: list[Contact]

    @classmethod
    def of(cls, row: Any) -> Self:
        """From the row that `offered_to` gives."""
        return cls(
            tenants=[Tenant(**values) for values in row.offered_tenants],
            services=[Service(**values) for values in row.offered_services],
            persons=[_person(**values) for values in row.offered_persons],
        )


def choices_for(contact: Contact) -> Choices:
    return Choices.of(offered_to(contact).get())


def offered_to(contact: Contact) -> "QuerySet[Partner, Any]":
    """The contact's partner with the granted tenants, the services of the contracts in force today and the other
    contacts in force, each as an array; whoever needs more in the same statement annotates it."""
    tenants = Tenant.objects.filter(partner=OuterRef("pk")).order_by("customer_id")
    if not contact.all_tenants:
        tenants = tenants.filter(pk__in=contact.tenant_ids)
    contracts = Contract.objects.in_force().filter(partner=contact.partner_id)
    services = Service.objects.filter(pk__in=contracts.values("services")).order_by("position")
    if not contact.all_services:
        services = services.filter(pk__in=contact.service_ids)
    in_force = Q(authorized_until_date__isnull=True) | Q(authorized_until_date__gte=Now())
    persons = (
        Contact.objects.standing()
        .filter(in_force, partner=OuterRef("pk"), suspended_at__isnull=True, user__is_active=True)
        .exclude(pk=contact.pk)
        .order_by("user__name")
    )
    if contact.direct_support_id:
        persons = persons.filter(direct_support=contact.direct_support_id)  # an end-customer sees the own people only
    return Partner.objects.filter(pk=contact.partner_id).annotate(
        offered_tenants=ArraySubquery(
            tenants.values(json=JSONObject(id="id", customer_id="customer_id", name="name", partner_id="partner_id"))
        ),
        offered_services=ArraySubquery(services.values(json=JSONObject(id="id", code="code", name="name"))),
        offered_persons=ArraySubquery(
            persons.values(json=JSONObject(id="id", partner_id=Value(contact.partner_id), name="user__name"))
        ),
    )


def _person(*, id: int, partner_id: int, name: str) -> Contact:
    return Contact(id=id, partner_id=partner_id, user=User(name=name))
