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
from contacts.admin.training import AcknowledgementAdmin, EnrolmentAdmin, GuideAdmin, TrainingSessionAdmin

__all__ = [
    "AcknowledgementAdmin",
    "ContactAdmin",
    "ContractAdmin",
    "EnrolmentAdmin",
    "GuideAdmin",
    "PartnerAdmin",
    "ServiceAdmin",
    "ServiceLevelAdmin",
    "TenantAdmin",
    "TrainingSessionAdmin",
    "UserAdmin",
]
