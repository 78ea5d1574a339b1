"""What staff may do, without asking again what came with the session."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import AnonymousUser

from contacts.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no type marker
    def get_all_permissions(self, user_obj: User | AnonymousUser, obj: Any = None) -> set[str]:
        rights = getattr(user_obj, "rights", None)
        if rights is None or obj is not None or not user_obj.is_active or user_obj.is_superuser:
            found: set[str] = super().get_all_permissions(user_obj, obj)
            return found
        return set(rights)
