"""The pages: who gets in, what stands on them, and that more rows cost no more statements."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import Contact, CoveringDocument, Guide, Service, User
from kb.models import Article, Feedback, Placement, Resource, Topic

ARTICLE = "/knowledge/unwanted-mail-not-filtered/"
PAGES = [
    "/knowledge/",
    "/knowledge/?q=quarantine",
    "/knowledge/suggest/?q=quarantine",
    ARTICLE,
    "/resources/",
    "/resources/implementation/",
    "/resources/documents/",
    "/resources/who-does-what/",
    "/announcements/",
]


def main(response) -> str:
    html = response.content.decode()
    return html[html.index("<main") : html.index("</main>")]


def plain(response) -> str:
    """The main part of a page as its reader sees it."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    assert main is not None
    return " ".join(re.sub(r"<[^>]+>", " ", main.group()).split())


def draft() -> Article:
    article = Article.objects.create(slug="draft", question_en="A secret question", answer_en="x")
    Placement.objects.create(article=article, topic=Topic.objects.get(slug="quarantine"))
    return article


# --- doors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_contacts_in_force_and_staff_read_every_page(client: Client, cast, page):
    for reader in (*cast.partners_people.values(), *cast.staff.values()):
        client.force_login(reader)
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_sent_to_sign_in(client: Client, cast, page):
    response = client.get(page)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/?next=")


@pytest.mark.parametrize("page", PAGES)
def test_a_suspended_contact_is_told_why(client: Client, cast, page):
    Contact.objects.filter(user=cast.alice).update(suspended_at=timezone.now())
    client.force_login(cast.alice)
    response = client.get(page)
    assert response.status_code == 403
    assert "Your authorization as a support contact is suspended." in plain(response)


@pytest.mark.parametrize("page", PAGES)
def test_a_login_without_a_contact_is_refused(client: Client, cast, page):
    nobody = User.objects.create_user("nobody@alpine.example", name="Nobody")
    client.force_login(nobody)
    assert client.get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_pages_are_only_read(client: Client, cast, page, method):
    client.force_login(cast.alice)
    assert getattr(client, method)(page).status_code == 405


def test_a_draft_is_404_for_contacts_and_open_to_staff(client: Client, cast):
    draft()
    client.force_login(cast.bob)
    assert client.get("/knowledge/draft/").status_code == 404
    assert client.post("/knowledge/draft/feedback/", {"helped": "yes"}).status_code == 404
    assert "A secret question" not in plain(client.get("/knowledge/"))
    assert "A secret question" not in plain(client.get("/knowledge/legitimate-mail-filtered/"))
    assert "A secret question" not in client.get("/knowledge/suggest/?q=secret question").content.decode()
    client.force_login(cast.carol)
    assert "A secret question Draft" in plain(client.get("/knowledge/draft/"))
    assert "A secret question Draft" in plain(client.get("/knowledge/"))


def test_a_next_article_that_became_a_draft_is_not_named(client: Client, cast):
    client.force_login(cast.bob)
    page = "/knowledge/mailbox-without-external-mail/"
    question = Article.objects.get(slug="configured-mailbox-without-mail").question
    assert client.get(page).context["next_article"].question == question
    Article.objects.filter(slug="configured-mailbox-without-mail").update(published_at=None)
    assert question not in plain(client.get(page))


@pytest.mark.parametrize("slug", ["missing", "suggest-me", "UNWANTED-mail-not-filtered"])
def test_an_unknown_article_is_404(client: Client, cast, slug):
    client.force_login(cast.bob)
    assert client.get(f"/knowledge/{slug}/").status_code == 404


# --- articles ---------------------------------------------------------------------------------------------------------


def test_the_shelves_stand_in_the_order_of_the_guide(client: Client, cast):
    client.force_login(cast.alice)
    html = client.get("/knowledge/").content.decode()
    headings = re.findall(r"<h([23])[^>]*>([^<]+)</h\1>", html)
    assert headings == [
        ("2", "Email Security"),
        ("3", "Mailbox management"),
        ("3", "Quarantine"),
        ("3", "Processing"),
        ("3", "Billing"),
        ("2", "Transactional Email"),
        ("3", "Processing"),
    ]
    assert len(re.findall(r'href="/knowledge/[a-z-]+/\?service=', html)) == 9


def test_an_article_shows_its_steps_and_offers_a_ticket_with_service_and_article(client: Client, cast):
    client.force_login(cast.alice)
    html = client.get(f"{ARTICLE}?service=email-security").content.decode()
    assert "<ol>\n<li><strong>One recipient is affected:</strong>" in html
    form = html.split('<form method="get" action="/tickets/new/">')[1].split("</form>")[0]
    sent = re.findall(r'name="(service|article)" value="([\w-]+)"', form)
    assert sent == [("service", "email-security"), ("article", "unwanted-mail-not-filtered")]
    assert form.count('type="checkbox" name="steps"') == 4


def test_the_ticket_is_for_the_service_from_whose_shelf_the_reader_comes(client: Client, cast):
    client.force_login(cast.alice)
    page = "/knowledge/mail-does-not-reach-recipients/"

    def service(query=""):
        return client.get(page + query).context["service"].code

    assert service() == "email-security"
    assert service("?service=transactional-email") == "transactional-email"
    assert service("?service=sms") == "email-security"
    assert service('?service="><script>') == "email-security"


def test_no_ticket_is_offered_for_billing_nor_to_those_who_may_not_open_one(client: Client, cast):
    client.force_login(cast.alice)
    assert "/tickets/new/" not in main(client.get("/knowledge/more-addresses-billed-than-users/"))
    for reader in (cast.max, cast.carol):  # a partner manager, an agent
        client.force_login(reader)
        assert "/tickets/new/" not in main(client.get(ARTICLE))


def test_the_neighbours_of_an_article_are_named_once_each(client: Client, cast):
    client.force_login(cast.alice)
    assert [article.slug for article in client.get(ARTICLE).context["related"]] == [
        "legitimate-mail-filtered",
        "mail-does-not-reach-recipients",
    ]


def test_an_article_on_no_shelf_still_opens(client: Client, cast):
    Article.objects.create(slug="loose", question_en="Loose", answer_en="x", published_at=timezone.now())
    client.force_login(cast.alice)
    response = client.get("/knowledge/loose/")
    assert (response.status_code, response.context["service"], response.context["related"]) == (200, None, [])


def test_what_was_searched_for_is_shown_as_text(client: Client, cast):
    client.force_login(cast.alice)
    html = client.get("/knowledge/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in html
    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize("query", ["q=%00", "q=" + "x" * 6000, "q=(", "q=%22", "q=%ff", "q=%ED%A0%80", "q=a&q=b"])
def test_odd_searches_get_a_page(client: Client, cast, query):
    client.force_login(cast.alice)
    assert client.get(f"/knowledge/?{query}").status_code == 200
    assert client.get(f"/knowledge/suggest/?{query}&service=%00&services=99999999999999999999").status_code == 200


# --- did this help? ---------------------------------------------------------------------------------------------------


def said(user) -> list[tuple[str, bool]]:
    return list(Feedback.objects.filter(user=user).values_list("article__slug", "helped"))


def test_one_click_says_whether_it_helped_and_the_next_one_replaces_it(client: Client, cast):
    client.force_login(cast.alice)
    response = client.post(f"{ARTICLE}feedback/?service=email-security", {"helped": "yes"})
    assert (response.status_code, response["Location"]) == (302, f"{ARTICLE}?service=email-security#feedback")
    assert said(cast.alice) == [("unwanted-mail-not-filtered", True)]
    assert "You said that it helped." in plain(client.get(ARTICLE))
    client.post(f"{ARTICLE}feedback/", {"helped": "no"})
    assert said(cast.alice) == [("unwanted-mail-not-filtered", False)]
    assert said(cast.bob) == []
    client.force_login(cast.bob)
    assert "You said" not in plain(client.get(ARTICLE))


def test_with_htmx_the_panel_comes_back_alone_and_leads_to_a_ticket(client: Client, cast):
    client.force_login(cast.alice)
    response = client.post(f"{ARTICLE}feedback/", {"helped": "no"}, headers={"HX-Request": "true"})
    html = response.content.decode()
    assert html.strip().startswith('<section id="feedback"')
    assert 'href="/tickets/new/?service=email-security&amp;article=unwanted-mail-not-filtered"' in html
    assert "<html" not in html


@pytest.mark.parametrize("helped", ["", "maybe", "True", "1", "\0"])
def test_anything_but_yes_and_no_is_refused(client: Client, cast, helped):
    client.force_login(cast.alice)
    assert client.post(f"{ARTICLE}feedback/", {"helped": helped}).status_code == 400
    assert Feedback.objects.count() == 0


def test_feedback_is_given_by_post_by_readers_with_a_token(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice)
    assert client.get(f"{ARTICLE}feedback/").status_code == 405
    assert client.post(f"{ARTICLE}feedback/", {"helped": "yes"}).status_code == 403
    assert Client().post(f"{ARTICLE}feedback/", {"helped": "yes"}).status_code == 302
    assert Feedback.objects.count() == 0


def test_feedback_is_seen_by_its_giver_and_by_staff(cast):
    article = Article.objects.first()
    for user in (cast.alice, cast.mallory):
        Feedback.objects.give(article=article, user=user, helped=True)

    def seen(user):
        return {row.user.name for row in Feedback.objects.visible_to(user)}

    assert seen(cast.alice) == {"Alice"}
    assert seen(cast.bob) == set()
    assert seen(cast.carol) == {"Alice", "Mallory"}


# --- suggestions ------------------------------------------------------------------------------------------------------


def suggested(client, **query) -> list[str]:
    html = client.get("/knowledge/suggest/", query).content.decode()
    return re.findall(r'href="/knowledge/([a-z-]+)/"', html)


def test_a_form_gets_at_most_three_articles_for_its_service(client: Client, cast):
    client.force_login(cast.alice)
    assert len(suggested(client, q="mail")) == 3
    assert suggested(client, q="quarantene", service="email-security") == ["legitimate-mail-filtered"]
    assert suggested(client, q="quarantene", service="transactional-email") == []
    assert suggested(client, q="quarantene", service="unknown") == []
    # as the ticket form names its fields
    keys = dict(Service.objects.values_list("code", "pk"))
    both = [keys["sms"], keys["transactional-email"]]
    assert suggested(client, subject="bounce", services=both) == [
        "mail-does-not-reach-recipients",
        "deliverability-of-campaigns",
    ]
    assert suggested(client, subject="bounce", services=keys["sms"]) == []


def test_a_form_that_says_nothing_yet_is_pointed_to_the_shelves(client: Client, cast):
    client.force_login(cast.alice)
    for query in ({}, {"q": "  "}, {"q": "ma"}, {"subject": "xyzzyx"}):
        html = client.get("/knowledge/suggest/", query).content.decode()
        assert html.split() == ["<p><a", 'href="/knowledge/">Look', "into", "the", "knowledge", "base", "first</a></p>"]


# --- resources --------------------------------------------------------------------------------------------------------


def test_the_five_groups_stand_in_the_order_of_the_guide(client: Client, cast):
    client.force_login(cast.alice)
    html = client.get("/resources/").content.decode()
    assert re.findall(r'<h2 id="group-(\w+)">', html) == ["web", "sales", "technical", "offices", "other"]
    assert html.count('<li class="mb-3">') == 12
    assert "Version 2021-03, 1 Mar 2021" in plain(client.get("/resources/"))
    assert "Version online, always current" in plain(client.get("/resources/"))


def test_the_partner_manager_is_shown_to_the_own_partner_only(client: Client, cast):
    cast.alpine.partner_manager = cast.victor
    cast.alpine.save()
    client.force_login(cast.alice)
    assert "Victor, victor@desk.example" in plain(client.get("/resources/"))
    for reader in (cast.mallory, cast.carol, cast.lea):
        client.force_login(reader)
        assert "victor@desk.example" not in plain(client.get("/resources/"))


def test_the_references_of_covering_documents_are_the_own_partners(client: Client, cast):
    for partner, reference in ((cast.alpine, "MSA-73125"), (cast.other, "MSA-99999")):
        CoveringDocument.objects.create(
            partner=partner, covers="L1", title="Master Service Agreement", reference=reference, owner="partner"
        )
    client.force_login(cast.alice)
    text = plain(client.get("/resources/documents/"))
    assert ("MSA-73125" in text, "MSA-99999" in text, text.count("None recorded")) == (True, False, 3)
    client.force_login(cast.carol)
    text = plain(client.get("/resources/documents/"))
    assert ("MSA-73125" in text, "MSA-99999" in text, text.count("None recorded")) == (False, False, 4)


def test_all_tasks_of_all_levels_are_on_the_page(client: Client, cast):
    client.force_login(cast.alice)
    html = client.get("/resources/who-does-what/").content.decode()
    main = html[html.index("<main") :]
    assert (main.count("<table"), main.count('<th scope="row">')) == (3, 9)
    assert sum(cell.count("<li>") for cell in re.findall(r"<td>.*?</td>", main, re.DOTALL)) == 26


def test_each_service_leads_to_its_guide(client: Client, cast):
    client.force_login(cast.alice)
    html = client.get("/resources/implementation/").content.decode()
    assert re.findall(r'<th scope="row">([^<]+)</th>', html) == [
        "Email Security",
        "Transactional Email",
        "Cloud Fax",
        "SMS",
        "EDI",
    ]
    assert html.count('href="https://eas.retarus.com/"') == 5


# --- language ---------------------------------------------------------------------------------------------------------


def test_a_german_reader_reads_german(client: Client, cast):
    User.objects.filter(pk=cast.alice.pk).update(language="de")
    client.force_login(cast.alice)
    assert "Was tun, wenn Spam, Phishing oder Schadsoftware durchkommt" in plain(client.get(ARTICLE))
    assert "Postfächer verwalten" in plain(client.get("/knowledge/"))
    assert "Standorte" in plain(client.get("/resources/"))
    found = client.get("/knowledge/", {"q": "Postfach bekommt keine externen Mails"}).context["found"]
    assert [article.slug for article in found] == ["mailbox-without-external-mail"]


def test_the_language_cookie_wins(client: Client, cast):
    client.force_login(cast.alice)
    client.cookies["django_language"] = "de"
    assert "Was tun, wenn Spam" in plain(client.get(ARTICLE))
    client.cookies["django_language"] = "en"
    assert "What can I do when spam" in plain(client.get(ARTICLE))


# --- cost -------------------------------------------------------------------------------------------------------------

# session, login and contact are three of each
STATEMENTS = {
    "/knowledge/": 3,
    "/knowledge/?q=quarantine": 3,
    "/knowledge/?q=quarantene": 5,
    "/knowledge/suggest/?q=quarantine": 2,
    ARTICLE: 6,
    "/resources/": 4,
    "/resources/implementation/": 2,
    "/resources/documents/": 2,
    "/resources/who-does-what/": 1,
    "/announcements/": 2,
}


@pytest.mark.parametrize("more", [0, 30])
@pytest.mark.parametrize("page", STATEMENTS)
def test_more_rows_cost_no_more_statements(client: Client, cast, django_assert_num_queries, page, more):
    topics = Topic.objects.filter(slug__in=["quarantine", "processing"])
    for n in range(more):
        article = Article.objects.create(
            slug=f"more-{n}", question_en=f"Quarantine {n}", answer_en="1. One\n2. Two", published_at=timezone.now()
        )
        for topic in topics:
            Placement.objects.create(article=article, topic=topic, position=n)
        Resource.objects.create(group="other", title_en=f"More {n}", url="https://a.example/")
        Guide.objects.create(kind="partner", title_en="x", version=f"{n}", published_at=timezone.now())
    client.force_login(cast.alice)
    with django_assert_num_queries(STATEMENTS[page]):
        assert client.get(page).status_code == 200
