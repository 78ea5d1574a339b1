from django.contrib import admin
from django.urls import include, path

from partnerdesk import health
from tickets import views

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("tickets/", include("tickets.urls")),
    path("reports/", include("reports.urls")),
    path("account/", include("contacts.account_urls")),
    path("", include("contacts.urls")),
    path("", include("kb.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
