"""The tables beside the tickets: response targets, which leads edit, and escalations, which nobody edits."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import DurationField, Form, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contacts.bilingual import language
from contacts.moments import span
from tickets.admin.paging import CappedPaginator
from tickets.admin.staff import agent
from tickets.models import Escalation, Requirement, ResponseTarget
from tickets.requirements import Item

#: Beyond it the due moment of a new ticket runs out of the calendar, and none can be filed.
LONGEST = timedelta(days=3650)
DAYS = DurationField.default_error_messages["overflow"]

ALWAYS = (Item.DESCRIPTION, Item.IMPACT, Item.URGENCY)


class TargetForm(ModelForm[ResponseTarget]):
    def clean(self) -> None:
        """What the database refuses, said in words."""
        respond, resolve = (self.cleaned_data.get(name) for name in ("respond_within", "resolve_within"))
        if respond is not None and respond <= timedelta(0):
            self.add_error("respond_within", _("Nobody can answer in no time."))
        elif resolve is not None and resolve > LONGEST:
            self.add_error("resolve_within", DAYS.format(min_days=0, max_days=LONGEST.days))
        elif respond is not None and resolve is not None and resolve < respond:
            self.add_error("resolve_within", _("A solution cannot be due before the answer."))


@admin.register(ResponseTarget)
class ResponseTargetAdmin(admin.ModelAdmin[ResponseTarget]):
    """A changed target counts for tickets that are opened or reprioritised from then on."""

    form = TargetForm
    list_display = ["service_level", "priority", "respond", "resolve", "is_default"]
    list_display_links = ["service_level", "priority"]
    list_filter = ["service_level"]
    list_select_related = ["service_level"]
    ordering = ["service_level__name", "priority"]
    fields = ["service_level", "priority", "respond_within", "resolve_within", "is_default"]

    @admin.display(description=_("respond within"), ordering="respond_within")
    def respond(self, target: ResponseTarget) -> str:
        return span(target.respond_within)

    @admin.display(description=_("resolve within"), ordering="resolve_within")
    def resolve(self, target: ResponseTarget) -> str:
        return span(target.resolve_within)


@admin.register(Requirement)
class RequirementAdmin(admin.ModelAdmin[Requirement]):
    """The cells change, the items are code: none is added and none taken away. The history names both values."""

    list_display = ["item", "type", "necessary", "section", "reason"]
    list_display_links = ["item"]
    list_filter = ["type", "necessary"]
    ordering = ["pk"]
    fields = ["type", "item", "necessary", "reason_en", "reason_de", "section"]
    readonly_fields = ["type", "item"]

    def get_readonly_fields(self, request: HttpRequest, obj: Requirement | None = None) -> list[str]:
        """Without these three a ticket has no text, no priority and no due moment."""
        return [*self.readonly_fields, *(["necessary"] if obj and obj.item in ALWAYS else [])]

    @admin.display(description=_("reason"))
    def reason(self, cell: Requirement) -> str:
        return cell.reason_de if language() == "de" else cell.reason_en

    def construct_change_message(self, request: HttpRequest, form: Form, formsets: Any, add: bool = False) -> Any:
        changes = [f"{name}: {form.initial[name]} → {form.cleaned_data[name]}" for name in form.changed_data]
        return [{"changed": {"fields": changes}}] if changes else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Escalation)
class EscalationAdmin(admin.ModelAdmin[Escalation]):
    list_display = ["about", "step", "by", "reason", "due_at", "created_at"]
    list_display_links = None
    list_filter = ["step"]
    ordering = ["-created_at", "-pk"]
    paginator = CappedPaginator
    show_full_result_count = False
    fields = readonly_fields = ("about", "step", "by", "reason", "due_at", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Escalation]:
        rows = Escalation.objects.visible_to(agent(request))
        return rows.select_related("ticket", "by").only(
            "step", "reason", "due_at", "created_at", "by__name", "by__email", "ticket__subject"
        )

    @admin.display(description=_("ticket"))
    def about(self, escalation: Escalation) -> SafeString:
        url = reverse("admin:tickets_ticket_change", args=[escalation.ticket_id])
        return format_html('<a href="{}">{}</a>', url, escalation.ticket)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Escalation | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
