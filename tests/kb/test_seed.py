"""What the guide lists is there, no more and no less."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone, translation

from contacts.bilingual import language
from contacts.models import CoveringDocument, Guide, Service
from kb import covering
from kb.levels import LEVELS
from kb.models import Article, ArticleStep, Placement, Resource, Topic

pytestmark = pytest.mark.django_db


def test_nine_placements_hold_seven_articles_in_the_order_of_the_guide():
    shelves = Placement.objects.order_by("position").values_list("topic__service__code", "topic__slug", "article__slug")
    assert list(shelves) == [
        ("email-security", "mailbox-management", "mailbox-without-external-mail"),
        ("email-security", "mailbox-management", "configured-mailbox-without-mail"),
        ("email-security", "quarantine", "legitimate-mail-filtered"),
        ("email-security", "quarantine", "unwanted-mail-not-filtered"),
        ("email-security", "processing", "mail-does-not-reach-recipients"),
        ("email-security", "processing", "unwanted-mail-not-filtered"),
        ("email-security", "billing", "more-addresses-billed-than-users"),
        ("transactional-email", "processing", "mail-does-not-reach-recipients"),
        ("transactional-email", "processing", "deliverability-of-campaigns"),
    ]
    assert Article.objects.count() == 7


def test_a_ticket_follows_where_the_guide_says_so():
    assert set(Article.objects.filter(opens_ticket=True).values_list("slug", flat=True)) == {
        "configured-mailbox-without-mail",
        "unwanted-mail-not-filtered",
        "mail-does-not-reach-recipients",
    }
    first = Article.objects.get(slug="mailbox-without-external-mail")
    assert first.next_article == Article.objects.get(slug="configured-mailbox-without-mail")
    campaigns = Article.objects.get(slug="deliverability-of-campaigns")
    assert campaigns.resource.url == "https://eas.retarus.com/PicoPortal/"


@pytest.mark.parametrize("code", ["en", "de"])
def test_every_article_is_published_and_whole_in_both_languages(code):
    fields = ["question", "answer", "next_step", "keywords"]
    for article in Article.objects.all():
        assert [name for name in fields if not getattr(article, f"{name}_{code}")] == []
        with translation.override(code):
            assert article.question == getattr(article, f"question_{code}")
        assert not article.is_draft


def test_every_article_has_steps_to_tick_in_both_languages():
    counts = {article.slug: article.steps.count() for article in Article.objects.all()}
    assert counts == {
        "mailbox-without-external-mail": 4,
        "configured-mailbox-without-mail": 4,
        "legitimate-mail-filtered": 3,
        "unwanted-mail-not-filtered": 4,
        "mail-does-not-reach-recipients": 5,
        "more-addresses-billed-than-users": 3,
        "deliverability-of-campaigns": 4,
    }
    assert not ArticleStep.objects.filter(Q(text_en="") | Q(text_de="")).exists()


def test_only_the_question_about_the_bill_ends_without_a_ticket():
    ends = Article.objects.filter(ends_without_ticket=True).values_list("slug", flat=True)
    assert list(ends) == ["more-addresses-billed-than-users"]


def test_the_articles_say_what_the_guide_says():
    said = {article.slug: article.answer_en for article in Article.objects.all()}
    facts = {
        "mailbox-without-external-mail": ["email directory", "directory synchronisation", "by hand in myEAS"],
        "configured-mailbox-without-mail": ["Live Search"],
        "legitimate-mail-filtered": ["digest", "quarantine", "personal allowlist", "domain"],
        "unwanted-mail-not-filtered": ["personal blocklist", "global blocklist", "**all** users"],
        "mail-does-not-reach-recipients": ["4.x", "5.x", "Sending again rarely helps", "send again later"],
        "more-addresses-billed-than-users": ["registered", "Groups and functions", "marketing", "several addresses"],
        "deliverability-of-campaigns": ["Deliverability Guide for the Transactional Email Service"],
    }
    assert {(slug, fact) for slug, wanted in facts.items() for fact in wanted if fact not in said[slug]} == set()


def test_twelve_resources_stand_in_five_groups():
    rows = Resource.objects.order_by("position").values_list("group", "title_en", "url", "email", "person")
    assert list(rows) == [
        ("web", "Retarus partner website", "https://www.retarus.com/de/company/partner/", "", ""),
        ("sales", "Partner Program Guide", "", "", ""),
        ("sales", "Partner Manager", "", "", "partner_manager"),
        ("sales", "Partner Marketing", "", "partnermarketing@retarus.de", ""),
        ("technical", "Enterprise Administration Services Portal (EAS)", "https://eas.retarus.com/PicoPortal/", "", ""),
        ("technical", "Retarus status page", "https://status.retarus.io/", "", ""),
        ("technical", "Support & Implementation Guide for Partners", "", "", ""),
        ("offices", "Offices", "https://www.retarus.com/contact/", "", ""),
        ("other", "Corporate blog", "https://www.retarus.com/blog/en/", "", ""),
        ("other", "Events", "https://www.retarus.com/events/", "", ""),
        ("other", "Newsletter", "https://www.retarus.com/newsletter/", "", ""),
        ("other", "Press releases", "https://www.retarus.com/presscenter/", "", ""),
    ]
    assert not Resource.objects.filter(title_de="").exists()
    assert Resource.objects.get(title_en__startswith="Support &").guide.kind == "partner"


def test_both_guides_are_there_and_the_newest_version_is_in_force():
    old = datetime(2019, 1, 1, tzinfo=UTC)
    Guide.objects.create(kind="partner", title_en="Old", version="2019-01", published_at=old)
    Guide.objects.create(kind="partner", title_en="Draft", version="2030-01")
    assert list(Guide.objects.in_force().values_list("kind", "version")) == [
        ("partner", "2021-03"),
        ("processes", "1"),
        ("support", "online"),
    ]
    Guide.objects.create(kind="partner", title_en="New", version="2026-01", published_at=timezone.now())
    assert list(Guide.objects.in_force().values_list("kind", "version")) == [
        ("partner", "2026-01"),
        ("processes", "1"),
        ("support", "online"),
    ]


def test_five_services_lead_to_their_guides_in_eas():
    assert list(Service.objects.order_by("position").values_list("code", "administration_guide_url")) == [
        (code, "https://eas.retarus.com/")
        for code in ("email-security", "transactional-email", "cloud-fax", "sms", "edi")
    ]


def test_three_levels_have_nine_phases_and_twenty_six_tasks():
    assert [str(level.name) for level in LEVELS] == ["1st level", "2nd level", "3rd level"]
    assert [str(level.owner) for level in LEVELS] == ["Partner", "Partner", "Retarus"]
    tasks = [[len(phase.tasks) for phase in level.phases] for level in LEVELS]
    assert tasks == [[2, 3, 2], [2, 5, 2], [2, 5, 3]]


def test_the_covering_documents_are_the_four_rows_of_the_guide(cast):
    second = CoveringDocument.objects.create(partner=cast.alpine, covers="L2", title="MSA", owner="partner")
    rows = [(row.covers.value, str(row.document), row.owner.value, row.own) for row in covering.rows([second])]
    assert rows == [
        ("L1", "Partner Agreement / Master Service Agreement", "partner", None),
        ("L2", "Partner Agreement / Master Service Agreement", "partner", second),
        ("L3", "Partner Agreement / Master Service Agreement", "vendor", None),
        ("status", "Retarus status page", "vendor", None),
    ]


def test_english_stands_in_for_missing_german():
    topic = Topic(name_en="Digest", name_de="")
    with translation.override("de-at"):
        assert (language(), topic.name) == ("de", "Digest")
        topic.name_de = "Bericht"
        assert topic.name == "Bericht"
    with translation.override("fr"):
        assert (language(), topic.name) == ("en", "Digest")


@pytest.mark.parametrize(
    "broken",
    [
        lambda: Resource.objects.create(group="web", title_en="x", url="javascript:alert(1)"),
        lambda: Resource.objects.create(group="elsewhere", title_en="x"),
        lambda: Guide.objects.create(kind="partner", title_en="x", version="1", url="data:text/html,x"),
        lambda: Article.objects.create(slug="suggest", question_en="x", answer_en="x"),
        lambda: Article.objects.create(
            slug="x", question_en="x", answer_en="x", opens_ticket=True, ends_without_ticket=True
        ),
        lambda: Placement.objects.create(
            article=Placement.objects.first().article, topic=Placement.objects.first().topic
        ),
    ],
)
def test_the_database_refuses_what_no_page_may_show(broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken()
