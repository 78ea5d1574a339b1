"""The clock as one more user of the workflow."""

import logging

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
