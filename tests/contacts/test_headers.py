"""What every answer tells the browser, and the pages that say that something failed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import path

from tests.contacts.invitations import PASSWORD

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
}


def test_every_answer_carries_the_strict_headers(client, cast):
    strangers = client.get("/account/login/")
    missing = client.get("/nowhere/")
    client.force_login(cast.anna)
    for response in (strangers, missing, client.get("/contacts/"), client.get("/contacts/0/")):
        assert set(response["Content-Security-Policy"].split("; ")) == POLICY
        assert {
            name: response[name]
            for name in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")
        } == {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }


def test_pages_of_signed_in_readers_are_kept_nowhere(client, cast):
    client.force_login(cast.anna)
    for address in ("/contacts/", "/contacts/invite/", "/contacts/0/", "/account/password/change/"):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, cast):
    cast.anna.set_password(PASSWORD)
    cast.anna.save()
    client.post("/account/login/", {"login": cast.anna.email, "password": PASSWORD})
    assert {name: (cookie["httponly"], cookie["samesite"]) for name, cookie in client.cookies.items()} == {
        "sessionid": (True, "Lax"),
        "csrftoken": (True, "Lax"),
    }


PRODUCTION = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
plain = Client().get("/account/login/", headers={"host": "desk.test"})
secure = Client().get("/account/login/", headers={"host": "desk.test"}, secure=True)
print(json.dumps({
    "plain": [plain.status_code, plain.get("Location")],
    "hsts": secure.get("Strict-Transport-Security"),
    "cookies": {name: [bool(c["secure"]), c["path"], c["domain"]] for name, c in secure.cookies.items()},
    "session": settings.SESSION_COOKIE_NAME,
}))
"""


def test_production_insists_on_tls_and_ties_cookies_to_the_host(db, settings, tmp_path):
    database = settings.DATABASES["default"]
    url = f"postgres://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    env = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "partnerdesk.settings",
        "SECRET_KEY": "abcdefghij" * 6,
        "DATABASE_URL": url,
        "SITE_URL": "https://desk.test",
        "STATIC_ROOT": str(tmp_path),
        "LOG_LEVEL": "CRITICAL",
    }
    root = Path(__file__).parents[2]
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(collect, env=env, cwd=root, check=True, capture_output=True)
    run = subprocess.run([sys.executable, "-c", PRODUCTION], env=env, cwd=root, check=True, capture_output=True)
    assert json.loads(run.stdout.splitlines()[-1]) == {
        "plain": [301, "https://desk.test/account/login/"],
        "hsts": "max-age=31536000; includeSubDomains; preload",
        "cookies": {"__Host-csrf": [True, "/", ""]},
        "session": "__Host-session",
    }


def forbidden(request):
    raise PermissionDenied


def malformed(request):
    raise SuspiciousOperation


def broken(request):
    raise ZeroDivisionError


def posted(request):
    return HttpResponse("ok")


def with_faults():
    from partnerdesk import urls  # noqa: PLC0415  # only here, so that the tests' own addresses come first

    return [
        path("forbidden/", forbidden),
        path("malformed/", malformed),
        path("broken/", broken),
        path("posted/", posted),
        *urls.urlpatterns,
    ]


urlpatterns: list[object] = []


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/malformed/", 400, "This request was not understood"),
        ("/forbidden/", 403, "You may not do this"),
        ("/nowhere/", 404, "There is nothing here"),
        ("/broken/", 500, "Something went wrong on our side"),
    ],
)
def test_every_error_has_a_page_of_ours(client, cast, address, status, words, signed_in, language):
    urlpatterns[:] = with_faults()
    client.raise_request_exception = False
    client.cookies["django_language"] = language
    if signed_in:
        client.force_login(cast.anna)
    with override_settings(ROOT_URLCONF=__name__):
        response = client.get(address)
    assert response.status_code == status
    assert "<h1>" in response.text
    assert "Traceback" not in response.text
    if language == "en":
        assert f"<h1>{words}</h1>" in response.text


def test_a_form_without_its_token_gets_a_page_of_ours(cast):
    from django.test import Client  # noqa: PLC0415

    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.anna)
    response = client.post("/contacts/invite/", {})
    assert (response.status_code, "<h1>This form is too old</h1>" in response.text) == (403, True)


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "413", "429", "500"])
def test_each_error_page_renders_without_a_request(name):
    assert "<h1>" in render_to_string(f"{name}.html")
