"""Who is told what about contacts. Delivery rows in the caller's transaction; nothing is sent here."""

from django.conf import settings
from django.urls import reverse

from contacts.models import Invitation, User
from mailroom.models import Delivery


def invited(invitation: Invitation, *, by: User, token: str) -> None:
    """The one mail that carries the token. Its context is wiped once it is sent."""
    contact = invitation.contact
    Delivery.objects.queue(
        [
            Delivery(
                key=f"invitation:{invitation.pk}",
                to=contact.user.email,
                language=contact.user.language,
                time_zone=contact.user.time_zone,
                template="invitation",
                context={
                    "name": contact.user.name,
                    "partner": contact.partner.name,
                    "invited_by": by.name,
                    "url": settings.SITE_URL + reverse("contacts:invitation", args=[token]),
                    "expires_at": invitation.expires_at,
                },
                secret=True,
            )
        ]
    )
