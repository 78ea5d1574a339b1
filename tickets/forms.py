"""What may be said: forms turn input into clean data and write nothing."""

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kb.models.outcomes import Tried
from tickets.fields import ExamplesField, FilesField, MomentField, PhoneField, RelatedField, YesNoField
from tickets.models import KnownIssue, Ticket
from tickets.moments import Moment
from tickets.offer import Offer
from tickets.priority import Impact, Priority, Urgency, derive
from tickets.qualification import ASKED_WITH_BUTTONS, STEPS, TOLD, Answer
from tickets.requirements import Item, TicketType
from tickets.skeleton import KeptField, KeptRadios
from tickets.steps import StepField
from tickets.workflow import Opening
from tickets.workflow.opening import done_so_far

#: Up to this many tenants are shown as boxes to tick, more as a list to choose from.
TENANTS_AS_BOXES = 12
MESSAGE_CHARACTERS = 100_000
#: A clock may be this much ahead of ours before a moment counts as lying in the future.
AHEAD = timedelta(minutes=5)

#: The form's parts in the order of the guide's templates: title, then the fields, some of them side by side.
PARTS: list[tuple[Any, list[str]]] = [
    (_("For whom, and which service?"), ["tenants", "services"]),
    (_("What did you check first?"), [*(step.item.value for step in ASKED_WITH_BUTTONS), "triage"]),
    (
        _("What happened?"),
        [
            "subject",
            "started",
            "ended",
            "description",
            "impact_description",
            "error_pattern",
            "interface",
            "data_centre",
            "affected_count",
        ],
    ),
    (_("Evidence"), ["examples", "attachments"]),
    (
        _("What has been done?"),
        ["reproduced", "reproduction_steps", "actions_taken", "known", "known_issue", "known_reference", "related"],
    ),
    (
        _("How urgent, and who may be called?"),
        ["impact", "urgency", "priority", "priority_reason", "phone", "contact_persons", "tests_allowed"],
    ),
]
P1_BY_DEFINITION = _(
    "A wish for P1 counts as P2 until Retarus has looked at it: P1 follows from impact and urgency alone."
)
SIDE_BY_SIDE = {"started", "ended", "data_centre", "affected_count", "priority", "priority_reason"}
#: A file goes into the draft as soon as it is chosen.
SAVED_AT_ONCE = {
    "hx_post": reverse_lazy("tickets:draft-files"),
    "hx_trigger": "change",
    "hx_encoding": "multipart/form-data",
    "hx_params": "attachments,draft_key,submission,type,page,seen",
    "hx_target": "#draft-files",
    "hx_swap": "outerHTML",
    "hx_sync": "this:queue all",
}
IN_ONE_LINE = {"reproduced", "known", "tests_allowed"}


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class OpeningForm(forms.Form):
    """The fields of one ticket type, after the guide's templates and matrix.

    Whether the answers are complete is judged by the matrix alone and said beside each field. `tried` are the articles
    that the form shows, with their ticks.
    """

    submission = forms.UUIDField(widget=forms.HiddenInput)
    tenants = forms.TypedMultipleChoiceField(coerce=int, widget=forms.CheckboxSelectMultiple)
    services = forms.TypedMultipleChoiceField(coerce=int, widget=forms.CheckboxSelectMultiple)
    customer_information = StepField(STEPS[Item.CUSTOMER_INFORMATION])
    remote_connection = StepField(STEPS[Item.REMOTE_CONNECTION])
    records_searched = StepField(STEPS[Item.RECORDS_SEARCHED])
    help_desk = StepField(STEPS[Item.HELP_DESK])
    customisation = StepField(STEPS[Item.CUSTOMISATION])
    system_access = StepField(STEPS[Item.SYSTEM_ACCESS])
    triage = forms.CharField(max_length=MESSAGE_CHARACTERS, widget=text_area(2))
    subject = forms.CharField(max_length=200)
    started = MomentField()
    ended = MomentField()
    description = forms.CharField(max_length=MESSAGE_CHARACTERS, widget=text_area(5))
    impact_description = forms.CharField(max_length=MESSAGE_CHARACTERS, widget=text_area(3))
    error_pattern = forms.CharField(max_length=MESSAGE_CHARACTERS, widget=text_area(3))
    interface = forms.CharField(max_length=300)
    data_centre = forms.ChoiceField(choices=[("", _("Not known")), *Ticket.DataCentre.choices])
    affected_count = forms.IntegerField(min_value=0, max_value=2_000_000_000)
    examples = ExamplesField()
    pasted = forms.Field(widget=text_area(8))  # is read into examples and says nothing itself
    attachments = FilesField()
    reproduced = forms.ChoiceField(choices=Ticket.Reproduced.choices, widget=forms.RadioSelect)
    reproduction_steps = forms.CharField(max_length=MESSAGE_CHARACTERS, widget=text_area(3))
    actions_taken = forms.CharField(max_length=MESSAGE_CHARACTERS, widget=text_area(3))
    known = YesNoField()
    known_issue = forms.TypedChoiceField(coerce=int, empty_value=None)
    known_reference = forms.CharField(max_length=300)
    related = RelatedField(max_length=500)
    impact = forms.ChoiceField(choices=Impact.choices, widget=forms.RadioSelect)
    urgency = forms.ChoiceField(choices=Urgency.choices, widget=forms.RadioSelect)
    priority = forms.TypedChoiceField(
        choices=[
            ("", _("By definition")),
            *((level.value, f"{level.label}") for level in Priority),
        ],
        coerce=lambda value: Priority(int(value)),
        empty_value=None,
    )
    priority_reason = forms.CharField(max_length=300)
    phone = PhoneField()
    contact_persons = forms.TypedMultipleChoiceField(coerce=int, widget=forms.CheckboxSelectMultiple)
    tests_allowed = YesNoField()

    missing: list[Item]  # by clean(): what is necessary and was not said

    def __init__(
        self, *args: Any, ticket_type: TicketType, offer: Offer, tried: Sequence[Tried] = (), **kwargs: Any
    ) -> None:
        self.ticket_type, self.choices, self.matrix, self.tried = ticket_type, offer.choices, offer.matrix, tried
        self.known_issues = offer.known_issues
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._offer()
        self._offer_known_issues()
        for item in Item:
            self._ask(item)
        for field in self.fields.values():
            field.required = False  # `clean` asks the requirements, which know the reason too
        self._explain("actions_taken", _("Left empty, your triage above is taken for it."), beside="triage")
        self._explain("priority", P1_BY_DEFINITION)
        self.fields["attachments"].label = _("Attachments (optional)")
        self.fields["attachments"].help_text = _("Up to 10 files of 25 MB each: logs, .eml, CSV, pictures, PDF, ZIP.")

    def _explain(self, name: str, more: Any, *, beside: str = "") -> None:
        """A sentence after the reason of a field, if it is asked, and the one it speaks of too."""
        if name in self.fields and (not beside or beside in self.fields):
            self.fields[name].help_text = format_html("{} {}", self.fields[name].help_text, more)

    def _offer(self) -> None:
        """Only what is the contact's own can be chosen at all."""
        self._choose_from("tenants", [(tenant.pk, str(tenant)) for tenant in self.choices.tenants])
        self._choose_from("services", [(service.pk, service.name) for service in self.choices.services])
        self._choose_from("contact_persons", [(person.pk, person.user.name) for person in self.choices.persons])
        if len(self.choices.tenants) > TENANTS_AS_BOXES:
            tenants = self.fields["tenants"]
            rows = tenants.choices  # type: ignore[attr-defined]  # a choice field has them
            tenants.widget = forms.SelectMultiple(choices=rows, attrs={"size": 8})
        table: Any = self.fields["examples"].widget
        table.services, table.pasted = self._chosen_services(), self["pasted"].value() or ""

    def _offer_known_issues(self) -> None:
        """Which one it is known from, where an incident's services have any (guide, section 5, M8)."""
        if self.ticket_type != TicketType.INCIDENT or not self.known_issues:
            del self.fields["known_issue"]
            return
        field: Any = self.fields["known_issue"]
        field.label = gettext("%(label)s (optional)") % {"label": gettext("Which known issue is it?")}
        field.help_text = gettext("Your ticket joins it, and you hear what is new.")
        none = ("", gettext("None of these"))
        field.choices = [none, *((issue.pk, str(issue)) for issue in self.known_issues)]

    def _chosen_services(self) -> list[Any]:
        """The services ticked so far; all that may be chosen while none is."""
        name = self.add_prefix("services")
        ticked = self.data.getlist(name) if self.is_bound else self.initial.get("services", [])  # type: ignore[attr-defined]
        chosen = {str(value) for value in ticked}
        return [row for row in self.choices.services if str(row.pk) in chosen] or self.choices.services

    def _choose_from(self, name: str, rows: list[tuple[int, str]]) -> None:
        if rows or name != "contact_persons":
            self.fields[name].choices = rows  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def _ask(self, item: Item) -> None:
        """Label and reason of one item; an item the type is not asked for leaves the form."""
        if item not in self.fields:
            return
        if item not in self.matrix.asked(self.ticket_type):
            del self.fields[item]
            return
        field = self.fields[item]
        necessary = self.matrix.marked(self.ticket_type, item)
        label = str(item.label)
        field.label = label if necessary else gettext("%(label)s (optional)") % {"label": label}
        if not isinstance(field, StepField):  # one line each; the reason is said when the step is missing
            # crispy's templates print it unescaped, and who edits the matrix writes plain text
            field.help_text = field.help_text or escape(self.matrix.reason(self.ticket_type, item))
        if necessary and not field.widget.use_fieldset:
            field.widget.attrs["aria-required"] = "true"

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout("submission", *parts(self.fields))
        return helper

    def clean_started(self) -> Moment | None:
        return not_in_future(self.cleaned_data["started"])

    def clean_ended(self) -> Moment | None:
        return not_in_future(self.cleaned_data["ended"])

    def clean_tenants(self) -> list[Any]:
        return [row for row in self.choices.tenants if row.pk in self.cleaned_data["tenants"]]

    def clean_services(self) -> list[Any]:
        return [row for row in self.choices.services if row.pk in self.cleaned_data["services"]]

    def clean_contact_persons(self) -> list[Any]:
        return [row for row in self.choices.persons if row.pk in self.cleaned_data["contact_persons"]]

    def clean_known_issue(self) -> KnownIssue | None:
        wanted = self.cleaned_data["known_issue"]
        return next((issue for issue in self.known_issues if issue.pk == wanted), None)

    def clean_submission(self) -> uuid.UUID:
        return self.cleaned_data["submission"] or uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        started, ended = data.get("started"), data.get("ended")
        if started and ended and ended.at < started.at:
            self.add_error("ended", gettext("The end lies before the start. Check both days and zones."))
        self._clean_known(data)
        if data.get("priority") and data["priority"] == self.derived_priority:
            data["priority"] = None  # what follows anyway was not chosen against anything
        codes = [service.code for service in data.get("services", [])]
        answers = data | done_so_far(data.get("actions_taken", ""), self.tried)
        self.missing = [item for item in self.matrix.missing(self.ticket_type, codes, answers) if item in self.fields]
        for item in self.missing:
            if item not in self.errors:
                reason = self.matrix.reason(self.ticket_type, item)
                self.add_error(item, gettext("Missing. %(reason)s") % {"reason": reason})
        return data

    def _clean_known(self, data: dict[str, Any]) -> None:
        """Whoever names a known issue knows it, and has said where from."""
        issue = data.get("known_issue")
        if issue is None:
            return
        if data.get("known") is False:
            self.add_error(
                "known_issue", gettext("You said that it is not known yet. Take one of the two answers back.")
            )
        else:
            data["known"], data["known_reference"] = True, data.get("known_reference") or issue.number

    @property
    def derived_priority(self) -> Priority | None:
        """What follows from impact and urgency; None while one of them is not said. For a form that was cleaned."""
        impact, urgency = (self.cleaned_data.get(name) for name in ("impact", "urgency"))
        return derive(Impact(impact), Urgency(urgency)) if impact and urgency else None

    def opening(self) -> Opening:
        """What was said, as the workflow takes it. For a valid form."""
        data = dict(self.cleaned_data)
        data.pop("pasted", None)
        impact, urgency = Impact(data.pop("impact")), Urgency(data.pop("urgency"))
        told = data.pop("triage", "")
        said = {step.item: data.pop(step.item, None) for step in ASKED_WITH_BUTTONS}
        said[Item.TRIAGE] = Answer(TOLD, told) if told else None
        answers = {item: answer for item, answer in said.items() if answer}
        return Opening(
            type=self.ticket_type, impact=impact, urgency=urgency, qualification=answers, tried=self.tried, **data
        )


def parts(fields: Collection[str]) -> list[Fieldset]:
    """The parts that have fields left for this type, numbered on from the choice of the type."""
    asked = [(title, [name for name in names if name in fields]) for title, names in PARTS]
    return [
        Fieldset(
            f"{number} {title}",
            *[part for name in names for part in _field(name)],
            *_beneath(names),
            css_class="form-part",
        )
        for number, (title, names) in enumerate(asked, 2)
        if names
    ]


def _beneath(names: list[str]) -> list[HTML]:
    """Below the choice of the service: the articles that may make the ticket needless."""
    return [HTML("{% include 'tickets/_articles_part.html' %}")] if "services" in names else []


def _field(name: str) -> list[Any]:
    if name in IN_ONE_LINE:
        return [KeptRadios(name)]
    if name == "attachments":
        return [Field(name, **SAVED_AT_ONCE), HTML('{% include "tickets/_draft_files.html" %}')]
    return [KeptField(name, wrapper_class="form-half" if name in SIDE_BY_SIDE else "")]


def not_in_future(moment: Moment | None) -> Moment | None:
    if moment and moment.at > timezone.now() + AHEAD:
        raise ValidationError(gettext("This moment lies in the future. Check the day and the zone."))
    return moment


class TextForm(forms.Form):
    """A text that must be there: an answer, a reason."""

    body = forms.CharField(max_length=MESSAGE_CHARACTERS, widget=text_area(5))

    def __init__(self, *args: Any, label: Any, missing: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["body"].label = label
        self.fields["body"].error_messages["required"] = missing

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


class ReplyForm(TextForm):
    attachments = FilesField(required=False, label=_("Attachments (optional)"))
