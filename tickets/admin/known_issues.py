"""Where agents declare what is broken, say what is new and resolve it. Everything is written by `tickets.workflow`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Service
from contacts.moments import check_year
from kb.admin import SideBySide
from tickets import workflow
from tickets.admin.forms import text
from tickets.admin.staff import agent
from tickets.models import KnownIssue, KnownIssueUpdate, Ticket
from tickets.workflow import Declaration
from tickets.workflow.known_issues import PLAIN

TEMPLATE = "admin/tickets/knownissue/tell.html"
UNPROCESSABLE, CONFLICT = 422, 409
#: The joined tickets that the page lists; the numbers above count all of them.
TICKETS_SHOWN = 100
PATTERN_CHARACTERS = 100


def moment(label: Any, **options: Any) -> forms.DateTimeField:
    """One field for day and time, with a label of its own, where the stock admin has two without."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    errors = {"invalid": gettext_lazy("This is no day and time. Write it like this: 2026-12-01 14:30.")}
    return forms.DateTimeField(label=label, widget=widget, validators=[check_year], error_messages=errors, **options)


class KnownIssueForm(forms.ModelForm[KnownIssue]):
    starts_at = moment(gettext_lazy("Start"), initial=timezone.localtime)
    ends_at = moment(gettext_lazy("End"), required=False, help_text=gettext_lazy("Empty: not known yet."))
    expected_at = moment(gettext_lazy("Fix expected"), required=False)
    services = forms.ModelMultipleChoiceField(
        Service.objects.order_by("position"),
        label=gettext_lazy("Services"),
        widget=forms.CheckboxSelectMultiple,
    )
    data_centres = forms.MultipleChoiceField(
        label=gettext_lazy("Data centres"),
        choices=Ticket.DataCentre.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("None: all of them."),
    )
    patterns = forms.CharField(
        label=gettext_lazy("Error codes or words"),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 46}),
        required=False,
        help_text=gettext_lazy("One a line: 451 4.7.1. Whoever types or pastes one sees this known issue first."),
    )

    class Meta:
        model = KnownIssue
        fields = (*PLAIN, "services", "data_centres", "patterns")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "patterns" in self.fields:  # whoever may only look sees no fields
            self.initial["patterns"] = "\n".join(self.instance.patterns)

    def clean_patterns(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["patterns"].splitlines()]
        if any(len(line) > PATTERN_CHARACTERS for line in lines):
            raise ValidationError(_("A line has at most %d characters.") % PATTERN_CHARACTERS)
        return list(dict.fromkeys(filter(None, lines)))

    def declaration(self) -> Declaration:
        return Declaration(**{name: self.cleaned_data[name] for name in self._meta.fields or ()})


class UpdateForm(forms.Form):
    body_en = text(gettext_lazy("What is new, English"), 5, missing=gettext_lazy("Say what is new: partners read it."))
    body_de = text(gettext_lazy("What is new, German"), 5, required=False)
    expected_at = moment(
        gettext_lazy("Fix expected"),
        required=False,
        help_text=gettext_lazy("Empty: what was promised last still holds."),
    )


class ResolutionForm(forms.Form):
    verdict = forms.TypedChoiceField(
        label=gettext_lazy("Caused by Retarus?"), coerce=Ticket.Verdict, choices=[("", "–"), *Ticket.Verdict.choices]
    )
    resolution_en = text(
        gettext_lazy("What helped, English"), 5, missing=gettext_lazy("Say what helps: partners read it as the answer.")
    )
    resolution_de = text(gettext_lazy("What helped, German"), 5, required=False)


@dataclass(frozen=True)
class Telling:
    """Something that is told to all who joined: its form, and the function of the workflow that does it."""

    name: str
    title: Promise
    button: Promise
    done: Promise
    form: type[forms.Form]
    run: Callable[..., KnownIssueUpdate]


TELLINGS = (
    Telling(
        "update",
        gettext_lazy("Say what is new"),
        gettext_lazy("Send the update"),
        gettext_lazy("The update is on its way to everybody who joined."),
        UpdateForm,
        workflow.update_known_issue,
    ),
    Telling(
        "resolve",
        gettext_lazy("Resolve"),
        gettext_lazy("Resolve and ask the partners"),
        gettext_lazy("The known issue is resolved. Everybody who joined is asked whether it is fixed for them."),
        ResolutionForm,
        workflow.resolve_known_issue,
    ),
)


@admin.register(KnownIssue)
class KnownIssueAdmin(SideBySide, admin.ModelAdmin[KnownIssue]):
    form = KnownIssueForm
    list_display = (
        "__str__", "state", "service_cell", "starts_at", "expected_at", "partners", "tickets", "tenants", "affected"
    )  # fmt: skip
    list_filter = ("services", ("resolved_at", admin.EmptyFieldListFilter))
    search_fields = ("title_en", "title_de")
    ordering = ("-starts_at", "-pk")
    fieldsets = (
        (None, {"fields": (("title_en", "title_de"), ("body_en", "body_de"))}),
        (gettext_lazy("What it is about"), {"fields": ("services", "data_centres", "patterns")}),
        (gettext_lazy("When"), {"fields": (("starts_at", "ends_at"), "expected_at")}),
        (gettext_lazy("Priority of the tickets that join"), {"fields": (("impact", "urgency"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[KnownIssue]:
        return KnownIssue.objects.visible_to(agent(request)).with_services().with_reach().select_related("resolved_by")

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """The texts are short: what is broken, in some sentences."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name.startswith("body"):
            field.widget.attrs["rows"] = 6
        return field

    @admin.display(description=gettext_lazy("state"))
    def state(self, issue: KnownIssue) -> str:
        return str(issue.state.label)

    @admin.display(description=gettext_lazy("services"))
    def service_cell(self, issue: KnownIssue) -> str:
        return ", ".join(issue.service_names)

    @admin.display(description=gettext_lazy("partners"))
    def partners(self, issue: KnownIssue) -> int:
        return issue.partner_count

    @admin.display(description=gettext_lazy("tickets"))
    def tickets(self, issue: KnownIssue) -> int:
        return issue.ticket_count

    @admin.display(description=gettext_lazy("tenants"))
    def tenants(self, issue: KnownIssue) -> int:
        return issue.tenant_count

    @admin.display(description=gettext_lazy("end-customers affected"))
    def affected(self, issue: KnownIssue) -> int:
        return issue.affected_sum

    # --- the page

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:pk>/{telling.name}/",
                self.admin_site.admin_view(self.tell_view),
                {"telling": telling},
                name=f"tickets_knownissue_{telling.name}",
            )
            for telling in TELLINGS
        ]
        return [*own, *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """With whom it reaches and what was said. Who saves what has been resolved meanwhile is told so."""
        issue = self.get_object(request, object_id) if object_id else None
        try:
            return super().changeform_view(
                request, object_id, form_url, {**self._about(issue), **(extra_context or {})}
            )
        except workflow.ResolvedAlready as refused:
            messages.error(request, str(refused))
            return redirect("admin:tickets_knownissue_change", object_id)

    def _about(self, issue: KnownIssue | None) -> dict[str, Any]:
        if issue is None:
            return {}
        joined = issue.joins.select_related("ticket__partner").order_by("ticket__partner__name", "ticket_id")
        return {
            "issue": issue,
            "updates": issue.updates.select_related("by").order_by("-created_at", "-pk"),
            "joins": joined[:TICKETS_SHOWN],
            "tellings": [] if issue.resolved_at else TELLINGS,
        }

    def tell_view(self, request: HttpRequest, pk: int, telling: Telling) -> HttpResponse:
        """What is to be told, beside whom it will reach."""
        issue = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        form = telling.form(request.POST if request.method == "POST" else None, label_suffix="")
        form.use_required_attribute = False  # our own sentence says more than the browser's
        if not form.is_valid():
            return self._tell_page(request, issue, telling, form, status=UNPROCESSABLE if form.is_bound else 200)
        try:
            telling.run(issue, by=agent(request), **form.cleaned_data)
        except workflow.ResolvedAlready as refused:
            form.add_error(None, str(refused))
            return self._tell_page(request, issue, telling, form, status=CONFLICT)
        messages.success(request, str(telling.done))
        return redirect("admin:tickets_knownissue_change", issue.pk)

    def _tell_page(
        self, request: HttpRequest, issue: KnownIssue, telling: Telling, form: forms.Form, status: int
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": KnownIssue._meta,
            "title": f"{telling.title}: {issue.number}",
            "issue": issue,
            "telling": telling,
            "form": form,
            "audience": workflow.audience_of(issue),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, TEMPLATE, context, status=status)

    # --- writing, by the workflow alone

    def save_model(self, request: HttpRequest, obj: KnownIssue, form: Any, change: bool) -> None:
        if change:
            workflow.correct_known_issue(obj, by=agent(request), declaration=form.declaration())
        else:
            obj.pk = workflow.declare_known_issue(by=agent(request), declaration=form.declaration()).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The workflow has stored the services too."""

    def has_change_permission(self, request: HttpRequest, obj: KnownIssue | None = None) -> bool:
        """What is resolved is history."""
        return super().has_change_permission(request, obj) and not (obj and obj.resolved_at)

    def has_delete_permission(self, request: HttpRequest, obj: KnownIssue | None = None) -> bool:
        return False
