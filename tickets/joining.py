"""What a contact says to join a known issue: whom it hits, how many, where to call, and the own evidence."""

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tickets.fields import ExamplesField, FilesField, PhoneField
from tickets.forms import MESSAGE_CHARACTERS, TENANTS_AS_BOXES, text_area
from tickets.models import KnownIssue
from tickets.offer import Offer
from tickets.requirements import Item, TicketType
from tickets.workflow import Joining
from tickets.workflow.joining import ASKED, missing


class JoiningForm(forms.Form):
    """Fields of the whole form under the same names, so that what was typed there stands here again."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    tenants = forms.TypedMultipleChoiceField(coerce=int, widget=forms.CheckboxSelectMultiple)
    affected_count = forms.IntegerField(min_value=0, max_value=2_000_000_000)
    phone = PhoneField()
    examples = ExamplesField()
    pasted = forms.Field(widget=text_area(8))  # is read into examples and says nothing itself
    attachments = FilesField(label=_("Attachments (optional)"))
    remark = forms.CharField(
        label=_("Anything else? (optional)"),
        max_length=MESSAGE_CHARACTERS,
        widget=text_area(3),
        help_text=_("What is different for you, or what you have tried already."),
    )

    def __init__(self, *args: Any, issue: KnownIssue, offer: Offer, **kwargs: Any) -> None:
        self.issue, self.offer = issue, offer
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        rows = [(tenant.pk, str(tenant)) for tenant in offer.choices.tenants]
        tenants: Any = self.fields["tenants"]
        tenants.choices = rows
        if len(rows) > TENANTS_AS_BOXES:
            tenants.widget = forms.SelectMultiple(choices=rows, attrs={"size": 8})
        for item in ASKED:
            self._ask(item)
        for field in self.fields.values():
            field.required = False  # `clean` asks the matrix, which knows the reason too
        self._columns()

    def _ask(self, item: Item) -> None:
        """Label and reason, from the same cells as in the whole form."""
        field, label = self.fields[item], str(item.label)
        asked = item in self.offer.matrix.asked(TicketType.INCIDENT)
        necessary = asked and self.offer.matrix.necessary(TicketType.INCIDENT, item, {})
        field.label = label if necessary else gettext("%(label)s (optional)") % {"label": label}
        field.help_text = escape(self.offer.matrix.reason(TicketType.INCIDENT, item)) if asked else ""

    def _columns(self) -> None:
        table: Any = self.fields["examples"].widget
        own = self.offer.choices.services
        table.services = [row for row in own if row.pk in self.issue.service_ids] or own
        table.pasted = self["pasted"].value() or ""

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        halves = [Field(name, wrapper_class="form-half") for name in ("affected_count", "phone")]
        helper.layout = Layout("submission", "tenants", *halves, "examples", "attachments", "remark")
        return helper

    def clean_tenants(self) -> list[Any]:
        return [row for row in self.offer.choices.tenants if row.pk in self.cleaned_data["tenants"]]

    def clean_submission(self) -> uuid.UUID:
        return self.cleaned_data["submission"] or uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        said = {item.value: data.get(item.value) for item in ASKED}
        for item in missing(self.offer.matrix, said):
            if item not in self.errors:
                reason = self.offer.matrix.reason(TicketType.INCIDENT, item)
                self.add_error(item, gettext("Missing. %(reason)s") % {"reason": reason})
        return data

    def joining(self) -> Joining:
        """What was said, as the workflow takes it. For a valid form."""
        return Joining(**{name: value for name, value in self.cleaned_data.items() if name != "pasted"})
