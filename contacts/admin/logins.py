"""Logins of staff and contacts, and who may change which."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from contacts.forms import ZoneForm
from contacts.models import User

admin.site.unregister(EmailAddress)  # a login has the one address it is named by


class UserForm(ZoneForm, UserChangeForm[User]):
    class Meta:
        model = User
        fields = "__all__"  # the admin's fieldsets say which

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()


class NewUserForm(ZoneForm):
    """Staff are entered here; contacts are invited. The first password comes by "Forgotten the password?"."""

    class Meta:
        model = User
        fields = ("email", "name", "language", "time_zone", "is_staff")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        user: User = super().save(commit)
        return user


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    """Rights, addresses and passwords are a superuser's: whoever may change a login could otherwise become it."""

    form = UserForm
    add_form = NewUserForm
    add_form_template = None
    ordering = ("email",)
    list_display = ("email", "name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "name")
    filter_horizontal = ("groups",)
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "language", "time_zone")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Dates"), {"fields": ("last_login", "joined_at")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "language", "time_zone", "is_staff")}),)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """A password that cannot be changed would be shown with its whole hash."""
        found = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return found
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name != "password"]})
            for title, options in found
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        dates = ("last_login", "joined_at")
        if request.user.is_superuser:
            return dates
        return (*dates, "is_staff", "is_superuser", "groups", *(("email", "password") if obj else ()))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)
