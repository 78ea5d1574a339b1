"""Partners with their tenants, contracts and covering documents; services and service levels."""

from django.contrib import admin
from django.db import models

from contacts.forms import ZoneForm
from contacts.models import Contract, CoveringDocument, Demand, DirectSupport, Partner, Service, ServiceLevel, Tenant
from contacts.readiness import Step


class TenantInline(admin.TabularInline[Tenant, Partner]):
    model = Tenant
    extra = 0


class ContractInline(admin.StackedInline[Contract, Partner]):
    model = Contract
    extra = 0
    filter_horizontal = ("services",)


class CoveringDocumentInline(admin.TabularInline[CoveringDocument, Partner]):
    model = CoveringDocument
    extra = 0


class DemandInline(admin.TabularInline[Demand, Partner]):
    """What closes new tickets to this partner's contacts; nothing without rows (guide, 2.3 and 2.6)."""

    model = Demand
    extra = 0
    max_num = len(Step)


@admin.register(Partner)
class PartnerAdmin(admin.ModelAdmin[Partner]):
    form = ZoneForm
    list_display = ("name", "customer_id", "partner_manager", "helpdesk_included")
    list_select_related = ("partner_manager",)
    list_filter = ("helpdesk_included", "contracts__service_level")
    search_fields = ("name", "customer_id")
    ordering = ("name",)
    autocomplete_fields = ("partner_manager",)
    inlines = (TenantInline, ContractInline, CoveringDocumentInline, DemandInline)


class DirectSupportInline(admin.StackedInline[DirectSupport, Tenant]):
    """Only under such an agreement may an end-customer be named as contact. Ended by its last day, never deleted."""

    model = DirectSupport
    extra = 0
    can_delete = False


@admin.register(Tenant)
class TenantAdmin(admin.ModelAdmin[Tenant]):
    inlines = (DirectSupportInline,)
    list_display = ("customer_id", "name", "partner")
    list_select_related = ("partner",)
    list_filter = (("partner", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("customer_id", "name", "partner__name", "partner__customer_id")
    ordering = ("customer_id",)
    autocomplete_fields = ("partner",)


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin[Service]):
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ("name", "code", "position")
    search_fields = ("name", "code")
    ordering = ("position",)


@admin.register(ServiceLevel)
class ServiceLevelAdmin(admin.ModelAdmin[ServiceLevel]):
    list_display = ("name", "code")
    search_fields = ("name", "code")
    ordering = ("name",)


@admin.register(Contract)
class ContractAdmin(admin.ModelAdmin[Contract]):
    list_display = ("reference", "partner", "service_level", "valid_from_date", "valid_until_date")
    list_select_related = ("partner", "service_level")
    list_filter = ("service_level", "services", ("partner", admin.RelatedOnlyFieldListFilter))
    search_fields = ("reference", "partner__name", "partner__customer_id")
    ordering = ("partner__name", "reference")
    autocomplete_fields = ("partner",)
    filter_horizontal = ("services",)
