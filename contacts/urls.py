from django.urls import path

from contacts import views

app_name = "contacts"

urlpatterns = [
    path("contacts/", views.contact_list, name="list"),
    path("contacts/invite/", views.contact_invite, name="invite"),
    path("contacts/<int:pk>/", views.contact_detail, name="detail"),
    path("contacts/<int:pk>/edit/", views.contact_edit, name="edit"),
    path("contacts/<int:pk>/renew/", views.contact_renew, name="renew"),
    path("contacts/<int:pk>/suspend/", views.contact_suspend, name="suspend"),
    path("contacts/<int:pk>/resume/", views.contact_resume, name="resume"),
    path("contacts/<int:pk>/withdraw/", views.contact_withdraw, name="withdraw"),
    path("contacts/<int:pk>/invite-again/", views.contact_invite_again, name="invite_again"),
    path("contacts/onboarding/", views.readiness_list, name="readiness"),
    path("contacts/onboarding.csv", views.readiness_csv, name="readiness_csv"),
    path("onboarding/", views.onboarding, name="onboarding"),
    path("training/", views.session_list, name="sessions"),
    path("training/<int:pk>/", views.session_detail, name="session"),
    path("training/<int:pk>/enrol/", views.session_enrol, name="enrol"),
    path("training/<int:pk>/give-back/", views.session_give_back, name="give_back"),
    path("preferences/", views.preferences, name="preferences"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
