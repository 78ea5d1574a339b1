"""The agents' admin: Django's own, in our colours, behind the portal's one sign-in."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class Site(admin.AdminSite):
    site_header = _("PartnerDesk · 3rd level")
    site_title = _("PartnerDesk")
    index_title = _("Desk")
    enable_nav_sidebar = False
    login = secure_admin_login(admin.AdminSite.login)
