"""Webinars and workshops: what is offered, and who takes part."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contacts import lessons
from contacts.access import LicensedRequest, licensed
from contacts.forms import EnrolForm
from contacts.licence import Action
from contacts.models import Contact, Enrolment, TrainingSession
from contacts.onboarding import Refused


@require_safe
@licensed(Action.SEE)
def session_list(request: LicensedRequest) -> HttpResponse:
    """What is ahead, and where the reader has been."""
    now = timezone.now()
    own = Enrolment.objects.standing().filter(contact=request.user.contact)
    sessions = TrainingSession.objects.visible_to(request.user).prefetch_related(Prefetch("enrolments", own, "own"))
    context = {
        "ahead": sessions.ahead(now).order_by("starts_at", "pk"),
        "past": own.filter(session__ends_at__lte=now).select_related("session").order_by("-session__starts_at"),
        "now": now,
    }
    return render(request, "contacts/sessions.html", context)


@require_safe
@licensed(Action.SEE)
def session_detail(request: LicensedRequest, pk: int) -> HttpResponse:
    return show(request, find(request, pk))


@require_POST
@licensed(Action.SEE)
def session_enrol(request: LicensedRequest, pk: int) -> HttpResponse:
    """Oneself by one click; a partner admin sends the ticked `people`."""
    session = find(request, pk)
    people = [own_contact(request)]
    if "people" in request.POST or "others" in request.POST:
        form = EnrolForm(request.POST, people=colleagues(request))
        if not form.is_valid():
            return show(request, session, form, status=422)
        people = list(form.cleaned_data["people"])
    for contact in people:
        try:
            row = lessons.enrol(session=session, contact=contact, by=request.user)
        except Refused as error:
            messages.error(request, f"{contact.user.name}: {error}")
        else:
            messages.success(request, placed(row, contact, request))
    return redirect("contacts:session", pk)


@require_POST
@licensed(Action.SEE)
def session_give_back(request: LicensedRequest, pk: int) -> HttpResponse:
    """The own seat, or, for a partner admin, that of the `contact` named."""
    session, contact = find(request, pk), own_contact(request)
    named = request.POST.get("contact", "")
    if named.isascii() and named.isdigit():
        contact = get_object_or_404(colleagues(request), pk=int(named[:18]))
    try:
        lessons.withdraw(session=session, contact=contact, by=request.user)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The seat of %(name)s is given back.") % {"name": contact.user.name})
    return redirect("contacts:session", pk)


def find(request: LicensedRequest, pk: int) -> TrainingSession:
    return get_object_or_404(TrainingSession.objects.visible_to(request.user), pk=pk)


def show(
    request: LicensedRequest, session: TrainingSession, form: EnrolForm | None = None, status: int = 200
) -> HttpResponse:
    now, contact = timezone.now(), request.user.contact
    rows = Enrolment.objects.visible_to(request.user).standing().filter(session=session)
    enrolled = list(rows.select_related("contact__user").order_by("enrolled_at", "pk"))
    manages = contact is not None and request.user.may(Action.MANAGE_CONTACTS)
    others = (
        EnrolForm(people=colleagues(request).exclude(pk__in=[row.contact_id for row in enrolled]))
        if manages and form is None
        else form
    )
    context = {
        "session": session,
        "own": next((row for row in enrolled if contact and row.contact_id == contact.pk), None),
        "enrolled": enrolled if manages else [],
        "form": others,
        "open": session.cancelled_at is None and now < session.starts_at and contact is not None,
        "over": session.ends_at <= now,
    }
    return render(request, "contacts/session.html", context, status=status)


def colleagues(request: LicensedRequest) -> QuerySet[Contact]:
    """Whom the reader may enrol: a partner admin the whole company, everybody else only themselves."""
    rows = Contact.objects.visible_to(request.user).standing().filter(suspended_at__isnull=True)
    if not request.user.may(Action.MANAGE_CONTACTS):
        rows = rows.filter(user=request.user)
    return rows.select_related("user").order_by("user__name", "pk")


def own_contact(request: LicensedRequest) -> Contact:
    if request.user.contact is None:
        raise PermissionDenied
    return request.user.contact


def placed(row: Enrolment, contact: Contact, request: LicensedRequest) -> str:
    """Said as it is: a seat, or a place in the waiting list."""
    if contact.user_id == request.user.pk:
        return (
            _("You are on the waiting list. You get a mail when a seat comes free.")
            if row.is_waiting
            else _("You have a seat. A mail reminds you a day ahead.")
        )
    words = _("%(name)s is on the waiting list.") if row.is_waiting else _("%(name)s has a seat.")
    return words % {"name": contact.user.name}
