"""What a ticket is about. A tenant or a service that stands on a ticket cannot be deleted from under it."""

from django.db import models

from contacts.models import Service, Tenant


class TicketTenant(models.Model):
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="+")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+")

    class Meta:
        db_table = "tickets_ticket_tenants"
        default_permissions = ()
        unique_together = [("ticket", "tenant")]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.tenant_id}"


class TicketService(models.Model):
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")

    class Meta:
        db_table = "tickets_ticket_services"
        default_permissions = ()
        unique_together = [("ticket", "service")]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.service_id}"
