"""What is larger than anything the portal takes, or no text, is refused before it is worked on."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class RequestLimitMiddleware:
    """Answers 413 by the announced length alone. What announces none is read as empty (RFC 9110, 8.6)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if not announced.isdigit() or int(announced) > settings.REQUEST_MAX_BYTES:
            return render(request, "413.html", {"limit": settings.REQUEST_MAX_BYTES}, status=413)
        return self.get_response(request)


class RequestTextMiddleware:
    """Answers 400 to text in another encoding than UTF-8, which may hold half characters, and to a NUL in a filter of
    the admin, which asks the database for it. The pages' own fields and searches know what to do with a NUL.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (request.content_params or {}).get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
            request.encoding = "utf-8"  # the page that says so reads the address too
            raise BadRequest("text must come as UTF-8")
        if request.path.startswith("/admin/") and any(
            "\0" in value for name, values in request.GET.lists() if name != "q" for value in values
        ):
            raise BadRequest("a filter holds a NUL")
        return self.get_response(request)
