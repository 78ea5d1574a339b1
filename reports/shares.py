"""The month's tickets divided: by type, priority, service, tenant, and for the vendor by partner."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from reports.figure import Figure
from reports.statement import Block
from tickets.priority import Priority
from tickets.requirements import TicketType


class Kind(TextChoices):
    TYPE = "type", _("Type")
    PRIORITY = "priority", _("Priority")
    SERVICE = "service", _("Service")
    TENANT = "tenant", _("Tenant")
    PARTNER = "partner", _("Partner")


FIGURES = {
    Kind.TYPE.value: Figure(_("By type"), _("What the ticket was opened as.")),
    Kind.PRIORITY.value: Figure(_("By priority"), _("The priority the ticket has now, or had when it was settled.")),
    Kind.SERVICE.value: Figure(
        _("By service"),
        _("A ticket about two services counts for each of them, so the rows may sum up to more than all."),
    ),
    Kind.TENANT.value: Figure(
        _("By tenant"),
        _("A ticket about two tenants counts for each of them, so the rows may sum up to more than all."),
    ),
    Kind.PARTNER.value: Figure(
        _("By partner"), _("Partners with a ticket in this month or the one before, or with an open one.")
    ),
}
UNNAMED = {Kind.SERVICE: _("No service named"), Kind.TENANT: _("No tenant named")}

# The same range of tickets as in the flow, from the month before on, and the same counts; each ticket once for every
# row it belongs to. Names are looked up after counting.
SHARES = Block(
    "shares",
    """
    WITH touched AS MATERIALIZED (
        SELECT id, partner_id, type, priority, opened_at, settled_at FROM visible
        WHERE settled_at >= %(before)s AND opened_at < %(end)s
        UNION ALL
        SELECT id, partner_id, type, priority, opened_at, settled_at FROM visible
        WHERE settled_at IS NULL AND opened_at < %(end)s
    ), placed AS (
        SELECT 'type' AS kind, type AS key, opened_at, settled_at FROM touched
        UNION ALL
        SELECT 'priority', priority::text, opened_at, settled_at FROM touched
        UNION ALL
        SELECT 'service', service_id::text, opened_at, settled_at
        FROM touched LEFT JOIN tickets_ticket_services ON ticket_id = touched.id
        UNION ALL
        SELECT 'tenant', tenant_id::text, opened_at, settled_at
        FROM touched LEFT JOIN tickets_ticket_tenants ON ticket_id = touched.id
        UNION ALL
        SELECT 'partner', partner_id::text, opened_at, settled_at FROM touched
    ), counted AS (
        SELECT kind, key,
               count(*) FILTER (WHERE opened_at >= %(start)s) AS opened,
               count(*) FILTER (WHERE opened_at >= %(before)s AND opened_at < %(start)s) AS opened_before,
               count(*) FILTER (WHERE settled_at >= %(start)s AND settled_at < %(end)s) AS settled,
               count(*) FILTER (WHERE settled_at >= %(end)s OR settled_at IS NULL) AS open_at_end
        FROM placed GROUP BY kind, key
    )
    SELECT kind, opened, opened_before, settled, open_at_end, coalesce(service.position, 32767) AS place,
           coalesce(service.code, tenant.customer_id, partner.customer_id, key, '') AS key,
           coalesce(service.name, tenant.customer_id || ' ' || tenant.name,
                    partner.name || ' (' || partner.customer_id || ')', '') AS label
    FROM counted
    LEFT JOIN contacts_service service ON kind = 'service' AND service.id::text = key
    LEFT JOIN contacts_tenant tenant ON kind = 'tenant' AND tenant.id::text = key
    LEFT JOIN contacts_partner partner ON kind = 'partner' AND partner.id::text = key
    """,
)


@dataclass(frozen=True)
class Share:
    """`key` names the row in a link: type, priority, service code, customer ID; empty for tickets that name none."""

    key: str
    label: str
    opened: int = 0
    opened_before: int = 0
    settled: int = 0
    open_at_end: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.opened or self.opened_before or self.settled or self.open_at_end)


def shares(rows: list[dict[str, Any]], kind: Kind) -> tuple[Share, ...]:
    """Types, priorities and services in their own order; tenants and partners with the most opened tickets first.

    All types and priorities; of the others those with a figure.
    """
    found = {row["key"]: row for row in rows if row["kind"] == kind}
    if kind in (Kind.TYPE, Kind.PRIORITY):
        return tuple(_share(found.get(key, {}), key, label) for key, label in fixed(kind))
    ordered = sorted(found.values(), key=lambda row: row["place"])
    named = [_share(row, row["key"], row["label"] or str(UNNAMED[kind])) for row in ordered]
    if kind != Kind.SERVICE:
        named.sort(key=lambda share: (-share.opened, -share.open_at_end, share.label))
    return tuple(share for share in named if not share.is_empty)


def fixed(kind: Kind) -> Iterable[tuple[str, str]]:
    """Key and label of all types, or of all priorities."""
    choices = TicketType.choices if kind == Kind.TYPE else Priority.choices
    return ((str(key), str(label)) for key, label in choices)


def _share(row: dict[str, Any], key: str, label: str) -> Share:
    names = ("opened", "opened_before", "settled", "open_at_end")
    return Share(key, label, **{name: row.get(name, 0) for name in names})
