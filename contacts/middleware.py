"""Who asks; each request in its reader's language and time zone, and no page of a signed-in reader in any cache."""

from collections.abc import Callable
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from contacts.models import User
from contacts.sessions import SessionStore


class WhoAsksMiddleware(AuthenticationMiddleware):
    """Django's own, with the login that came with the session where that one is beyond doubt."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = cast(User, SimpleLazyObject(lambda: who_asks(request)))


def who_asks(request: HttpRequest) -> User | AnonymousUser:
    """Whatever is not plainly in order (old key, changed password, deactivated, forged) Django itself decides."""
    session: SessionStore = request.session  # type: ignore[assignment]  # by SESSION_ENGINE
    signed_in_by = session.get(auth.BACKEND_SESSION_KEY)  # reads the session, and its reader with it
    user = session.reader
    if user is None or signed_in_by not in settings.AUTHENTICATION_BACKENDS or not holds(session, user):
        return auth.get_user(request)
    return user


def holds(session: SessionStore, user: User) -> bool:
    """Begun by this login, with the password it has now, and it may sign in."""
    begun_with: str = session.get(auth.HASH_SESSION_KEY, "")
    return (
        session.get(auth.SESSION_KEY) == str(user.pk)
        and user.is_active
        and constant_time_compare(begun_with, user.get_session_auth_hash())
    )


class ReaderMiddleware:
    """A signed-in reader's own language wins over the browser's, unless the language cookie says otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(("/static/", "/healthz", "/readyz")):
            return self.get_response(request)
        was_signed_in = request.user.is_authenticated
        if request.user.is_authenticated:
            timezone.activate(ZoneInfo(request.user.time_zone))
            if not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
                translation.activate(request.user.language)
                request.LANGUAGE_CODE = request.user.language
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        response.headers.setdefault("Content-Language", translation.get_language())
        if was_signed_in or request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
