from django.urls import path

from tickets import views

app_name = "tickets"

urlpatterns = [
    path("", views.ticket_list, name="list"),
    path("new/", views.ticket_create, name="create"),
    path("new/missing/", views.ticket_missing, name="missing"),
    path("new/beside/", views.ticket_beside, name="beside"),
    path("new/articles/", views.ticket_articles, name="articles"),
    path("new/solved/", views.ticket_solved, name="solved"),
    path("new/examples/", views.ticket_examples, name="examples"),
    path("new/draft/", views.draft_keep, name="draft"),
    path("new/files/", views.draft_files, name="draft-files"),
    path("drafts/<uuid:submission>/discard/", views.draft_discard, name="discard"),
    path("known-issues/", views.known_issues, name="known-issues"),
    path("known-issues/<int:issue_pk>/", views.known_issue, name="known-issue"),
    path("known-issues/<int:issue_pk>/join/", views.known_issue_join, name="join"),
    path("<int:pk>/known-issue/<int:issue_pk>/", views.ticket_link, name="link"),
    path("<int:pk>/leave/", views.ticket_leave, name="leave"),
    path("<int:pk>/fixed/", views.ticket_fixed, name="fixed"),
    path("<int:pk>/not-fixed/", views.ticket_not_fixed, name="not-fixed"),
    path("<int:pk>/", views.ticket_detail, name="detail"),
    path("<int:pk>/reply/", views.ticket_reply, name="reply"),
    path("<int:pk>/escalate/", views.ticket_escalate, name="escalate"),
    path("<int:pk>/close/", views.ticket_close, name="close"),
    path("<int:pk>/reopen/", views.ticket_reopen, name="reopen"),
    path("<int:pk>/attachments/<int:attachment_pk>/", views.attachment, name="attachment"),
]
