"""How allauth behaves here: nobody signs up, and its mails leave through the outbox like all others."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from mailroom.models import Delivery


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no type marker
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, context)
        Delivery.objects.queue(
            [
                Delivery(
                    key=f"account:{secrets.token_hex(16)}",
                    to=email,
                    template="account",
                    context={"subject": str(message.subject), "text": str(message.body)},
                    secret=True,
                )
            ]
        )
