"""What a load balancer and a monitor ask. No sign-in, no cookie, no names: numbers and yes or no.

`/healthz` says that the process answers; it asks nobody else, so a database that is down restarts no web server.

`/readyz` says whether this portal does its work. It answers 503 when the database is away, or when a mail has been
waiting for a worker longer than WAITING_LIMIT: then the worker or the clock is down. A mail that was tried and waits
for its next try (a full mailbox, a mail server that is down) is told as `oldest_unsent_seconds` and takes no portal
off the line, and neither does a broker that is away: what is due stands in Postgres, and the sweep sends it.
"""

import logging
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.db import DatabaseError, connection
from django.db.models import Min, Q
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mailroom.models import Delivery

WAITING_LIMIT = timedelta(minutes=15)
BROKER_SECONDS = 1

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outbox:
    """Ages in whole seconds, None when there is no such mail: of the oldest unsent one, and of the longest wait of a
    mail that no worker has taken although it is due.
    """

    oldest_unsent_seconds: int | None = None
    longest_wait_seconds: int | None = None


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    database = True
    try:
        outbox = outbox_at(timezone.now())
    except DatabaseError:
        log.exception("The database does not answer.")
        connection.close()  # a broken connection is not kept for the next request
        database, outbox = False, Outbox()
    ready = database and (outbox.longest_wait_seconds or 0) <= WAITING_LIMIT.total_seconds()
    facts = {"ready": ready, "database": database, "broker": broker_answers(), **asdict(outbox)}
    return JsonResponse(facts, status=200 if ready else 503)


def outbox_at(now: datetime) -> Outbox:
    """One query over the few rows of the outbox's partial index. A new mail waits since it was made."""
    due = Q(next_attempt_at__lte=now)
    found = Delivery.objects.unsent().aggregate(
        oldest=Min("created_at"),
        untried=Min("created_at", filter=due & Q(attempts=0)),
        again=Min("next_attempt_at", filter=due & Q(attempts__gt=0)),
    )
    waiting = [moment for moment in (found["untried"], found["again"]) if moment]
    return Outbox(seconds_between(found["oldest"], now), seconds_between(min(waiting, default=None), now))


def seconds_between(moment: datetime | None, now: datetime) -> int | None:
    return None if moment is None else int((now - moment).total_seconds())


def broker_answers() -> bool:
    patience = {"socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    try:
        with current_app.connection_for_write(transport_options=patience) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
    except Exception as error:  # each transport has its own family of errors
        log.warning("The broker does not answer: %s", error)
        return False
    return True
