"""The agents' admin: Django's own, in our colours, behind the portal's one sign-in."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from contacts.models import User
from tickets import clockface, queues

#: Buttons of the stock admin whose German says "Sichern" beside our "Speichern". Named here, they are in our catalog.
SAID_BY_DJANGO = (
    gettext_noop("Save and add another"),
    gettext_noop("Save and continue editing"),
    gettext_noop("Save and view"),
)


class Site(admin.AdminSite):
    site_header = _("PartnerDesk · 3rd level")
    site_title = _("PartnerDesk")
    index_title = _("Desk")
    site_url = None
    enable_nav_sidebar = False

    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().login(request, extra_context)

    def password_change(  # type: ignore[override]  # a redirect, where the stock admin has a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """On the portal's own page, which counts attempts."""
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The queues with their counts and the newest tickets, above the stock list of tables."""
        return super().index(request, {**desk(request), **(extra_context or {})})


def desk(request: HttpRequest) -> dict[str, Any]:
    """Nothing for staff who may not see tickets."""
    user = request.user
    if not (isinstance(user, User) and user.has_perm("tickets.view_ticket")):
        return {}
    now = timezone.now()
    rows = [(ticket, clockface.read(ticket, now)) for ticket in queues.newest(user)]
    return {"queues": queues.count(user, now), "newest": rows}
