"""Articles in the form: they come for what is typed, their ticks stay, and what became of them is kept once."""

import re
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from contacts.models import Contact, User
from kb.models import Article, ArticleStep, Outcome, Placement, Topic
from kb.models.outcomes import Tried, Verdict
from tests.cast import Cast
from tests.tickets.test_beside import missing
from tests.tickets.test_filing import NEW, errors, typed
from tickets import workflow
from tickets.models import Requirement, Ticket

ARTICLES, SOLVED, MISSING = "/tickets/new/articles/", "/tickets/new/solved/", "/tickets/new/missing/"
MAILBOX, CONFIGURED = "mailbox-without-external-mail", "configured-mailbox-without-mail"
UNREACHED, BILLED = "mail-does-not-reach-recipients", "more-addresses-billed-than-users"
CAMPAIGNS = "deliverability-of-campaigns"
NOTHING_MATCHES = {"subject": "xyzzy", "error_pattern": "", "description": "xyzzy", "examples-status": [""]}


def key(slug: str) -> int:
    return Article.objects.get(slug=slug).pk


def steps(slug: str) -> list[int]:
    return list(ArticleStep.objects.filter(article__slug=slug).order_by("position").values_list("pk", flat=True))


def asking(cast: Cast, about: str, **changes):
    """A form in which nothing but the subject tells what it is about."""
    return typed(cast, **{**NOTHING_MATCHES, "subject": about, **changes})


def shown(response) -> list[str]:
    return [each["article"].slug for each in response.context["articles"]]


def ticked(response) -> list[int]:
    return [
        int(pk) for pk in re.findall(r'name="steps" value="(\d+)" id="step-\d+" checked', response.content.decode())
    ]


def outcomes() -> list[tuple[str, str, list[str], bool]]:
    """Article, verdict, ticked steps, whether a ticket came."""
    return [
        (row.article.slug, row.verdict, [step["en"] for step in row.steps], row.ticket_opened_at is not None)
        for row in Outcome.objects.select_related("article").order_by("pk")
    ]


# --- which ones come --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typing", "first"),
    [
        ({"subject": "A mailbox never gets mail from outside"}, MAILBOX),
        ({"subject": "Postfach bekommt keine externen Mails"}, MAILBOX),
        ({"subject": "Mail in quarantene although it is wanted"}, "legitimate-mail-filtered"),
        ({"subject": "More adresses billed than we have users"}, BILLED),
        ({"subject": "Help", "description": "Spam and phishing get through"}, "unwanted-mail-not-filtered"),
        ({"error_pattern": "550 5.1.1 user unknown"}, UNREACHED),
        ({"error_pattern": "451 4.7.1 greylisted, try again"}, UNREACHED),
        ({"examples-status": ["4.2.2 mailbox full"]}, UNREACHED),
        ({"description": "smtp; 552 5.2.2 over quota"}, UNREACHED),
    ],
)  # fmt: skip
def test_what_is_typed_or_pasted_brings_the_article(client: Client, cast, typing, first):
    client.force_login(cast.alice)
    assert shown(client.post(ARTICLES, asking(cast, "", **typing)))[:1] == [first]


@pytest.mark.parametrize("typing", [{}, {"subject": "xyzzy"}, {"subject": "call 4711 and 5012"}, {"subject": "mail"}])
def test_what_says_nothing_brings_nothing_that_does_not_answer_it(client: Client, cast, typing):
    client.force_login(cast.alice)
    found = shown(client.post(ARTICLES, asking(cast, "", **typing)))
    assert found == [] or typing == {"subject": "mail"}
    assert len(found) <= 3


def test_the_chosen_service_narrows_them(client: Client, cast):
    client.force_login(cast.alice)
    form = asking(cast, "bounce", error_pattern="550 5.1.1", services=[cast.transactional_email.pk])
    assert shown(client.post(ARTICLES, form)) == [UNREACHED, CAMPAIGNS]
    assert shown(client.post(ARTICLES, form | {"services": [cast.cloud_fax.pk]})) == []


def test_drafts_stay_out_whatever_is_sent(client: Client, cast):
    secret = Article.objects.create(slug="secret", question_en="Zebrafish in the mailbox", answer_en="x")
    Placement.objects.create(article=secret, topic=Topic.objects.first())
    client.force_login(cast.alice)
    asked = [
        client.post(ARTICLES, asking(cast, "Zebrafish", shown=secret.pk, unsolved=secret.pk)),
        client.get(NEW, {"article": "secret"}),
    ]
    assert [shown(response) for response in asked] == [[], []]
    assert client.post(SOLVED, asking(cast, "Zebrafish", solved=secret.pk)).status_code == 400
    assert client.post(ARTICLES, asking(cast, "Zebrafish", not_solved=secret.pk)).status_code == 400
    client.post(NEW, typed(cast, shown=secret.pk))
    assert (Ticket.objects.count(), Outcome.objects.count()) == (1, 0)


# --- ticks stay -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [{"switch": "change"}, {"more": "1"}, {"look": "1"}, {"read": "1"}, {"subject": ""}])
def test_ticks_survive_whatever_brings_the_form_back(client: Client, cast, how):
    client.force_login(cast.alice)
    two = steps(MAILBOX)[:2]
    response = client.post(NEW, typed(cast, **{"shown": key(MAILBOX), "steps": two, **how}))
    assert response.status_code in {200, 422}
    assert ticked(response) == two
    assert MAILBOX in shown(response)


def test_a_ticked_article_stays_when_the_text_goes_elsewhere(client: Client, cast):
    client.force_login(cast.alice)
    form = asking(cast, "too many addresses billed", shown=[key(MAILBOX), key(CAMPAIGNS)], steps=steps(MAILBOX)[0])
    assert shown(client.post(ARTICLES, form)) == [MAILBOX, BILLED]


def test_the_articles_page_hands_its_ticks_to_the_form(client: Client, cast):
    client.force_login(cast.alice)
    page = client.get(f"/knowledge/{CONFIGURED}/").content.decode()
    assert re.findall(r'name="steps" value="(\d+)"', page) == [str(pk) for pk in steps(CONFIGURED)]
    response = client.get(NEW, {"article": CONFIGURED, "service": "email-security", "steps": steps(CONFIGURED)[:2]})
    assert (shown(response), ticked(response)) == ([CONFIGURED], steps(CONFIGURED)[:2])
    assert response.context["form"].initial["services"] == [cast.email_security.pk]


def test_what_was_ticked_on_one_articles_page_goes_on_to_the_next_and_into_the_form(client: Client, cast):
    client.force_login(cast.alice)
    on_the_way = {"service": "email-security", "shown": key(MAILBOX), "steps": steps(MAILBOX)[:1]}
    page = client.get(f"/knowledge/{CONFIGURED}/", on_the_way).content.decode()
    carried = re.findall(r'<input type="hidden" name="(shown|steps)" value="(\d+)">', page)
    assert carried == [
        ("shown", str(key(CONFIGURED))), ("shown", str(key(MAILBOX))), ("steps", str(steps(MAILBOX)[0]))
    ]  # fmt: skip
    sent = {"article": CONFIGURED, "shown": [key(CONFIGURED), key(MAILBOX)]}
    response = client.get(NEW, sent | {"steps": [steps(MAILBOX)[0], steps(CONFIGURED)[0]]})
    assert set(ticked(response)) == {steps(MAILBOX)[0], steps(CONFIGURED)[0]}


# --- solved -----------------------------------------------------------------------------------------------------------


def test_solved_ends_without_a_ticket_and_is_kept_once(client: Client, cast):
    client.force_login(cast.alice)
    form = asking(cast, "Mailbox without external mail", shown=key(MAILBOX), steps=steps(MAILBOX)[:2])
    pages = [client.post(SOLVED, form | {"solved": key(MAILBOX)}) for _click in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    assert "Solved without a ticket" in pages[0].content.decode()
    row = Outcome.objects.get()
    assert (row.contact, row.partner, row.article.slug, row.verdict, row.services, row.ticket_opened_at) == (
        cast.alice.contact, cast.alpine, MAILBOX, Verdict.SOLVED, ["email-security"], None
    )  # fmt: skip
    assert [step["de"] for step in row.steps] == [
        "Genaue Adresse in myEAS in den Einstellungen des E-Mail-Verzeichnisses nachgeschlagen",
        "Adresse in der zuletzt übermittelten Datei der Verzeichnissynchronisation gesucht",
    ]
    assert Ticket.objects.count() == 0


def hidden(response) -> dict[str, list[str]]:
    """What the page's way back sends."""
    found: dict[str, list[str]] = {}
    form = response.content.decode().split('<form method="post" enctype')[1]
    for name, value in re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', form):
        found.setdefault(name, []).append(value)
    return found


def test_solved_by_mistake_leads_back_to_everything_typed_and_takes_it_back(client: Client, cast):
    client.force_login(cast.alice)
    form = typed(cast, shown=key(MAILBOX), steps=steps(MAILBOX)[:2], solved=key(MAILBOX))
    back = hidden(client.post(SOLVED, form))
    response = client.post(NEW, back | {"not_solved": key(MAILBOX)})
    assert response.status_code == 200
    assert response.context["form"].initial["description"] == "Since this morning all mail to example.net comes back."
    assert ticked(response) == steps(MAILBOX)[:2]
    assert [(slug, verdict, ticket) for slug, verdict, _steps, ticket in outcomes()] == [(MAILBOX, "not solved", False)]
    assert client.post(NEW, back | {"unsolved": key(MAILBOX)}).status_code == 302
    assert [(slug, verdict, ticket) for slug, verdict, _steps, ticket in outcomes()] == [(MAILBOX, "not solved", True)]


def test_a_ticket_after_all_makes_solved_not_solved_also_without_its_article(client: Client, cast):
    client.force_login(cast.alice)
    client.post(SOLVED, typed(cast, shown=key(MAILBOX), solved=key(MAILBOX)))
    assert client.post(NEW, typed(cast)).status_code == 302
    assert outcomes() == [(MAILBOX, "not solved", [], True)]


def test_solved_after_its_ticket_shows_the_ticket(client: Client, cast):
    client.force_login(cast.alice)
    ticket = client.post(NEW, typed(cast, shown=key(MAILBOX)))["Location"]
    assert client.post(SOLVED, typed(cast, shown=key(MAILBOX), solved=key(MAILBOX)))["Location"] == ticket
    assert outcomes() == [(MAILBOX, "passed", [], True)]


def test_a_question_about_the_bill_names_whom_to_ask_instead(client: Client, cast):
    cast.alpine.partner_manager = cast.victor
    cast.alpine.save()
    client.force_login(cast.alice)
    box = client.post(ARTICLES, asking(cast, "More addresses billed than users")).content.decode()
    assert "This is settled without a technical ticket." in box
    page = client.post(SOLVED, asking(cast, "x", shown=key(BILLED), solved=key(BILLED))).content.decode()
    assert "A technical ticket is not needed." in page
    assert "victor@desk.example" in page
    assert Ticket.objects.count() == 0


# --- not solved -------------------------------------------------------------------------------------------------------


def test_not_solved_is_kept_and_brings_the_article_to_read_next(client: Client, cast):
    client.force_login(cast.alice)
    form = asking(cast, "Mailbox without external mail", shown=key(MAILBOX), steps=steps(MAILBOX)[:2])
    response = client.post(ARTICLES, form | {"not_solved": key(MAILBOX)})
    assert shown(response)[:2] == [MAILBOX, CONFIGURED]
    assert ticked(response) == steps(MAILBOX)[:2]
    assert [(slug, verdict, len(done), ticket) for slug, verdict, done, ticket in outcomes()] == [
        (MAILBOX, "not solved", 2, False)
    ]


def test_ticked_steps_are_what_was_done_so_far(client: Client, cast):
    """M6 is answered by them, in the panel, in the form and in the workflow; without them it is missing."""
    Requirement.objects.filter(item="triage").update(necessary=False)  # it would answer for them
    client.force_login(cast.alice)
    sent = typed(cast, actions_taken="", triage="", shown=key(MAILBOX), steps=steps(MAILBOX)[:2])
    assert missing(client.post(MISSING, sent)) == []
    assert missing(client.post(MISSING, sent | {"steps": []})) == ["actions_taken"]
    assert list(errors(client.post(NEW, sent | {"steps": []}))) == ["actions_taken"]
    assert client.post(NEW, sent).status_code == 302
    assert outcomes() == [
        (
            MAILBOX,
            "not solved",
            [
                "Looked up the exact address in the email directory settings of myEAS",
                "Looked for the address in the file that the directory synchronisation sent last",
            ],
            True,
        )
    ]


def test_steps_of_an_article_that_the_form_did_not_show_answer_nothing(client: Client, cast):
    Requirement.objects.filter(item="triage").update(necessary=False)
    client.force_login(cast.alice)
    forged = typed(cast, actions_taken="", triage="", shown=key(CAMPAIGNS), steps=[*steps(MAILBOX), 0, 999_999_999])
    assert list(errors(client.post(NEW, forged))) == ["actions_taken"]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Sent a test mail from an outside account"), ("de", "Test-E-Mail")]
)
def test_agent_and_contact_read_the_ticked_steps_in_their_own_language(client: Client, cast, language, said):
    client.force_login(cast.alice)
    client.post(NEW, typed(cast, shown=[key(MAILBOX), key(CAMPAIGNS)], steps=steps(MAILBOX)[3]))
    ticket = Ticket.objects.get()
    ArticleStep.objects.all().delete()  # what was tried stays as it read then
    User.objects.update(language=language)
    for reader, address in (
        (cast.alice, f"/tickets/{ticket.pk}/"),
        (cast.carol, f"/admin/tickets/ticket/{ticket.pk}/change/"),
    ):
        client.force_login(User.objects.get(pk=reader.pk))
        page = client.get(address).content.decode()
        assert said in page
        assert f"/knowledge/{MAILBOX}/" in page
        assert f"/knowledge/{CAMPAIGNS}/" not in page  # shown, and not tried


def test_what_was_shown_and_not_tried_is_kept_when_the_ticket_is_sent(client: Client, cast):
    client.force_login(cast.alice)
    form = typed(cast, shown=[key(MAILBOX), key(CAMPAIGNS)], steps=steps(MAILBOX)[0])
    for _click in range(2):
        client.post(NEW, form)
    assert [(slug, verdict) for slug, verdict, _steps, _ticket in outcomes()] == [
        (MAILBOX, "not solved"), (CAMPAIGNS, "passed")
    ]  # fmt: skip
    assert Ticket.objects.count() == 1


def test_what_was_said_is_not_unsaid_by_sending(client: Client, cast):
    client.force_login(cast.alice)
    client.post(ARTICLES, typed(cast, shown=key(MAILBOX), not_solved=key(MAILBOX)))
    client.post(NEW, typed(cast, shown=key(MAILBOX)))  # a second window that knows nothing of the click
    assert outcomes() == [(MAILBOX, "not solved", [], True)]


# --- whose ------------------------------------------------------------------------------------------------------------


def test_a_foreign_form_is_neither_answered_nor_taken_back(client: Client, cast):
    client.force_login(cast.alice)
    client.post(SOLVED, typed(cast, shown=key(MAILBOX), solved=key(MAILBOX)))
    client.force_login(cast.mallory)
    foreign = {"tenants": cast.other_tenant.pk, "shown": key(MAILBOX)}
    client.post(ARTICLES, typed(cast, **foreign, not_solved=key(MAILBOX)))
    client.post(NEW, typed(cast, **foreign))
    assert set(Outcome.objects.values_list("contact__user__name", "verdict")) == {
        ("Alice", "solved"), ("Mallory", "not solved")
    }  # fmt: skip
    assert set(Outcome.objects.visible_to(cast.bob).values_list("contact__user__name", flat=True)) == {"Alice"}
    assert Outcome.objects.visible_to(cast.carol).count() == 2


def test_who_may_not_open_tickets_saves_none(client: Client, cast):
    article = Tried(Article.objects.get(slug=MAILBOX))
    for verb in (workflow.end_without_ticket, workflow.go_on_to_ticket):
        with pytest.raises(workflow.NotAuthorized):
            verb(by=cast.max, submission=uuid.uuid4(), tried=article, services=[])
    for person in (cast.max, cast.carol):
        client.force_login(person)
        assert client.post(SOLVED, typed(cast, solved=key(MAILBOX))).status_code == 403
    assert not Outcome.objects.exists()


@pytest.mark.parametrize("nonsense", ["", "x", "-1", "0", "9" * 40, "\x00", "1.5", "٣"])
def test_nonsense_is_refused_without_an_error_of_ours(client: Client, cast, nonsense):
    client.force_login(cast.alice)
    sent = {name: nonsense for name in ("shown", "steps", "unsolved", "services", "article")}
    assert client.post(ARTICLES, typed(cast, **sent)).status_code == 200
    assert client.get(NEW, sent).status_code == 200
    for address, button in ((SOLVED, "solved"), (ARTICLES, "not_solved"), (NEW, "not_solved")):
        assert client.post(address, typed(cast, **{button: nonsense})).status_code in {200, 400}
        assert client.post(address, typed(cast, submission=nonsense, **{button: key(MAILBOX)})).status_code == 400
    assert not Outcome.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"verdict": "perhaps"},
        {"verdict": "solved", "ticket_opened_at": timezone.now()},
        {"verdict": "passed", "ticket_opened_at": None},
    ],
)
def test_the_database_refuses_outcomes_that_cannot_be(cast, wrong):
    row = {
        "contact": Contact.objects.get(user=cast.alice),
        "partner": cast.alpine,
        "article": Article.objects.get(slug=MAILBOX),
        "submission": uuid.uuid4(),
        "said_at": timezone.now(),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.create(**row | wrong)


# --- cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [0, 40])
def test_the_articles_cost_the_same_among_few_and_among_many(client: Client, cast, more, django_assert_num_queries):
    topic = Topic.objects.get(slug="quarantine")
    for n in range(more):
        article = Article.objects.create(
            slug=f"more-{n}", question_en=f"Mail number {n} bounces", answer_en="x", published_at=timezone.now()
        )
        Placement.objects.create(article=article, topic=topic)
        ArticleStep.objects.create(article=article, text_en="Look")
    client.force_login(cast.alice)
    form = typed(cast, shown=key(MAILBOX), steps=steps(MAILBOX)[0], unsolved=key(MAILBOX))
    with django_assert_num_queries(4):  # the reader; the best ones, they themselves, their steps
        assert len(shown(client.post(ARTICLES, form))) >= 3
    with django_assert_num_queries(4):
        client.post(ARTICLES, typed(cast, subject="bonces quarantene nowwhere"))
    with django_assert_num_queries(1):
        client.post(ARTICLES, {})
