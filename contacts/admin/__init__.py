"""Whom we serve, as the vendor's staff keep it."""

from contacts.admin.contacts import ContactAdmin
from contacts.admin.logins import UserAdmin
from contacts.admin.partners import (
    ContractAdmin,
    PartnerAdmin,
    ServiceAdmin,
    ServiceLevelAdmin,
    TenantAdmin,
)

__all__ = [
    "ContactAdmin",
    "ContractAdmin",
    "PartnerAdmin",
    "ServiceAdmin",
    "ServiceLevelAdmin",
    "TenantAdmin",
    "UserAdmin",
]
