"""Logins, of contacts and of the vendor's staff."""

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts import gate, licence
from contacts.licence import Action, Matter, Refusal

if TYPE_CHECKING:
    from contacts.models.contacts import Contact


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A login. Its name is the e-mail address, kept in lower case, which the database insists on."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=5, choices=[("en", _("English")), ("de", _("German"))], default="en"
    )
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Berlin")
    is_staff = models.BooleanField(_("vendor's staff"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    rights: list[str] | None = None  # of staff, when they came with the session (contacts.sessions)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("login")
        verbose_name_plural = _("logins")
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case")]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def contact(self) -> "Contact | None":
        """The one standing contact of this login, in force or not, with its partner; it comes with the session."""
        if self.is_staff:
            return None
        return self.contacts.standing().with_grants().with_training().select_related("partner").first()

    def refusal(self, action: Action, matter: Matter | None = None) -> Refusal | None:
        """Why this login may not do `action` on `matter` as a contact now; None when it may.

        Without a matter: why it may not do this to anything at all.
        """
        now, standing = timezone.now(), self.contact.standing() if self.contact else None
        if self.contact and standing and action == Action.OPEN:
            standing = replace(standing, not_ready=gate.not_ready(self.contact.training, now))
        return licence.refusal(standing, action, now, matter)

    def may(self, action: Action, matter: Matter | None = None) -> bool:
        return self.refusal(action, matter) is None


class Session(AbstractBaseSession):
    """Django's session with its login in a column, so that one statement tells who asks (contacts.sessions)."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
