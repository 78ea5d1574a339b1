"""The ways in: sign-in, reset, change, second factor; and what they keep to themselves."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from contacts.adapter import AccountAdapter
from contacts.models import User
from mailroom.models import Delivery
from tests.contacts.invitations import PASSWORD

LOGIN = "/account/login/"
NEW = "Acht Gipfel in der Sonne"


@pytest.fixture
def bob(cast):
    cast.bob.set_password(PASSWORD)
    cast.bob.save()
    return cast.bob


@pytest.fixture(autouse=True)
def attempts(db):
    cache.clear()


def sign_in(client, email, password=PASSWORD, path=LOGIN):
    return client.post(path, {"login": email, "password": password})


def reset_link():
    row = Delivery.objects.filter(template="account").latest("pk")
    return re.search(r"http://localhost:8000(/account/password/reset/key/\S+)", row.context["text"])[1]


def test_a_contact_signs_in_by_address_in_any_case_and_lands_at_home(client, bob):
    response = sign_in(client, "Bob@Alpine.Example")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(bob.pk)


def test_the_session_gets_a_new_id_at_sign_in(client, bob):
    client.get(LOGIN)
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client, bob.email)
    assert client.session.session_key != before


def test_wrong_password_and_unknown_address_get_the_same_answer(client, bob):
    answers = [
        sign_in(client, email, "wrong password").context["form"].errors
        for email in (bob.email, "nobody@alpine.example")
    ]
    assert answers[0] == answers[1] == {"__all__": ["The e-mail address or the password is not right."]}


def test_an_address_outside_is_never_redirected_to(client, bob):
    response = sign_in(client, bob.email, path=f"{LOGIN}?next=https://evil.example/")
    assert response["Location"] == "/"


def test_after_five_wrong_passwords_the_right_one_has_to_wait(client, bob):
    for _ in range(5):
        sign_in(client, bob.email, "wrong password")
    response = sign_in(client, bob.email)
    assert response.context["form"].errors == {
        "__all__": ["Too many failed attempts. Wait five minutes, then try again."]
    }
    assert "_auth_user_id" not in client.session


def test_too_many_requests_for_a_reset_get_a_page_of_ours(client, bob):
    for _ in range(21):
        response = client.post("/account/password/reset/", {"email": f"a{_}@alpine.example"})
    assert response.status_code == 429
    assert b"Too many attempts" in response.content


def test_nobody_signs_up_and_nobody_changes_the_address(client, bob):
    for name in ("account_signup", "account_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    client.force_login(bob)
    for path in ("/account/signup/", "/account/email/", "/accounts/signup/", "/account/"):
        assert client.get(path).status_code == 404


def test_a_forgotten_password_is_reset_through_the_outbox(client, bob):
    answer = client.post("/account/password/reset/", {"email": bob.email})
    assert answer["Location"] == "/account/password/reset/done/"
    row = Delivery.objects.get()
    assert (row.to, row.template, row.secret) == (bob.email, "account", True)
    assert row.context["subject"] == "Choose a new password for PartnerDesk"
    page = client.get(reset_link(), follow=True)
    assert reset_link() not in page.request["PATH_INFO"]  # the secret leaves the address at once
    done = client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)
    assert b"The new password is set" in done.content
    assert "_auth_user_id" not in client.session  # a reset does not sign in, so it cannot skip the second factor
    assert sign_in(client, bob.email, NEW).status_code == 302


def test_a_reset_link_works_once(client, bob):
    client.post("/account/password/reset/", {"email": bob.email})
    link = reset_link()
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert b"This link cannot be used" in client.get(link, follow=True).content


def test_unknown_addresses_get_no_mail_and_the_same_page(client, bob):
    pages = [
        client.post("/account/password/reset/", {"email": email}, follow=True).content
        for email in (bob.email, "nobody@alpine.example", "victim@elsewhere.example")
    ]
    assert len({re.sub(rb"[A-Za-z0-9]{64}", b"(token)", page) for page in pages}) == 1
    assert [row.to for row in Delivery.objects.all()] == [bob.email]


def test_the_adapter_itself_mails_nobody_it_does_not_know(db):
    AccountAdapter().send_mail("account/email/password_reset_key", "victim@elsewhere.example", {})
    assert Delivery.objects.count() == 0


def test_one_invited_but_not_yet_in_cannot_come_in_by_a_reset(client, bob):
    User.objects.filter(pk=bob.pk).update(is_active=False)
    client.post("/account/password/reset/", {"email": bob.email})
    assert Delivery.objects.count() == 0


def test_the_mail_is_in_its_readers_language_and_names_our_own_address(client, bob, settings):
    settings.ALLOWED_HOSTS = ["*"]
    User.objects.filter(pk=bob.pk).update(language="de")
    client.post("/account/password/reset/", {"email": bob.email}, headers={"host": "evil.example"})
    row = Delivery.objects.get()
    assert row.language == "de"
    assert "evil" not in row.context["text"]
    assert "http://localhost:8000/account/password/reset/key/" in row.context["text"]


def test_changing_the_password_needs_the_present_one_and_ends_other_sessions(client, bob):
    sign_in(client, bob.email)
    other = client.__class__()
    sign_in(other, bob.email)
    path = "/account/password/change/"
    wrong = client.post(path, {"oldpassword": "not mine", "password1": NEW, "password2": NEW})
    assert wrong.context["form"].errors == {"oldpassword": ["This is not your present password."]}
    client.post(path, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert client.get("/account/password/change/").status_code == 200
    assert other.get("/account/password/change/").status_code == 302


@pytest.mark.parametrize(
    "password", ["retarus1234", "PartnerDesk!1", "1234567890", "bob@alpine.example", "password123"]
)
def test_weak_passwords_are_refused(client, bob, password):
    sign_in(client, bob.email)
    data = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert client.post("/account/password/change/", data).context["form"].errors
    assert User.objects.get(pk=bob.pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    "password", ["  with blanks around  ", "nur kleine buchstaben", "пароль из слов и знаков", "x7" * 32, "y8" * 64]
)
def test_long_and_unusual_passwords_are_taken_as_typed(client, bob, password):
    sign_in(client, bob.email)
    data = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    client.post("/account/password/change/", data)
    assert User.objects.get(pk=bob.pk).check_password(password)


def test_signing_out_is_a_post_and_ends_the_session(client, bob):
    sign_in(client, bob.email)
    client.get("/account/logout/")
    assert "_auth_user_id" in client.session
    assert client.post("/account/logout/")["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_the_admin_has_no_sign_in_of_its_own(client):
    response = client.get("/admin/login/?next=/admin/")
    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=%2Fadmin%2F")


def code(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_the_second_factor_is_switched_on_asked_for_and_accepts_a_code_once(client, bob):
    sign_in(client, bob.email)
    asked = client.get("/account/second-factor/totp/activate/")  # the password again: a session may be borrowed
    page = client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    assert client.post("/account/second-factor/totp/activate/", {"code": code(secret)}).status_code == 302
    assert Authenticator.objects.filter(user=bob, type="totp").count() == 1
    for path in ("", "recovery-codes/", "recovery-codes/generate/", "totp/deactivate/"):
        assert client.get(f"/account/second-factor/{path}").status_code == 200
    client.post("/account/logout/")
    cache.clear()
    asked = sign_in(client, bob.email)
    assert asked["Location"].startswith("/account/second-factor/authenticate/")
    assert client.get("/tickets/").status_code == 302
    assert client.post("/account/second-factor/authenticate/", {"code": "000000"}).status_code == 200
    assert client.post("/account/second-factor/authenticate/", {"code": code(secret)}).status_code == 302
    assert client.session["_auth_user_id"] == str(bob.pk)
    replayed = client.__class__()
    sign_in(replayed, bob.email)
    replayed.post("/account/second-factor/authenticate/", {"code": code(secret)})
    assert "_auth_user_id" not in replayed.session


@pytest.mark.parametrize(
    "path", ["login/", "password/reset/", "password/reset/done/", "password/reset/key/done/", "inactive/"]
)
def test_each_page_on_the_way_in_renders_for_strangers(client, path):
    assert client.get(f"/account/{path}").status_code == 200


@pytest.mark.parametrize("path", ["password/change/", "password/set/", "reauthenticate/", "logout/", "second-factor/"])
def test_each_page_about_the_own_login_answers(client, bob, path):
    client.force_login(bob)
    assert client.get(f"/account/{path}").status_code in (200, 302)


def test_the_page_behind_a_reset_link_is_kept_as_private_as_the_link(client, bob):
    client.post("/account/password/reset/", {"email": bob.email})
    for address in (link := reset_link(), client.get(link)["Location"]):
        response = client.get(address)
        assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "same-origin")
