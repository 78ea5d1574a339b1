"""Who gets through to a page: strangers sign in, a contact without the right is told why and whom to ask."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from contacts.licence import Action, Refusal
from contacts.models import User

Rest = ParamSpec("Rest")


class LicensedRequest(HttpRequest):
    """A request that has passed `licensed`: somebody is signed in."""

    user: User


View = Callable[Concatenate[LicensedRequest, Rest], HttpResponse]


def refusal(user: User, action: Action) -> Refusal | None:
    """Why this page stays shut; None when it opens. Staff see what contacts see, and act in the admin only."""
    return None if user.is_staff and action is Action.SEE else user.refusal(action)


def licensed(action: Action) -> Callable[[View[Rest]], View[Rest]]:
    """For views: sign-in for strangers, status 403 with the reason for those who may not do `action`."""

    def decorate(view: View[Rest]) -> View[Rest]:
        @login_required
        @wraps(view)
        def guarded(request: LicensedRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
            refused = refusal(request.user, action)
            if refused is not None:
                return render(request, "contacts/refused.html", {"refusal": refused}, status=403)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
