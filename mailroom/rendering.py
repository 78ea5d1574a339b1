"""A Delivery row becomes a mail, in its reader's language and time zone.

The same row always gives the same bytes, so that the one repeat a crash can cause is recognised by every mailbox.
"""

import logging
from datetime import UTC, datetime
from email.message import Message
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.utils import timezone, translation

from mailroom.models import Delivery

SUBJECT_MAX_LENGTH = 200

log = logging.getLogger(__name__)


class Mail(EmailMultiAlternatives):
    """Text and HTML with a boundary that is derived, where Python would draw it by chance."""

    def message(self) -> Message:  # type: ignore[override]  # the stubs name the classes Django happens to build
        message: Message = super().message()
        if message.is_multipart():
            message.set_boundary(f"={self.extra_headers['Message-ID'].strip('<>').partition('@')[0]}=")
        return message


def render(delivery: Delivery) -> Mail:
    """The mail as it will leave. Whatever a template or its values raise is the caller's to set aside."""
    values = {"site_url": settings.SITE_URL, "about": delivery.about, **with_moments(delivery.context)}
    with translation.override(delivery.language), timezone.override(zone(delivery)):
        mail = Mail(
            subject=one_line(text(f"mail/{delivery.template}.subject.txt", values)),
            body=text(f"mail/{delivery.template}.txt", values).strip() + "\n",
            to=[delivery.to],
            headers=headers(delivery),
        )
        html = Engine.get_default().get_template(f"mail/{delivery.template}.html").render(Context(values))
        mail.attach_alternative(html, "text/html")
    return mail


def headers(delivery: Delivery) -> dict[str, str]:
    """`Auto-Submitted` keeps other machines from answering (RFC 3834). The root of a thread is never sent itself:
    mailboxes group by the reference alone (RFC 5322, 3.6.4), so each reader's first mail needs no other's.
    """
    fixed = {
        "Message-ID": delivery.message_id,
        "Date": format_datetime(delivery.created_at.astimezone(UTC)),
        "Auto-Submitted": "auto-generated",
        "Content-Language": delivery.language,
    }
    if delivery.thread_id:
        fixed |= {"In-Reply-To": delivery.thread_id, "References": delivery.thread_id}
    return fixed


def text(template: str, values: dict[str, Any]) -> str:
    """Plain text: an ampersand is an ampersand, so nothing is escaped for HTML."""
    return Engine.get_default().get_template(template).render(Context(values, autoescape=False))


def one_line(subject: str) -> str:
    """Line breaks and other control characters become blanks: a subject can never begin a second header."""
    printable = "".join(letter if letter.isprintable() else " " for letter in subject)
    return " ".join(printable.split())[:SUBJECT_MAX_LENGTH]


def with_moments(value: Any) -> Any:
    """Values named `*_at`, at any depth, become aware moments; without an offset they are UTC. Bad ones raise."""
    if isinstance(value, dict):
        return {name: moment(part) if is_moment(name, part) else with_moments(part) for name, part in value.items()}
    if isinstance(value, list):
        return [with_moments(part) for part in value]
    return value


def is_moment(name: str, value: Any) -> bool:
    return name.endswith("_at") and isinstance(value, str) and value != ""


def moment(value: str) -> datetime:
    parsed = datetime.fromisoformat(value)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def zone(delivery: Delivery) -> ZoneInfo:
    """UTC for a zone nobody knows: templates name the zone beside the hour, so a late mail would be the worse fault."""
    try:
        return ZoneInfo(delivery.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        log.warning(
            "No time zone is called %r: the mail says UTC.", delivery.time_zone, extra={"delivery": delivery.pk}
        )
        return ZoneInfo("UTC")
