"""Typed words find the right article, in both languages and badly spelt, and never an error."""

import pytest
from django.utils import timezone

from contacts.models import Service
from kb.models import Article, Placement, Topic

pytestmark = pytest.mark.django_db

MAILBOX, CONFIGURED = "mailbox-without-external-mail", "configured-mailbox-without-mail"
FILTERED, UNFILTERED = "legitimate-mail-filtered", "unwanted-mail-not-filtered"
UNREACHED, BILLED, CAMPAIGNS = (
    "mail-does-not-reach-recipients",
    "more-addresses-billed-than-users",
    "deliverability-of-campaigns",
)


@pytest.mark.parametrize(
    ("language", "typed", "first"),
    [
        ("en", "mailbox no external mail", MAILBOX),
        ("en", "mailboxes not receiving external emails", MAILBOX),
        ("en", "my customer cannot get any mails from outside", MAILBOX),
        ("en", "live search", CONFIGURED),
        ("en", "whitelist", FILTERED),
        ("en", "allowlist", FILTERED),
        ("en", "releasing quarantined mails", FILTERED),
        ("en", "quarantene", FILTERED),
        ("en", "blacklist", UNFILTERED),
        ("en", "blaklist", UNFILTERED),
        ("en", "phishing", UNFILTERED),
        ("en", "5.1.1", UNREACHED),
        ("en", "bounced", UNREACHED),
        ("en", "suppresion list", UNREACHED),
        ("en", "mail does not arrive at gmail", UNREACHED),
        ("en", "invoices", BILLED),
        ("en", "wrong invoice, too many users", BILLED),
        ("en", "deliverabilty", CAMPAIGNS),
        ("de", "Postfach bekommt keine externen Mails", MAILBOX),
        ("de", "Postfächer", MAILBOX),
        ("de", "Postfach leer", CONFIGURED),
        ("de", "Quarantäne freigeben", FILTERED),
        ("de", "Quarantene", FILTERED),
        ("de", "Whitelist", FILTERED),
        ("de", "Absender sperren", UNFILTERED),
        ("de", "Schadsoftware", UNFILTERED),
        ("de", "Fehlercodes", UNREACHED),
        ("de", "Rechnungen", BILLED),
        ("de", "Abrechnug", BILLED),
        ("de", "Kampagne", CAMPAIGNS),
        # the other language
        ("en", "Rechnung", BILLED),
        ("en", "Postfach bekommt keine externen Mails", MAILBOX),
        ("de", "invoice", BILLED),
        ("de", "mailbox no external mail", MAILBOX),
    ],
)
def test_the_right_article_comes_first(language, typed, first):
    assert [article.slug for article in Article.objects.search(typed, language)][:1] == [first]


def test_the_readers_own_language_counts_more():
    german = Article.objects.create(slug="a", question_en="x", answer_en="x", question_de="Gift", answer_de="Vorsicht")
    english = Article.objects.create(slug="b", question_en="Gift", answer_en="x")
    assert Article.objects.search("gift", "en") == [english, german]
    assert Article.objects.search("gift", "de") == [german, english]


def test_quotes_or_and_minus_work_as_in_a_web_search():
    def slugs(typed):
        return {article.slug for article in Article.objects.search(typed, "en")}

    assert slugs('"suppression list" SPF') == {CAMPAIGNS}
    assert slugs("invoice OR blacklist") == {BILLED, UNFILTERED}
    assert slugs('"suppression list" -SPF') == {UNREACHED}


@pytest.mark.parametrize("typed", ["weather forecast munich", "xyzzy", "football results", "the", "Wetter in München"])
def test_what_we_know_nothing_about_finds_nothing(typed):
    assert [Article.objects.search(typed, language) for language in ("en", "de")] == [[], []]


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "\0", "mail\0box", "x" * 6000, "mail " * 1200, "(", ")", "((((", '"', '"""', "'", "''", "\\", "\\'",
        "%", "_", "&", "|", "!", ":", ":*", "<->", "a:*b", "!!", "-", "--", "- -", "OR", "or or or", "AND", "*",
        "; DROP TABLE kb_article; --", "{0}", "%s", "%(x)s", "{{ settings }}", "\ud800", "\u202e", "ẞ", "😀", "ﷺ" * 200,
        "\n\t\r", "1e999999", "null", "<script>alert(1)</script>", "\x1b[31m", "a" * 199 + "ä", "E'\\\\'",
    ],
)  # fmt: skip
def test_nonsense_never_fails(typed):
    for language in ("en", "de"):
        assert isinstance(Article.objects.search(typed, language, Service.objects.first()), list)


def test_a_service_narrows_the_search():
    service = Service.objects.get(code="transactional-email")
    assert [article.slug for article in Article.objects.search("bounce", "en", service)] == [UNREACHED, CAMPAIGNS]
    assert Article.objects.search("quarantine release", "en", service) == []
    assert Article.objects.search("quarantene", "en", service) == []


def test_an_article_on_two_shelves_is_found_once():
    assert [article.slug for article in Article.objects.search("phishing", "en")] == [UNFILTERED]


def test_one_statement_finds_and_two_more_forgive(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert Article.objects.search("quarantine", "en")
    with django_assert_num_queries(3):
        assert Article.objects.search("quarantene", "en")
    with django_assert_num_queries(2):
        assert Article.objects.search("xyzzy", "en") == []
    with django_assert_num_queries(0):
        assert Article.objects.search(" \0 ", "en") == []


def test_drafts_and_what_is_published_later_are_found_by_staff_only(cast):
    topic = Topic.objects.first()
    for slug, published_at in (("draft", None), ("later", timezone.now() + timezone.timedelta(hours=1))):
        secret = Article.objects.create(slug=slug, question_en="Zebrafish", answer_en="x", published_at=published_at)
        Placement.objects.create(article=secret, topic=topic)
    found = {name: Article.objects.visible_to(user).search("zebrafish", "en") for name, user in everybody(cast).items()}
    assert {name: [article.slug for article in articles] for name, articles in found.items()} == {
        "alice": [],
        "mallory": [],
        "carol": ["draft", "later"],
    }
    assert Article.objects.visible_to(cast.alice).search("zebrafsh", "en") == []


def everybody(cast):
    return {"alice": cast.alice, "mallory": cast.mallory, "carol": cast.carol}


def test_an_edited_article_is_found_by_its_new_words_at_once():
    article = Article.objects.get(slug=BILLED)
    article.keywords_en += ", marmalade"
    article.save()
    assert Article.objects.search("marmalade", "en") == [article]
