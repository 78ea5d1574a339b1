"""Whom we serve: logins, partners with their tenants and contracts, and the persons named as authorized contacts."""

from contacts.models.contacts import Contact, ContactQuerySet, granted
from contacts.models.events import ContactEvent, ContactEventQuerySet, Deed
from contacts.models.guides import Acknowledgement, Guide, GuidePoint
from contacts.models.invitations import Invitation, InvitationQuerySet
from contacts.models.logins import Session, User, UserManager
from contacts.models.partners import CoveringDocument, Partner, PartnerQuerySet
from contacts.models.services import Contract, ContractQuerySet, Service, ServiceLevel, ServiceQuerySet
from contacts.models.tenants import DirectSupport, DirectSupportQuerySet, Tenant, TenantQuerySet
from contacts.models.training import Demand, Enrolment, GraceNotice, TrainingSession

__all__ = [
    "Acknowledgement",
    "Contact",
    "ContactEvent",
    "ContactEventQuerySet",
    "ContactQuerySet",
    "Contract",
    "ContractQuerySet",
    "CoveringDocument",
    "Deed",
    "Demand",
    "DirectSupport",
    "DirectSupportQuerySet",
    "Enrolment",
    "GraceNotice",
    "Guide",
    "GuidePoint",
    "Invitation",
    "InvitationQuerySet",
    "Partner",
    "PartnerQuerySet",
    "Service",
    "ServiceLevel",
    "ServiceQuerySet",
    "Session",
    "Tenant",
    "TenantQuerySet",
    "TrainingSession",
    "User",
    "UserManager",
    "granted",
]
