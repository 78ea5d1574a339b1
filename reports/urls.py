from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("", views.index, name="index"),
    path("csv/", views.report_csv, name="csv"),
    path("tickets/", views.report_tickets, name="tickets"),
]
