"""The clock as one more user of the workflow."""

import logging
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from tickets import workflow

log = logging.getLogger(__name__)


@shared_task
def sweep() -> int:
    """Once a minute: notice what is overdue. Safe to run twice, late, or twice at the same time."""
    noticed = workflow.notice_overdue(timezone.now())
    if noticed:
        log.info("noticed %d overdue tickets", noticed)
    return noticed


@shared_task
def tell() -> int:
    """Every few seconds: what is new on known issues goes to the partners who joined them. Safe as above."""
    told = workflow.tell_known_issues(timezone.now())
    if told:
        log.info("told %d partners what is new on known issues", told)
    return told


@shared_task
def settle() -> int:
    """Once a minute: three days of silence after "Is it fixed for you?" resolve a ticket. Safe as above."""
    settled = workflow.settle_confirmed_by_silence(timezone.now())
    if settled:
        log.info("resolved %d tickets that nobody objected to", settled)
    return settled


#: Each hour looks through every so-many-th folder of the files, so that each has been looked through in a day.
HOURS = 24


@shared_task
def tidy() -> None:
    """Once an hour: old drafts are told of, then ended, and files that nothing names are removed. Safe to run twice."""
    now = timezone.now()
    warned, ended = workflow.warn_of_expiry(now), workflow.expire_drafts(now)
    workflow.remove_orphans(now, folders=folders_of(now))
    if warned or ended:
        log.info("told of %d drafts that will end, ended %d", warned, ended)


def folders_of(now: datetime) -> slice:
    return slice(now.hour, None, HOURS)
