"""Who may read what we know: staff, and the contacts of partners while their authorization is in force."""

from typing import TypeGuard

from django.contrib.auth.models import AnonymousUser

from contacts.licence import Action
from contacts.models import User


def sees(user: User | AnonymousUser) -> TypeGuard[User]:
    return isinstance(user, User) and (user.is_staff or user.may(Action.SEE))
