"""The clock as one more user of what can happen. Each is safe to run twice, late, or twice at the same time."""

import logging

from celery import shared_task
from django.utils import timezone

from contacts import lessons, workflow
from contacts.sessions import SessionStore

log = logging.getLogger(__name__)


@shared_task
def remind() -> int:
    """Of webinars that begin within a day."""
    reminded = lessons.remind(timezone.now())
    if reminded:
        log.info("reminded %d contacts of a webinar", reminded)
    return reminded


@shared_task
def warn() -> int:
    """Of steps whose time ends within a week."""
    warned = lessons.warn(timezone.now())
    if warned:
        log.info("warned of %d steps that end soon", warned)
    return warned


@shared_task
def forget_sessions() -> None:
    """Once a day: sessions that are over leave the database."""
    SessionStore.clear_expired()


@shared_task
def expire() -> None:
    """Once an hour: suspend whose ground has ended, tell who ends soon. Safe to run twice, late, or side by side."""
    now = timezone.now()
    suspended, named = workflow.suspend_ended(now), workflow.notice_expiring(now)
    if suspended or named:
        log.info("suspended %d contacts, %d end soon", suspended, named)
