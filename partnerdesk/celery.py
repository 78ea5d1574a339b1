"""The Celery app: its worker sends what stands in the outbox, its clock (beat) starts the sweeps.

Redis carries nothing but "look now". What is due stands in Postgres, so a flushed broker or a killed worker
loses nothing: the next sweep asks the database again.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerdesk.settings")

app = Celery("partnerdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
