"""Who gets through to a page: strangers sign in, a contact without the right is told why and whom to ask."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts import licence
from contacts.licence import Action, Refusal
from contacts.models import Contact, User

Rest = ParamSpec("Rest")

#: What staff may do outside the admin. Everything else they do in it, where it is theirs to do.
STAFFS = frozenset({Action.SEE, Action.READ_REPORTS})

log = logging.getLogger(__name__)


class LicensedRequest(HttpRequest):
    """A request that has passed `licensed`: somebody is signed in."""

    user: User


View = Callable[Concatenate[LicensedRequest, Rest], HttpResponseBase]


def refusal(user: User, action: Action) -> Refusal | None:
    """Why this page stays shut; None when it opens. Staff see what contacts see, and act in the admin only."""
    if not user.is_staff:
        return user.refusal(action)
    if action in STAFFS:
        return None
    return Refusal(_("This page is for the contacts of partners."), _("As an agent you work at the desk."))


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Strangers are sent to the door. A part of a page is refused (401): the door would be put into its place."""
    to_the_door = login_required(view)

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: object, **kwargs: object) -> HttpResponseBase:
        if "HX-Request" in request.headers and not request.user.is_authenticated:
            return HttpResponse(status=401)
        return to_the_door(request, *args, **kwargs)

    return guarded


def licensed(action: Action) -> Callable[[View[Rest]], View[Rest]]:
    """For views: sign-in for strangers, status 403 with the reason for those who may not do `action`."""

    def decorate(view: View[Rest]) -> View[Rest]:
        @signed_in
        @wraps(view)
        def guarded(request: LicensedRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            refused = refusal(request.user, action)
            if refused is not None:
                return refuse(request, refused, action)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def refuse(request: LicensedRequest, refused: Refusal, action: Action) -> HttpResponse:
    """The page that says why not and names whom to ask. The log gets the login's key, never a name."""
    log.warning("Refused.", extra={"user": request.user.pk, "action": action.value, "reason": str(refused.reason)})
    context = {"refusal": refused, "admins": whom_to_ask(request.user)}
    return render(request, "contacts/refused.html", context, status=403)


def whom_to_ask(user: User) -> list[Contact]:
    """The partner admins in force, for one who is still a contact of theirs; others are told no names."""
    if user.contact is None:
        return []
    admins = Contact.objects.managing().filter(partner=user.contact.partner_id).exclude(user=user)
    others = admins.with_grants().select_related("user", "partner").order_by("user__name")
    now = timezone.now()
    return [admin for admin in others if licence.refusal(admin.standing(), Action.MANAGE_CONTACTS, now) is None]
