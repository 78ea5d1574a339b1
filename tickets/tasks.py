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
