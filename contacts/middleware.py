"""Each request in its reader's language and time zone, and no page of a signed-in reader in any cache."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


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
