"""What is typed about contacts becomes clean data. Whether it may happen is the workflow's to decide."""

from typing import Any
from zoneinfo import available_timezones

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts import phones
from contacts.licence import ROLES, Ceiling, Grants, Level, Right, Role, role_of
from contacts.models import Contact, Contract, Service, Tenant, User

#: The ones that are places, without the old names and the ones of machines.
ZONES = [("UTC", "UTC")] + [
    (name, name.replace("_", " "))
    for name in sorted(available_timezones())
    if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/"))
]

#: Beside the roles: the rights are ticked one by one.
OWN_CHOICE = "own"
PASSWORD_MAX_LENGTH = 128  # a slow hash must not be fed with megabytes


class GrantsForm(forms.Form):
    """The name and the authorization of one contact, as a partner admin sees them."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        error_messages={"required": _("Type the name of the person.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        help_text=_("With the country code, for example +49 89 55280000. Retarus calls it when a ticket is urgent."),
        error_messages={"required": _("Type a telephone number. Without one nobody can be called back.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the version that the page showed
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices, widget=forms.RadioSelect, initial=Level.L1)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            (Role.MEMBER, _("Member: opens, answers and escalates tickets")),
            (Role.ADMIN, _("Partner admin: also names contacts and reads reports")),
            (Role.MANAGER, _("Partner manager: sees and escalates tickets, reads reports")),
            (OWN_CHOICE, _("Something else: only what is ticked below")),
        ],
        widget=forms.RadioSelect,
        initial=Role.MEMBER,
    )
    rights = forms.MultipleChoiceField(
        label=_("Rights"), choices=Right.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    highest_priority = forms.TypedChoiceField(
        label=_("Highest priority"),
        choices=Ceiling.choices,
        coerce=int,
        initial=Ceiling.P2,
        help_text=_("Of the tickets this person may open. Tickets of every priority can be read and answered."),
    )
    all_tenants = forms.TypedChoiceField(
        label=_("Which tenants"),
        choices=[("True", _("All tenants, also future ones")), ("False", _("Only the ones ticked below"))],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        initial="False",
    )
    tenants = forms.ModelMultipleChoiceField(
        label=_("Tenants"),
        queryset=Tenant.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("One of these is not a tenant you can grant."),
            "invalid_pk_value": _("One of these is not a tenant you can grant."),
        },
    )
    all_services = forms.TypedChoiceField(
        label=_("Which services"),
        choices=[("True", _("All services, also future ones")), ("False", _("Only the ones ticked below"))],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        initial="True",
    )
    services = forms.ModelMultipleChoiceField(
        label=_("Services"),
        queryset=Service.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("One of these is not a service you can grant."),
            "invalid_pk_value": _("One of these is not a service you can grant."),
        },
    )
    contract = forms.ModelChoiceField(
        label=_("Contract"),
        queryset=Contract.objects.none(),
        required=False,
        empty_label=_("Whichever is in force"),
        help_text=_("Under which this person is named."),
    )
    authorized_from_date = forms.DateField(
        label=_("Authorized from"),
        error_messages={"required": _("Choose the first day.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    authorized_until_date = forms.DateField(
        label=_("Authorized until"),
        required=False,
        help_text=_("This day included. Leave it empty for no end."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, by: User, contact: Contact | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Tenant.objects.visible_to(by)
        if contact is not None:
            granted = Q(pk__in=contact.tenant_ids)
            offered = Tenant.objects.filter(granted | Q(pk__in=offered.values("pk")), partner=contact.partner_id)
        self.fields["tenants"].queryset = offered.order_by("customer_id")  # type: ignore[attr-defined]
        services, contracts = Service.objects.visible_to(by), Contract.objects.visible_to(by)
        if contact is not None:
            services = Service.objects.filter(Q(pk__in=contact.service_ids) | Q(pk__in=services.values("pk")))
        self.fields["services"].queryset = services.order_by("position")  # type: ignore[attr-defined]
        self.fields["contract"].queryset = contracts.order_by("reference")  # type: ignore[attr-defined]
        self.fields["contract"].label_from_instance = contract_label  # type: ignore[attr-defined]
        self.fields["authorized_from_date"].initial = timezone.localdate

    @property
    def helper(self) -> FormHelper:
        return in_sections("seen", Fieldset(gettext("Person"), "name", "phone"), *authorization())

    def clean_phone(self) -> str:
        return phones.normalise(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("all_tenants") is False and "tenants" in data and not data["tenants"]:
            self.add_error("tenants", _("Tick at least one tenant, or choose all tenants."))
        if data.get("all_services") is False and "services" in data and not data["services"]:
            self.add_error("services", _("Tick at least one service, or choose all services."))
        begins, ends = data.get("authorized_from_date"), data.get("authorized_until_date")
        if begins and ends and ends < begins:
            self.add_error("authorized_until_date", _("The last day is before the first one."))
        return data

    def grants(self) -> Grants:
        """Of a valid form. What stays ticked under "all", or under a role, means nothing."""
        data = self.cleaned_data
        own_choice = data["role"] == OWN_CHOICE
        return Grants(
            rights=frozenset(Right(right) for right in data["rights"]) if own_choice else ROLES[Role(data["role"])],
            **granted(data),
        )


def granted(data: dict[str, Any]) -> dict[str, Any]:
    """The values of `Grants`, save the rights, from cleaned fields of the same names: the portal's or the admin's."""
    return {
        "level": Level(data["level"]),
        "highest_priority": int(data["highest_priority"]),
        "all_tenants": data["all_tenants"],
        "tenants": frozenset() if data["all_tenants"] else frozenset(tenant.pk for tenant in data["tenants"]),
        "all_services": data["all_services"],
        "services": frozenset() if data["all_services"] else frozenset(service.pk for service in data["services"]),
        "contract": data["contract"].pk if data["contract"] else None,
        "authorized_from_date": data["authorized_from_date"],
        "authorized_until_date": data["authorized_until_date"],
    }


def contract_label(contract: Contract) -> str:
    return contract.reference


def granted_before(contact: Contact) -> dict[str, Any]:
    """What the form shows of a contact by `with_grants` before anybody has typed."""
    names = ("level", "rights", "highest_priority", "contract", "authorized_from_date", "authorized_until_date")
    return {name: getattr(contact, name) for name in names} | {
        "role": role_of(contact.rights) or OWN_CHOICE,
        "all_tenants": str(contact.all_tenants),
        "tenants": contact.tenant_ids,
        "all_services": str(contact.all_services),
        "services": contact.service_ids,
    }


class InviteForm(GrantsForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        error_messages={"required": _("Type the e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language of mails"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    field_order = ("name", "email")

    @property
    def helper(self) -> FormHelper:
        return in_sections(
            Fieldset(gettext("Person"), "name", "email", "phone", InlineRadios("language")), *authorization()
        )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()


class EnrolForm(forms.Form):
    """Whom a partner admin enrols."""

    people = forms.ModelMultipleChoiceField(
        label=_("Who takes part"),
        queryset=Contact.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one person."),
            "invalid_choice": _("One of these is not a contact of your company."),
            "invalid_pk_value": _("One of these is not a contact of your company."),
        },
    )

    def __init__(self, *args: Any, people: QuerySet[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]
        self.fields["people"].label_from_instance = lambda contact: contact.user.name  # type: ignore[attr-defined]


class RenewForm(forms.Form):
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the version that the page showed
    authorized_until_date = forms.DateField(
        label=_("Authorized until"),
        required=False,
        help_text=_("This day included. Leave it empty for no end."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @property
    def helper(self) -> FormHelper:
        return in_sections("seen", "authorized_until_date")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Kept in the history of this contact. The partner admins and Retarus can read it."),
        error_messages={"required": _("Say why, in a few words.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def helper(self) -> FormHelper:
        return in_sections("reason")


class ZoneForm(forms.ModelForm[Any]):
    """A time zone is chosen from the ones there are: a mistyped one would break every page of its reader."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES, initial="Europe/Berlin")


class PreferencesForm(ZoneForm):
    class Meta:
        model = User
        fields = ("language", "time_zone")
        widgets = {"language": forms.RadioSelect}
        help_texts = {"language": _("Of the pages and of the mails you get.")}

    @property
    def helper(self) -> FormHelper:
        return in_sections(InlineRadios("language"), "time_zone")


class PasswordForm(forms.Form):
    """The first password. Typed once, to be seen if wished: a second field only doubles the typing errors."""

    password = forms.CharField(
        label=_("Password"),
        max_length=PASSWORD_MAX_LENGTH,
        strip=False,
        error_messages={"required": _("Choose a password.")},
        help_text=_("At least 10 characters, not an everyday word, no company or product name. A few words are fine."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    @property
    def helper(self) -> FormHelper:
        return in_sections("password")

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


def authorization() -> tuple[Any, ...]:
    return (
        Fieldset(gettext("What for"), InlineRadios("level"), "role", "rights", "highest_priority"),
        Fieldset(gettext("For whom and which service"), "all_tenants", "tenants", "all_services", "services"),
        Fieldset(
            gettext("Validity"),
            Div(Field("authorized_from_date"), Field("authorized_until_date"), css_class="fields-2"),
            "contract",
        ),
    )


def in_sections(*parts: Any) -> FormHelper:
    """The template brings the form's tag, the token, the summary of errors and the buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.form_show_errors = True
    helper.layout = Layout(*parts)
    return helper
