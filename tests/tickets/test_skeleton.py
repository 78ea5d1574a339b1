"""The form's skeleton: rendered once, the same as rendered anew, and nobody's words in it."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.template import Context
from django.utils import translation

from contacts.models import Tenant, User
from tickets import skeleton
from tickets.forms import OpeningForm
from tickets.models import Requirement
from tickets.offer import offer_for
from tickets.requirements import TicketType

NEW = "/tickets/new/"
SCRIPT = "<script>alert('{{ x }}')</script>{% slot %}"


@pytest.fixture(autouse=True)
def nothing_kept():
    skeleton.kept.clear()


def form_of(user, ticket_type=TicketType.INCIDENT, **initial):
    return OpeningForm(ticket_type=ticket_type, offer=offer_for(User.objects.get(pk=user.pk).contact), initial=initial)


def drawn(form, language="en"):
    with translation.override(language):
        return form.helper.render_layout(form, Context({}))


def body(response):
    """The page without what is another in each one: the token, the submission and the draft's signed key."""
    own = r"\b([A-Za-z0-9]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w-]+:\w{6}:[\w-]{43})(?![\w-])"
    return re.sub(own, "", response.content.decode())


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", TicketType.values)
@pytest.mark.parametrize("name", ["alice", "bob", "mallory"])
def test_a_kept_form_is_the_form_rendered_anew(client, cast, name, kind, language):
    for warm in ("alice", "bob", "mallory"):  # whatever others left behind
        client.force_login(getattr(cast, warm))
        client.get(f"{NEW}?type={kind}", headers={"accept-language": language})
    user = getattr(cast, name)
    User.objects.filter(pk=user.pk).update(language=language)
    client.force_login(user)
    kept = body(client.get(f"{NEW}?type={kind}"))
    assert kept == body(client.get(f"{NEW}?type={kind}"))
    skeleton.kept.clear()
    assert kept == body(client.get(f"{NEW}?type={kind}"))


def test_the_second_reader_costs_hardly_a_field(client, cast):
    client.force_login(cast.bob)
    client.get(NEW)
    fields = set(skeleton.kept)
    client.force_login(cast.alice)
    client.get(NEW)
    assert set(skeleton.kept) == fields
    names = {key[4] for key in fields}
    assert names.isdisjoint({"tenants", "contact_persons", "known_issue", "submission", "phone", "attachments"})
    assert {"subject", "description", "impact", "examples"} <= names


def test_an_edited_reason_and_an_edited_need_show_at_once_in_both_languages(client, cast):
    client.force_login(cast.alice)
    client.get(NEW)
    cell = Requirement.objects.filter(type="incident", item="interface")
    cell.update(reason_en="We ask this.", reason_de="Wir fragen.", necessary=True)
    page = client.get(NEW).content.decode()
    assert "We ask this." in page
    User.objects.filter(pk=cast.alice.pk).update(language="de")
    assert "Wir fragen." in client.get(NEW).content.decode()
    cell.update(necessary=False, reason_en="Another.")
    User.objects.filter(pk=cast.alice.pk).update(language="en")
    page = client.get(NEW).content.decode()
    assert ("Another." in page, "We ask" in page) == (True, False)


def test_names_of_tenants_stay_text_and_stay_with_their_partner(client, cast):
    Tenant.objects.filter(pk=cast.rs1.pk).update(name=SCRIPT)
    client.force_login(cast.bob)
    page = client.get(NEW).content.decode()
    assert ("<script>alert" in page, "&lt;script&gt;alert(&#x27;{{ x }}&#x27;)" in page) == (False, True)
    client.force_login(cast.mallory)
    assert "alert(" not in client.get(NEW).content.decode()


def test_what_was_typed_is_shown_and_not_kept(cast):
    drawn(form_of(cast.alice))
    before = dict(skeleton.kept)
    page = drawn(form_of(cast.alice, subject="typed by Alice", description="so was this", phone="+49 89 1"))
    assert ("typed by Alice" in page, "so was this" in page, "+49 89 1" in page) == (True, True, True)
    assert skeleton.kept == before
    assert "typed by Alice" not in drawn(form_of(cast.bob))


def test_a_wrong_form_is_rendered_anew(client, cast):
    client.force_login(cast.alice)
    client.get(NEW)
    before = dict(skeleton.kept)
    page = client.post(NEW, {"type": "incident"}).content.decode()
    assert ("is-invalid" in page, skeleton.kept == before) == (True, True)
    assert "is-invalid" not in client.get(NEW).content.decode()


def test_languages_in_threads_do_not_mix(cast):
    forms = {language: form_of(cast.alice) for language in ("en", "de")}
    alone = {language: drawn(form, language) for language, form in forms.items()}
    skeleton.kept.clear()
    tasks = [(form_of(cast.alice), language) for language in ("en", "de") * 20]
    with ThreadPoolExecutor(4) as threads:
        for (_form, language), page in zip(tasks, threads.map(lambda task: drawn(*task), tasks), strict=True):
            assert page == alone[language]


def test_what_is_kept_has_an_end(cast, monkeypatch):
    monkeypatch.setattr(skeleton, "AT_MOST", 5)
    drawn(form_of(cast.alice))
    assert len(skeleton.kept) <= 5
