"""What a row of the queue says, so that "what next?" is answered without opening one."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import F
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.moments import exactly, in_words
from contacts.templatetags.desk import icon
from tickets import clockface
from tickets.models import Ticket


class Columns(admin.ModelAdmin[Ticket]):
    """The cells. `order_by` of the stock list is offered where an index or the small open set carries it."""

    list_display = ["ticket", "clock", "level", "partner_cell", "service_cell", "status_cell", "spoke", "holder", "age"]
    list_display_links = ["ticket"]

    @admin.display(description=gettext_lazy("ticket"))
    def ticket(self, ticket: Ticket) -> SafeString:
        return format_html(
            '<span class="number">{}</span> {}<span class="beneath">{}</span>',
            ticket.number,
            ticket.subject,
            ticket.get_type_display(),
        )

    @admin.display(description=gettext_lazy("clock"), ordering=F("due_at").asc(nulls_last=True))
    def clock(self, ticket: Ticket) -> SafeString:
        return clock_badge(ticket)

    @admin.display(description=gettext_lazy("priority"), ordering="priority")
    def level(self, ticket: Ticket) -> SafeString:
        return format_html(
            '<span class="level level-{}">{}</span>{}',
            ticket.priority,
            ticket.get_priority_display(),
            escalated_mark(ticket),
        )

    @admin.display(description=gettext_lazy("partner, tenants"))
    def partner_cell(self, ticket: Ticket) -> SafeString:
        beneath = ", ".join(ticket.tenant_labels) or _("no tenant")
        return format_html('{}<span class="beneath">{}</span>', ticket.partner.name, beneath)

    @admin.display(description=gettext_lazy("service"))
    def service_cell(self, ticket: Ticket) -> str:
        return ", ".join(ticket.service_labels) or "–"

    @admin.display(description=gettext_lazy("status"))
    def status_cell(self, ticket: Ticket) -> str:
        return ticket.get_status_display()

    @admin.display(description=gettext_lazy("spoke last"))
    def spoke(self, ticket: Ticket) -> SafeString:
        if ticket.spoken_by_partner:
            return format_html('<strong title="{}">{}</strong>', ticket.partner.name, _("Partner"))
        return format_html("{}", "Retarus")

    @admin.display(description=gettext_lazy("assignee"))
    def holder(self, ticket: Ticket) -> SafeString:
        if ticket.assignee is None:
            return format_html('<span class="nobody">{}</span>', _("Nobody"))
        return format_html("{}", ticket.assignee)

    @admin.display(description=gettext_lazy("opened"), ordering="-opened_at")
    def age(self, ticket: Ticket) -> SafeString:
        return format_html(
            '<time title="{}">{}</time>', exactly(ticket.opened_at), in_words(ticket.opened_at, timezone.now())
        )

    def action_checkbox(self, obj: Ticket) -> SafeString:
        """The stock box, and the version that this page shows: a bulk action refuses what has changed since.

        Written out, because the stock one renders a template for each row.
        """
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">'
            '<input type="hidden" name="seen-{}" value="{}">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            _("Choose %(number)s for an action") % {"number": obj.number},
            obj.pk,
            obj.version,
        )


def clock_badge(ticket: Ticket) -> SafeString:
    face = clockface.read(ticket, timezone.now())
    return format_html(
        '<span class="face face-{}" title="{}">{}{}</span>',
        face.state,
        face.exact,
        icon(face.icon),
        face.words,
    )


def escalated_mark(ticket: Ticket) -> Any:
    if ticket.escalated_at is None:
        return ""
    return format_html(
        ' <span class="mark mark-danger">{}<span class="word">{}</span></span>', icon("flag"), _("escalated")
    )
