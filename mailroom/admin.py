"""What was mailed to whom and how it ended, for the agents. Nothing is edited here; what was given up can go again."""

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mailroom.models import Delivery, DeliveryQuerySet, State

IN_STATE = {
    State.WAITING: Q(sent_at=None, failed_at=None, unfinished=0, attempts=0),
    State.SENDING: Q(sent_at=None, failed_at=None, unfinished__gt=0),
    State.RETRYING: Q(sent_at=None, failed_at=None, unfinished=0, attempts__gt=0),
    State.SENT: Q(sent_at__isnull=False),
    State.FAILED: Q(failed_at__isnull=False),
}


SHOWN = (
    "state",
    "about",
    "to",
    "language",
    "time_zone",
    "template",
    "message_id",
    "created_at",
    "attempts",
    "first_attempt_at",
    "next_try",
    "sent_at",
    "failed_at",
    "error",
)


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Delivery]) -> list[tuple[str, str]]:
        return [(state.value, str(state.label)) for state in State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        return queryset.filter(IN_STATE[State(value)]) if (value := self.value()) in IN_STATE else queryset


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin[Delivery]):
    list_display = ["state", "about", "to", "template", "created_at", "attempts", "next_try", "sent_at", "error"]
    list_display_links = ["state", "about"]
    list_filter = [StateFilter]
    search_fields = ["about", "to"]
    ordering = ["-pk"]
    show_full_result_count = False
    actions = ["send_again"]
    # The values of a mail are not listed: some hold a link that signs its reader in.
    fields = readonly_fields = SHOWN

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """By state alone: a filter over the values would tell them letter by letter."""
        return lookup == StateFilter.parameter_name

    @admin.display(description=_("state"))
    def state(self, delivery: Delivery) -> str:
        return str(delivery.state.label)

    @admin.display(description=_("next attempt"), empty_value="–")
    def next_try(self, delivery: Delivery) -> object:
        """Told only of mail that has one: the column of a sent mail holds its last lease."""
        return delivery.next_attempt_at if delivery.state in {State.WAITING, State.RETRYING} else None

    @admin.action(description=_("Send again what was given up"), permissions=["send_again"])
    def send_again(self, request: HttpRequest, queryset: DeliveryQuerySet) -> None:
        count = queryset.send_again(timezone.now())
        said = ngettext("%(count)d mail will be sent again.", "%(count)d mails will be sent again.", count)
        messages.info(request, said % {"count": count})

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("mailroom.change_delivery")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False
