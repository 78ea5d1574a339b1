"""What an agent types into the search box: a number, a customer ID, or words."""

import re

from django.db.models import Exists, OuterRef, Value

from contacts.models import Partner, Tenant
from tickets import numbers
from tickets.models import Ticket, TicketQuerySet

CUSTOMER_ID = re.compile(r"\d{4,12}(RS)?", re.IGNORECASE)


def find(tickets: TicketQuerySet, text: str) -> TicketQuerySet:
    """A ticket by its number, a partner's or tenant's by the customer ID, else by words, internal notes included."""
    number = numbers.parse(text)
    if number is not None and number >= numbers.FIRST:
        return tickets.filter(pk=number)
    if CUSTOMER_ID.fullmatch(text):
        return _of_customer(tickets, text.upper())
    return tickets.search(text, notes=True)


def _of_customer(tickets: TicketQuerySet, customer_id: str) -> TicketQuerySet:
    """Looked up first: of a known key Postgres finds the tickets by an index, of a joined one it reads them all."""
    partner = Partner.objects.filter(customer_id=customer_id).values_list(Value("partner"), "pk")
    tenant = Tenant.objects.filter(customer_id=customer_id).values_list(Value("tenant"), "pk")
    found = dict(partner.union(tenant))
    if "partner" in found:
        return tickets.filter(partner=found["partner"])
    if "tenant" in found:
        of_tenant = Ticket.tenants.through.objects.filter(ticket_id=OuterRef("pk"), tenant_id=found["tenant"])
        return tickets.filter(Exists(of_tenant))
    return tickets.search(customer_id, notes=True)
