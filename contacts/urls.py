from django.urls import path

from contacts import views

app_name = "contacts"

urlpatterns = [
    path("contacts/", views.contact_list, name="list"),
    path("contacts/invite/", views.contact_invite, name="invite"),
    path("contacts/<int:pk>/", views.contact_detail, name="detail"),
    path("contacts/<int:pk>/edit/", views.contact_edit, name="edit"),
    path("contacts/<int:pk>/suspend/", views.contact_suspend, name="suspend"),
    path("contacts/<int:pk>/resume/", views.contact_resume, name="resume"),
    path("contacts/<int:pk>/withdraw/", views.contact_withdraw, name="withdraw"),
    path("contacts/<int:pk>/invite-again/", views.contact_invite_again, name="invite_again"),
    path("preferences/", views.preferences, name="preferences"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
