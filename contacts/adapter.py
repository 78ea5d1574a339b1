"""How allauth behaves here: nobody signs up, and its mails leave through the outbox like all others."""

import secrets
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from contacts.models import User
from mailroom.models import Delivery

#: Words of allauth's forms that its own German says with Du. Named here, they are in our catalog, which comes first.
SAID_BY_ALLAUTH = (gettext_noop("You must type the same password each time."),)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no type marker
    error_messages: ClassVar[dict[str, str | Promise]] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _("Too many failed attempts. Wait five minutes, then try again."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("The password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """From our own settings: the host a request names is never written into a mail."""
        uid, _dash, rest = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": rest})
        return f"{settings.SITE_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Only to a login that may sign in, in its own language. Others get nothing and the page says the same."""
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            return
        with translation.override(user.language), timezone.override(ZoneInfo(user.time_zone)):
            message = self.render_mail(template_prefix, email, context)
        row = Delivery(
            key=f"account:{secrets.token_hex(16)}",
            to=user.email,
            language=user.language,
            time_zone=user.time_zone,
            template="account",
            context={"subject": str(message.subject), "text": str(message.body)},
            secret=True,
        )
        Delivery.objects.queue([row])
