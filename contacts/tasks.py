"""What the clock does for logins."""

from celery import shared_task

from contacts.sessions import SessionStore


@shared_task
def forget_sessions() -> None:
    """Once a day: sessions that are over leave the database."""
    SessionStore.clear_expired()
