"""What an agent may say on a ticket's page: one short form for each deed, whose data are the workflow's arguments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from contacts.moments import check_year
from tickets.fields import FilesField
from tickets.forms import MESSAGE_CHARACTERS
from tickets.models import KnownIssue, Ticket
from tickets.priority import DEFINITION, Priority
from tickets.requirements import Item
from tickets.status import NEXT, UNSETTLED, Status


def text(label: Any, rows: int, *, required: bool = True, missing: Any = None, help_text: Any = "") -> forms.CharField:
    errors = {"required": missing} if missing else None
    return forms.CharField(
        label=label,
        required=required,
        max_length=MESSAGE_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=errors,
        help_text=help_text,
    )


class ActForm(forms.Form):
    """`seen` is the version of the ticket that the page showed; the page writes it beside the fields itself."""

    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ticket: Ticket, agents: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False  # our own sentence says more than the browser's
        self.offer(ticket, agents)

    def offer(self, ticket: Ticket, agents: Sequence[User]) -> None:
        """Fill in what can be chosen for this ticket."""


class ReplyForm(ActForm):
    body = text(_("Answer to the partner"), 5, missing=_("The answer is empty. Write what the partner should know."))
    attachments = FilesField(label=_("Files"), required=False)
    wait = forms.BooleanField(label=_("and wait for the partner (the clock stands)"), required=False)

    def offer(self, ticket: Ticket, agents: Sequence[User]) -> None:
        if ticket.is_settled:
            del self.fields["wait"]


class NoteForm(ActForm):
    body = text(_("Internal note"), 5, missing=_("The note is empty. Write what the next agent should know."))
    attachments = FilesField(label=_("Files"), required=False)


class AssignForm(ActForm):
    to = forms.ChoiceField(label=_("Assignee"), required=False)

    def offer(self, ticket: Ticket, agents: Sequence[User]) -> None:
        self.agents = {str(agent.pk): agent for agent in agents}
        choices = [("", _("Nobody")), *((key, str(agent)) for key, agent in self.agents.items())]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        self.fields["to"].initial = str(ticket.assignee_id or "")

    def clean_to(self) -> User | None:
        return self.agents.get(self.cleaned_data["to"])


class StatusForm(ActForm):
    new = forms.TypedChoiceField(label=_("Status"), coerce=Status)

    def offer(self, ticket: Ticket, agents: Sequence[User]) -> None:
        self.fields["new"].choices = [(status.value, status.label) for status in follows(ticket)]  # type: ignore[attr-defined]


def follows(ticket: Ticket) -> list[Status]:
    """What may follow by choice alone. To resolve, to close and to reopen each have a form that asks for more."""
    return [] if ticket.is_settled else [status for status in NEXT[Status(ticket.status)] if status in UNSETTLED]


class PriorityForm(ActForm):
    new = forms.TypedChoiceField(label=_("Priority"), coerce=lambda value: Priority(int(value)))
    reason = text(_("Reason"), 2, missing=_("Say why: the partner reads it too."))

    def offer(self, ticket: Ticket, agents: Sequence[User]) -> None:
        others = [level for level in Priority if level != ticket.priority]
        self.fields["new"].choices = [(level.value, f"{level.label} · {DEFINITION[level]}") for level in others]  # type: ignore[attr-defined]


class ExpectedForm(ActForm):
    at = forms.DateTimeField(
        label=_("Expected"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=[check_year],
        error_messages={
            "required": _("Name the day and the time."),
            "invalid": _("This is no day and time. Write it like this: 2026-12-01 14:30."),
        },
    )
    reason = text(_("Reason"), 2, missing=_("Say what it depends on: the partner reads it too."))

    def offer(self, ticket: Ticket, agents: Sequence[User]) -> None:
        self.fields["at"].initial = ticket.expected_at
        self.fields["at"].help_text = _("In your time zone, %(zone)s.") % {"zone": timezone.get_current_timezone_name()}

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at <= timezone.now():
            raise ValidationError(_("This moment has passed. Name one that lies ahead."))
        return at


class VerdictForm(ActForm):
    verdict = forms.TypedChoiceField(
        label=_("Caused by Retarus?"), coerce=Ticket.Verdict, choices=[("", "–"), *Ticket.Verdict.choices]
    )

    def offer(self, ticket: Ticket, agents: Sequence[User]) -> None:
        self.fields["verdict"].initial = ticket.verdict


class ResolveForm(VerdictForm):
    resolution = text(
        _("Remedy or workaround"),
        4,
        missing=_("Say what helps: the partner reads it as the answer."),
    )


class AskForm(ActForm):
    items = forms.TypedMultipleChoiceField(
        label=_("What is missing?"),
        coerce=Item,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        error_messages={"required": _("Choose what is missing: it is counted, and the partner reads it as a list.")},
    )
    body = text(_("In your words (optional)"), 2, required=False)

    def offer(self, ticket: Ticket, agents: Sequence[User]) -> None:
        """What the ticket's type is asked for."""
        asked: Any = self.fields["items"]
        asked.choices = [(item, Item(item).label) for item in ticket.asked_items]


class ReasonForm(ActForm):
    reason = text(_("Reason"), 3, missing=_("Say why, in a sentence that both sides can read."))


class JoinForm(ActForm):
    """Which known issue it is: those in force for one of the ticket's services."""

    issue = forms.TypedChoiceField(
        label=_("Known issue"), coerce=int, error_messages={"required": _("Choose the known issue.")}
    )

    def offer(self, ticket: Ticket, agents: Sequence[User]) -> None:
        self.issues = {issue.pk: issue for issue in ticket.joinable}
        choices = [("", "–"), *((issue.pk, str(issue)) for issue in ticket.joinable)]
        self.fields["issue"].choices = choices  # type: ignore[attr-defined]

    def clean_issue(self) -> KnownIssue:
        issue: KnownIssue = self.issues[self.cleaned_data["issue"]]
        return issue


class LeaveForm(ActForm):
    body = text(_("What is different here"), 3, missing=_("Say what is different: the partner reads it too."))


class CloseForm(ActForm):
    reason = text(_("Reason (optional)"), 2, required=False)
