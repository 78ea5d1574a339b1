"""Contacts, saved through the workflow like in the portal."""

from collections.abc import Callable
from typing import Any, ClassVar, Protocol

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts import cells, phones, readiness, roll, workflow
from contacts.forms import granted
from contacts.grounds import Exemption
from contacts.licence import Grants, Right
from contacts.models import Contact, ContactEvent, User
from contacts.onboarding import Refused
from contacts.readiness import Step
from contacts.standing import standing, with_invitations
from contacts.story import told

GRANTED = (
    "phone",
    "level",
    "rights",
    "highest_priority",
    "all_tenants",
    "tenants",
    "all_services",
    "services",
    "contract",
    "authorized_from_date",
    "authorized_until_date",
    "exception_reference",
    "exception_until_date",
)


class ContactForm(forms.ModelForm[Contact]):
    """The same data as the portal's form. What is refused beyond it, the workflow says; see `changeform_view`."""

    name = forms.CharField(label=_("Name"), max_length=150)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the version that the page showed
    rights = forms.MultipleChoiceField(
        label=_("Rights"), choices=Right.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    refused: ClassVar[Refused | None] = None

    class Meta:
        model = Contact
        fields = GRANTED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["name"].initial = self.instance.user.name
            self.fields["seen"].initial = self.instance.version
        if self.instance.pk and "tenants" in self.fields:  # who only looks has no fields
            self.fields["tenants"].queryset = self.instance.partner.tenants.all()  # type: ignore[attr-defined]
            self.fields["contract"].queryset = self.instance.partner.contracts.all()  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        return phones.normalise(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "tenants" in data and not data.get("all_tenants") and not data["tenants"]:
            self.add_error("tenants", _("Choose at least one tenant, or all tenants."))
        if "services" in data and not data.get("all_services") and not data["services"]:
            self.add_error("services", _("Choose at least one service, or all services."))
        if self.refused:
            self.add_error(self.refused.field if self.refused.field in self.fields else None, str(self.refused))
        return data

    def person(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name", "phone")}

    def grants(self) -> Grants:
        rights = frozenset(Right(right) for right in self.cleaned_data["rights"])
        return Grants(rights=rights, **granted(self.cleaned_data))

    def exemption(self) -> Exemption | None:
        """As far as it is typed; whether it is complete the workflow says."""
        reference, until = self.cleaned_data["exception_reference"], self.cleaned_data["exception_until_date"]
        return Exemption(reference, until) if reference or until else None

    def _post_clean(self) -> None:
        """The workflow stores, and says at which field something is lacking; nothing is filled into a row here."""


class NewContactForm(ContactForm):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    language = forms.ChoiceField(label=_("Language of mails"), choices=settings.LANGUAGES)

    class Meta:
        model = Contact
        fields = ("partner", *GRANTED)

    def person(self) -> dict[str, str]:
        return super().person() | {name: self.cleaned_data[name] for name in ("email", "language")}


class ReasonedActions(ActionForm):
    reason = forms.CharField(label=_("Reason:"), max_length=500, required=False)


class StandingFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("standing", _("Standing")), ("suspended", _("Suspended")), ("withdrawn", _("Withdrawn"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contact]) -> QuerySet[Contact]:
        found = {
            "standing": Q(revoked_at=None, suspended_at=None),
            "suspended": Q(revoked_at=None, suspended_at__isnull=False),
            "withdrawn": Q(revoked_at__isnull=False),
        }
        return queryset.filter(found.get(self.value() or "", Q()))


class LacksFilter(admin.SimpleListFilter):
    """Who has not confirmed the version in force, or has attended nothing; of those who stand."""

    title = _("onboarding")
    parameter_name = "lacks"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(step.value, _("Missing: %(step)s") % {"step": step.label}) for step in Step]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contact]) -> QuerySet[Contact]:
        wanted = self.value()
        if wanted not in Step.values:
            return queryset
        lacking = Contact.objects.standing().lacking(Step(wanted))
        return queryset.filter(pk__in=lacking.values("pk"))


class RightFilter(admin.SimpleListFilter):
    title = _("right")
    parameter_name = "right"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Right.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contact]) -> QuerySet[Contact]:
        return queryset.filter(rights__contains=[self.value()]) if self.value() in Right.values else queryset


@admin.register(Contact)
class ContactAdmin(admin.ModelAdmin[Contact]):
    """Every change is a function of the workflow, which also writes the history. Nothing is ever deleted."""

    action_form = ReasonedActions
    actions = ("suspend", "resume", "withdraw", "invite_again", "save_onboarding")
    list_display = ("name", "email", "partner_name", "level", "highest_priority", "role_name", "state", "onboarding")
    list_filter = (
        RightFilter,
        LacksFilter,
        "level",
        StandingFilter,
        ("partner", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("user__name", "user__email", "phone", "partner__name", "partner__customer_id")
    ordering = ("user__name", "pk")
    autocomplete_fields = ("partner",)
    object_history_template = "admin/contacts/contact/object_history.html"
    filter_horizontal = ("tenants", "services")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        return with_invitations(Contact.objects.with_training()).select_related("user", "partner")

    def get_fieldsets(self, request: HttpRequest, obj: Contact | None = None) -> Any:
        person = (
            ("partner", "name", "email", "language") if obj is None else ("partner", "name", "email", "state", "seen")
        )
        return ((None, {"fields": person}), (_("Authorization"), {"fields": GRANTED}))

    def get_readonly_fields(self, request: HttpRequest, obj: Contact | None = None) -> tuple[str, ...]:
        return () if obj is None else ("partner", "email", "state")

    def get_form(self, request: HttpRequest, obj: Contact | None = None, change: bool = False, **kwargs: Any) -> Any:
        names = GRANTED if change else ("partner", *GRANTED)
        base = ContactForm if change else NewContactForm
        own = type(base.__name__, (base,), {"refused": getattr(request, "refused", None)})
        return super().get_form(request, obj, change, **kwargs | {"form": own, "fields": names})

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A refusal undoes the saving; the page comes back with what was typed and the reason at its field."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as error:
            request.refused = error  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        asked = {"grants": form.grants(), "exemption": form.exemption(), **form.person()}
        if change:
            workflow.amend(contact=obj, by=staff(request), seen=form.cleaned_data["seen"], **asked)
            return
        partner = form.cleaned_data["partner"]
        made = workflow.invite(partner=partner, by=staff(request), **asked)
        obj.pk, obj.user, obj.partner = made.pk, made.user, partner

    def save_related(self, *args: Any, **kwargs: Any) -> None:
        """The workflow has saved the tenants."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The contact's own events, which portal and admin write alike, in place of the stock admin's."""
        events = told(ContactEvent.objects.filter(contact__pk=object_id)) if object_id.isdecimal() else []
        return super().history_view(request, object_id, {**(extra_context or {}), "history": events})

    def log_addition(self, *args: Any, **kwargs: Any) -> Any:
        """The workflow has written the history."""

    def log_change(self, *args: Any, **kwargs: Any) -> Any:
        """The same here."""

    def has_delete_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        return False

    @admin.display(description=_("name"), ordering="user__name")
    def name(self, contact: Contact) -> str:
        return contact.user.name

    @admin.display(description=_("e-mail address"), ordering="user__email")
    def email(self, contact: Contact) -> str:
        return contact.user.email

    @admin.display(description=_("partner"), ordering="partner__name")
    def partner_name(self, contact: Contact) -> str:
        return contact.partner.name

    @admin.display(description=_("role"))
    def role_name(self, contact: Contact) -> str:
        return contact.role or str(_("Own choice"))

    @admin.display(description=_("state"))
    def state(self, contact: Contact) -> str:
        return standing(contact).words

    @admin.display(description=_("onboarding"))
    def onboarding(self, contact: Contact) -> str:
        """What is still to be done, in short."""
        steps = ", ".join(duty.words for duty in readiness.open_duties(contact.training))
        return str(_("Missing: %(step)s") % {"step": steps} if steps else _("done"))

    @admin.action(description=_("Save the onboarding as CSV"), permissions=["view"])
    def save_onboarding(self, request: HttpRequest, queryset: QuerySet[Contact]) -> HttpResponse:
        text = cells.written(roll.table(queryset, timezone.now()))
        headers = {"Content-Disposition": 'attachment; filename="partnerdesk-onboarding.csv"'}
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)

    @admin.action(description=_("Suspend"), permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        reasoned(request, queryset, workflow.suspend)

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        reasoned(request, queryset, workflow.withdraw)

    @admin.action(description=_("Resume"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        each(request, queryset, lambda contact: workflow.resume(contact=contact, by=staff(request)))

    @admin.action(description=_("Send the invitation again"), permissions=["change"])
    def invite_again(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        each(request, queryset, lambda contact: workflow.invite_again(contact=contact, by=staff(request)))


class Ending(Protocol):
    def __call__(self, *, contact: Contact, by: User, reason: str) -> None: ...


def reasoned(request: HttpRequest, contacts: QuerySet[Contact], event: Ending) -> None:
    reason = request.POST.get("reason", "").strip()[:500]
    if not reason:
        messages.error(request, _("Say why: type the reason beside the action."))
        return
    each(request, contacts, lambda contact: event(contact=contact, by=staff(request), reason=reason))


def each(request: HttpRequest, contacts: QuerySet[Contact], event: Callable[[Contact], None]) -> None:
    """One contact's refusal does not hold up the others; each is told by name."""
    for contact in contacts:
        try:
            event(contact)
        except Refused as error:
            messages.error(request, f"{contact.user.name}: {error}")
        else:
            messages.success(request, _("%(name)s: done.") % {"name": contact.user.name})


def staff(request: HttpRequest) -> User:
    """Nobody else gets into the admin."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
