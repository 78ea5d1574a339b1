"""Words that stand on our own letterhead make poor passwords."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OWN_WORDS = ("retarus", "partnerdesk", "eas portal", "myeas")


class OwnWordsValidator:
    def validate(self, password: str, user: object = None) -> None:
        """Refuse a password that is mostly a name of ours: `Retarus2026!`, but not a sentence that mentions it."""
        lowered = password.lower()
        if any(word in lowered and len(password) < len(word) + 8 for word in OWN_WORDS):
            raise ValidationError(_("This password is built on a company or product name. Choose other words."))

    def get_help_text(self) -> str:
        return _("Don't build it on a company or product name.")
