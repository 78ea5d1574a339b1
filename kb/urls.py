from django.urls import path

from kb import views

app_name = "kb"
urlpatterns = [
    path("knowledge/", views.index, name="index"),
    path("knowledge/suggest/", views.suggest, name="suggest"),  # before the articles: no article may take this name
    path("knowledge/<slug:slug>/", views.article, name="article"),
    path("knowledge/<slug:slug>/feedback/", views.feedback, name="feedback"),
    path("resources/", views.resources, name="resources"),
    path("resources/guides/<int:pk>/", views.guide, name="guide"),
    path("resources/guides/<int:pk>/file/", views.guide_file, name="guide_file"),
    path("resources/implementation/", views.implementation, name="implementation"),
    path("resources/documents/", views.documents, name="documents"),
    path("resources/who-does-what/", views.levels, name="levels"),
    path("announcements/", views.announcements, name="announcements"),
]
