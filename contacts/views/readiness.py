"""What a contact still has to know, for the contact and for the partner's admin."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts import cells, readiness, roll
from contacts.access import LicensedRequest, licensed
from contacts.licence import Action
from contacts.models import Contact, ContactQuerySet
from contacts.readiness import Step

PAGE_SIZE = 50


@require_safe
@licensed(Action.SEE)
def onboarding(request: LicensedRequest) -> HttpResponse:
    """Every step of the reader's own, open and done. Agents find everybody's in the admin."""
    contact = request.user.contact
    if contact is None:
        return redirect("admin:contacts_contact_changelist")
    now, steps = timezone.now(), readiness.duties(contact.training)
    context = {
        "open": readiness.open_duties(contact.training),
        "done": [duty for duty in steps if duty.is_done],
        "owed": readiness.lacking(contact.training, now),
        "webinar_optional": not any(duty.step == Step.WEBINAR and (duty.demand or duty.is_done) for duty in steps),
    }
    return render(request, "contacts/onboarding.html", context)


@require_safe
@licensed(Action.MANAGE_CONTACTS)
def readiness_list(request: LicensedRequest) -> HttpResponse:
    """Who lacks what. `?lacks=partner` leaves those who have not confirmed the partner guide's version in force."""
    lacks = chosen(request)
    page = Paginator(colleagues(request, lacks), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": roll.call(page, timezone.now()),
        "steps": Step.choices,
        "lacks": lacks,
    }
    return render(request, "contacts/readiness.html", context)


@require_safe
@licensed(Action.MANAGE_CONTACTS)
def readiness_csv(request: LicensedRequest) -> HttpResponse:
    text = cells.written(roll.table(colleagues(request, chosen(request)), timezone.now()))
    headers = {"Content-Disposition": 'attachment; filename="partnerdesk-onboarding.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def colleagues(request: LicensedRequest, lacks: Step | None) -> ContactQuerySet:
    rows = Contact.objects.visible_to(request.user).standing().with_training().select_related("user", "partner")
    return (rows.lacking(lacks) if lacks else rows).order_by("user__name", "pk")


def chosen(request: LicensedRequest) -> Step | None:
    wanted = request.GET.get("lacks", "")
    return Step(wanted) if wanted in Step.values else None
