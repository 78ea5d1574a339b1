"""One JSON object a log line, with the id of the request, or of the worker's task, that caused it."""

import json
import logging
import logging.config
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from celery import current_task
from django.http import HttpRequest, HttpResponse

request_id: ContextVar[str] = ContextVar("request_id", default="")

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request"}


#: One-time links open a login to whoever reads them, also in a log.
LINKS = re.compile(r"(/invitation/|/password/reset/key/)[^/\s\"\\\\]+")


class JsonFormatter(logging.Formatter):
    """Moments in UTC (RFC 3339). Line breaks are escaped by JSON itself, so no input can forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id.get(),
            "task_id": current_task.request.id if current_task else "",
        }
        line |= {name: value for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        written = json.dumps({name: value for name, value in line.items() if value != ""}, default=str)
        return LINKS.sub(r"\1(secret)", written)


def as_dict(level: str) -> dict[str, Any]:
    """For logging.config: all to stderr as JSON, from `level` on, one of the names of Python's logging."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
    }


def configure(options: dict[str, Any]) -> None:
    """Called by Django with the LOGGING setting: `level`."""
    logging.config.dictConfig(as_dict(options["level"]))


class RequestIdMiddleware:
    """Gives each request an id, in the logs and in the answer's `X-Request-ID`, and logs one line when it is done."""

    log = logging.getLogger("partnerdesk.request")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex)
        started_at = datetime.now(UTC)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            took = (datetime.now(UTC) - started_at).total_seconds()
            self.log.info(
                "%s %s %s",
                request.method,
                request.path,
                response.status_code,
                extra={"status": response.status_code, "ms": round(took * 1000, 1), "user": reader(request)},
            )
            return response
        finally:
            request_id.reset(token)


def reader(request: HttpRequest) -> int | str:
    """The signed-in user's key, without a query for those who never asked who it is."""
    user = getattr(request, "_cached_user", None)
    return user.pk or "" if user is not None else ""
