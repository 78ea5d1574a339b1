"""Who works at the desk."""

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from contacts.models import User


def agent(request: HttpRequest) -> User:
    """The member of staff behind a request of the admin. Raises PermissionDenied for everybody else."""
    if isinstance(request.user, User) and request.user.is_staff and request.user.is_active:
        return request.user
    raise PermissionDenied


def agents() -> QuerySet[User]:
    """Those a ticket can be given to: staff who may sign in and may change tickets, by name."""
    right = Permission.objects.filter(codename="change_ticket", content_type__app_label="tickets")
    may = Q(is_superuser=True) | Q(groups__permissions__in=right) | Q(user_permissions__in=right)
    return User.objects.filter(may, is_staff=True, is_active=True).distinct().order_by("name", "pk")
