"""The pages on which partner admins name the contacts of their own partner, and the page behind an invitation."""

from typing import Protocol

from allauth.account import views as allauth_views
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contacts import phones, workflow
from contacts.access import LicensedRequest, licensed
from contacts.forms import GrantsForm, InviteForm, PasswordForm, PreferencesForm, ReasonForm, RenewForm, granted_before
from contacts.licence import Action
from contacts.models import Contact, ContactEvent, ContactQuerySet, User
from contacts.onboarding import InvitationUnknown, Refused, Stale
from contacts.standing import standing, with_invitations
from contacts.story import Entry, told

PAGE_SIZE = 50


class Ending(Protocol):
    def __call__(self, *, contact: Contact, by: User, reason: str) -> None: ...


@require_GET
@licensed(Action.MANAGE_CONTACTS)
def contact_list(request: LicensedRequest) -> HttpResponse:
    rows = reachable(request).standing().prefetch_related("tenants", "services").order_by("user__name", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "contacts/list.html", {"page": page, "lines": [standing(contact) for contact in page]})


@require_GET
@licensed(Action.MANAGE_CONTACTS)
def contact_detail(request: LicensedRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(reachable(request), pk=pk)
    context = {
        "line": standing(contact),
        "contact_shown": contact,
        "history": told(ContactEvent.objects.filter(contact=contact)),
    }
    return render(request, "contacts/detail.html", context)


@require_http_methods(["GET", "POST"])
@licensed(Action.MANAGE_CONTACTS)
def contact_invite(request: LicensedRequest) -> HttpResponse:
    partner = own_contact(request).partner
    form = InviteForm(request.POST or None, by=request.user, initial={"language": request.user.language})
    if form.is_valid():
        person = {name: form.cleaned_data[name] for name in ("name", "email", "language", "phone")}
        try:
            contact = workflow.invite(partner=partner, by=request.user, grants=form.grants(), **person)
        except Refused as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("The invitation to %(name)s is on its way.") % {"name": contact.user.name})
            return redirect("contacts:list")
    return render(request, "contacts/invite.html", {"form": form, "partner": partner}, status=status_of(form))


@require_http_methods(["GET", "POST"])
@licensed(Action.MANAGE_CONTACTS)
def contact_edit(request: LicensedRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(reachable(request).standing(), pk=pk)
    form = GrantsForm(request.POST or None, by=request.user, contact=contact, initial=typed(contact))
    missed: list[Entry] = []
    if form.is_valid():
        person = {name: form.cleaned_data[name] for name in ("name", "phone", "seen")}
        try:
            workflow.amend(contact=contact, by=request.user, grants=form.grants(), **person)
        except Refused as error:
            form.add_error(error.field or None, str(error))
            missed = catch_up(request, form, contact) if isinstance(error, Stale) else []
        else:
            messages.success(request, _("The changes are in force."))
            return redirect("contacts:detail", pk)
    context = {"form": form, "contact_shown": contact, "missed": missed}
    return render(request, "contacts/edit.html", context, status=status_of(form))


def catch_up(request: LicensedRequest, form: GrantsForm | RenewForm, contact: Contact) -> list[Entry]:
    """What others changed since the page was made. What is typed stays, and is saved the next time."""
    since = form.cleaned_data["seen"]
    typed_again = request.POST.copy()
    typed_again["seen"] = str(Contact.objects.values_list("version", flat=True).get(pk=contact.pk))
    form.data = typed_again
    return told(ContactEvent.objects.filter(contact=contact, version__gt=since))


@require_http_methods(["GET", "POST"])
@licensed(Action.MANAGE_CONTACTS)
def contact_renew(request: LicensedRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(reachable(request).standing(), pk=pk)
    initial = {"authorized_until_date": contact.authorized_until_date, "seen": contact.version}
    form = RenewForm(request.POST or None, initial=initial)
    missed: list[Entry] = []
    if form.is_valid():
        until, seen = form.cleaned_data["authorized_until_date"], form.cleaned_data["seen"]
        try:
            workflow.renew(contact=contact, by=request.user, until=until, seen=seen)
        except Refused as error:
            form.add_error(error.field or None, str(error))
            missed = catch_up(request, form, contact) if isinstance(error, Stale) else []
        else:
            messages.success(request, _("The changes are in force."))
            return redirect("contacts:detail", pk)
    context = {"form": form, "contact_shown": contact, "missed": missed}
    return render(request, "contacts/renew.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@licensed(Action.MANAGE_CONTACTS)
def contact_suspend(request: LicensedRequest, pk: int) -> HttpResponse:
    done = _("%(name)s is suspended, from this moment.")
    return end(request, pk, workflow.suspend, template="contacts/suspend.html", done=done)


@require_http_methods(["GET", "POST"])
@licensed(Action.MANAGE_CONTACTS)
def contact_withdraw(request: LicensedRequest, pk: int) -> HttpResponse:
    done = _("The authorization of %(name)s is withdrawn.")
    return end(request, pk, workflow.withdraw, template="contacts/withdraw.html", done=done)


def end(request: LicensedRequest, pk: int, event: Ending, *, template: str, done: str) -> HttpResponse:
    """Ask for the reason, then suspend or withdraw."""
    contact = get_object_or_404(reachable(request).standing(), pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            event(contact=contact, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done % {"name": contact.user.name})
            return redirect("contacts:detail", pk)
    return render(request, template, {"form": form, "contact_shown": contact}, status=status_of(form))


@require_POST
@licensed(Action.MANAGE_CONTACTS)
def contact_resume(request: LicensedRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(reachable(request), pk=pk)
    try:
        workflow.resume(contact=contact, by=request.user)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(name)s may work again.") % {"name": contact.user.name})
    return redirect("contacts:detail", pk)


@require_POST
@licensed(Action.MANAGE_CONTACTS)
def contact_invite_again(request: LicensedRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(reachable(request), pk=pk)
    try:
        workflow.invite_again(contact=contact, by=request.user)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The invitation to %(name)s is on its way.") % {"name": contact.user.name})
    return redirect("contacts:detail", pk)


@require_http_methods(["GET", "POST"])
@login_required
def preferences(request: LicensedRequest) -> HttpResponse:
    """Everybody's own. What is chosen here wins over the language of the bar, so its cookie goes."""
    form = PreferencesForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if form.is_valid():
        workflow.prefer(user=request.user, **form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Your preferences are kept."))
        response = redirect("contacts:preferences")
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    return render(request, "contacts/preferences.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Opened by whoever holds the link; only the POST uses it up, so a mail scanner that follows links spoils nothing.

    Signing in afterwards goes through allauth, so that a second factor from former times is still asked for.
    """
    try:
        found = workflow.open_invitation(token=token)
        form = PasswordForm(request.POST or None, user=found.contact.user)
        if form.is_valid():
            password, language = form.cleaned_data["password"], get_language() or "en"
            user = workflow.accept_invitation(token=token, password=password, language=language)
            return private(perform_login(request, user))
    except Refused as error:
        gone = 404 if isinstance(error, InvitationUnknown) else 410
        return private(render(request, "contacts/invitation_gone.html", {"error": error}, status=gone))
    context = {"form": form, "contact_shown": found.contact, "invitation": found}
    return private(render(request, "contacts/invitation.html", context, status=status_of(form)))


def password_reset(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """allauth's page behind the link of a reset mail, kept as private as the link."""
    return private(allauth_views.password_reset_from_key(request, uidb36=uidb36, key=key))


def private(response: HttpResponse) -> HttpResponse:
    """The address holds the secret: it goes into no cache and to no other site. To none at all would be too strict:
    browsers then send the form without its origin, and it is taken for forged."""
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    return response


def reachable(request: LicensedRequest) -> ContactQuerySet:
    rows = with_invitations(Contact.objects.visible_to(request.user))
    return rows.with_grants().select_related("user", "partner")


def own_contact(request: LicensedRequest) -> Contact:
    if request.user.contact is None:
        raise PermissionDenied
    return request.user.contact


def typed(contact: Contact) -> dict[str, object]:
    """What the form shows before anybody has typed."""
    person = {"name": contact.user.name, "phone": phones.display(contact.phone), "seen": contact.version}
    return granted_before(contact) | person


def status_of(form: BaseForm) -> int:
    return 422 if form.errors else 200
