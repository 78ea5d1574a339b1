"""The two tables stay as they are; only Django learns that a tenant or a service on a ticket must not be deleted."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_services"), ("tickets", "0004_settled_index")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="TicketService",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("service", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contacts.service")),
                        ("ticket", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket")),
                    ],
                    options={
                        "db_table": "tickets_ticket_services",
                        "default_permissions": (),
                        "unique_together": {("ticket", "service")},
                    },
                ),
                migrations.AlterField(
                    model_name="ticket",
                    name="services",
                    field=models.ManyToManyField(through="tickets.TicketService", to="contacts.service", verbose_name="services"),
                ),
                migrations.CreateModel(
                    name="TicketTenant",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("tenant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contacts.tenant")),
                        ("ticket", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket")),
                    ],
                    options={
                        "db_table": "tickets_ticket_tenants",
                        "default_permissions": (),
                        "unique_together": {("ticket", "tenant")},
                    },
                ),
                migrations.AlterField(
                    model_name="ticket",
                    name="tenants",
                    field=models.ManyToManyField(through="tickets.TicketTenant", to="contacts.tenant", verbose_name="tenants"),
                ),
            ]
        )
    ]
