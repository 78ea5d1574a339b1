"""Agents write articles and notices in the admin; managers read."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import User
from kb.models import Announcement, Article, Feedback, Outcome, Topic

MODELS = ["article", "topic", "resource", "announcement"]
EMPTY_INLINE = {f"{name}-{kind}_FORMS": "0" for name in ("placements", "steps") for kind in ("TOTAL", "INITIAL")}


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root@desk.example", name="Root")


@pytest.mark.parametrize("model", MODELS)
def test_every_list_and_form_opens(client: Client, root, model):
    Announcement.objects.create(kind="status", title_en="Delays")
    client.force_login(root)
    assert client.get(reverse(f"admin:kb_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:kb_{model}_add")).status_code == 200
    row = (
        Article.objects.first()
        if model == "article"
        else client.get(reverse(f"admin:kb_{model}_changelist")).context["cl"].result_list[0]
    )
    assert client.get(reverse(f"admin:kb_{model}_change", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_agents_write_articles_and_notices_leads_all_managers_nothing(client: Client, cast, model):
    def statuses(user):
        client.force_login(user)
        return client.get(reverse(f"admin:kb_{model}_changelist")).status_code, client.get(
            reverse(f"admin:kb_{model}_add")
        ).status_code

    agents = (200, 200) if model in {"article", "announcement"} else (200, 403)
    assert [statuses(user) for user in (cast.carol, cast.lea, cast.victor)] == [agents, (200, 200), (200, 403)]
    client.force_login(cast.alice)
    assert client.get(reverse(f"admin:kb_{model}_changelist")).status_code in {302, 403}


def test_the_list_counts_opinions_also_when_filtered_by_service(client: Client, root, cast):
    article = Article.objects.get(slug="unwanted-mail-not-filtered")  # on two shelves of one service
    for user, helped in ((cast.alice, True), (cast.bob, True), (cast.mallory, False)):
        Feedback.objects.give(article=article, user=user, helped=helped)
    client.force_login(root)
    for query in ("", f"?placements__topic__service__id__exact={cast.email_security.pk}", "?q=blacklist"):
        rows = client.get(reverse("admin:kb_article_changelist") + query).context["cl"].result_list
        assert {(row.helped_count, row.unhelped_count) for row in rows if row.pk == article.pk} == {(2, 1)}


def test_the_list_counts_forms_apart_from_opinions_also_when_filtered(client: Client, root, cast):
    article = Article.objects.get(slug="unwanted-mail-not-filtered")
    Feedback.objects.give(article=article, user=cast.alice, helped=True)
    for verdict, ticket in (("solved", False), ("not solved", True), ("not solved", False), ("passed", True)):
        Outcome.objects.create(
            contact=cast.alice.contact,
            partner=cast.alpine,
            submission=uuid.uuid4(),
            article=article,
            verdict=verdict,
            said_at=timezone.now(),
            ticket_opened_at=timezone.now() if ticket else None,
        )
    client.force_login(root)
    for query in ("", f"?placements__topic__service__id__exact={cast.email_security.pk}", "?o=-7"):
        rows = client.get(reverse("admin:kb_article_changelist") + query).context["cl"].result_list
        (row,) = {row for row in rows if row.pk == article.pk}
        counts = (row.shown_count, row.solved_count, row.unsolved_count, row.ticket_count)
        assert (counts, row.helped_count, row.unhelped_count) == ((4, 1, 2, 2), 1, 0)


def test_an_agent_writes_the_steps_beside_the_article(client: Client, cast):
    fields = {"question_en": "Why?", "slug": "why", "answer_en": "Because.", **EMPTY_INLINE, "steps-TOTAL_FORMS": "2"}
    steps = [("2", "Then this", "Dann das"), ("1", "First that", "Zuerst jenes")]
    for number, (position, english, german) in enumerate(steps):
        fields |= {f"steps-{number}-position": position, f"steps-{number}-text_en": english}
        fields |= {f"steps-{number}-text_de": german}
    client.force_login(cast.carol)
    assert client.post(reverse("admin:kb_article_add"), fields).status_code == 302
    (article,) = Article.objects.filter(slug="why").with_steps()
    assert [(step.text_en, step.text_de) for step in article.steps.all()] == [
        ("First that", "Zuerst jenes"), ("Then this", "Dann das")
    ]  # fmt: skip


def test_who_entered_a_notice_is_kept(client: Client, cast):
    fields = {"kind": "status", "title_en": "Delays", "starts_at_0": "2026-11-23", "starts_at_1": "09:00"}
    client.force_login(cast.carol)
    assert client.post(reverse("admin:kb_announcement_add"), fields).status_code == 302
    notice = Announcement.objects.get()
    client.force_login(cast.lea)
    client.post(reverse("admin:kb_announcement_change", args=[notice.pk]), fields | {"title_en": "Long delays"})
    notice.refresh_from_db()
    assert (notice.title_en, notice.entered_by) == ("Long delays", cast.carol)


def test_a_maintenance_without_an_end_is_refused_in_words(client: Client, cast):
    fields = {"kind": "maintenance", "title_en": "Work", "starts_at_0": "2026-11-23", "starts_at_1": "09:00"}
    client.force_login(cast.carol)
    response = client.post(reverse("admin:kb_announcement_add"), fields)
    assert response.context["adminform"].form.non_field_errors() == [
        "Only a status notice may be left open: say until when this stands."
    ]


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin"])
@pytest.mark.parametrize("until", ["9999-12-31", "3000-01-01", "1899-12-31"])
def test_until_further_notice_is_no_year_that_other_time_zones_lack(client: Client, cast, until, zone):
    """Such a moment stopped every page of readers farther east, and stored from farther west everybody's."""
    fields = {"kind": "status", "title_en": "Delays", "starts_at_0": "1800-11-23", "starts_at_1": "09:00"}
    User.objects.filter(pk=cast.carol.pk).update(time_zone=zone)
    client.force_login(cast.carol)
    response = client.post(
        reverse("admin:kb_announcement_add"),
        fields | {"ends_at_0": until, "ends_at_1": "23:59", "published_at_0": until, "published_at_1": "23:59"},
    )
    wrong = ["Enter a valid date/time."]
    assert response.context["adminform"].form.errors == {"starts_at": wrong, "ends_at": wrong, "published_at": wrong}
    assert not Announcement.objects.exists()


def test_an_article_cannot_take_the_address_of_the_suggestions(client: Client, cast):
    fields = {"question_en": "x", "slug": "suggest", "answer_en": "x", **EMPTY_INLINE}
    client.force_login(cast.carol)
    response = client.post(reverse("admin:kb_article_add"), fields)
    assert response.context["adminform"].form.non_field_errors() == ["This name is taken."]


def test_more_topics_cost_the_article_form_no_more_statements(client: Client, root, django_assert_max_num_queries):
    article, topic = Article.objects.first(), Topic.objects.first()
    for n in range(30):
        Topic.objects.create(service=topic.service, slug=f"more-{n}", name_en=f"More {n}")
    client.force_login(root)
    with django_assert_max_num_queries(12):
        client.get(reverse("admin:kb_article_change", args=[article.pk]))
