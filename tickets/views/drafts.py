"""The form saves itself: what was typed, the files as soon as they are chosen, and what happens to a draft."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from contacts.access import LicensedRequest, licensed
from contacts.licence import Action
from contacts.models import Contact, User
from tickets import workflow
from tickets.forms import OpeningForm
from tickets.models import Draft, DraftFile
from tickets.offer import offer_for
from tickets.requirements import TicketType
from tickets.views.typed import is_blank, said_in, typing_of, writer_behind
from tickets.workflow import Typing, files

View = Callable[..., HttpResponseBase]


@dataclass
class Kept:
    """What became of an attempt to keep a draft, for the line that says so."""

    draft: Draft | None = None
    fault: str = ""
    changed_elsewhere: bool = False
    file_faults: list[str] = field(default_factory=list)


def keep(by: User, typing: Typing, chosen: Iterable[File[Any]] = ()) -> Kept:
    """Keep what was typed and, whatever became of it, the files. Nothing is kept of a form that is still blank."""
    kept = Kept()
    chosen = list(chosen)
    if not typing.writer.seen and is_blank(typing) and not chosen:
        return kept
    try:
        kept.draft = workflow.keep_draft(by=by, typing=typing)
    except workflow.ChangedElsewhere as changed:
        kept.draft, kept.fault, kept.changed_elsewhere = changed.draft, str(changed), True
    except workflow.NotKept as refused:
        kept.fault = str(refused)
        return kept
    if chosen:
        attach(by, typing, chosen, kept)
    return kept


def attach(by: User, typing: Typing, chosen: Iterable[File[Any]], kept: Kept) -> None:
    """The good files into the draft; each of the others is named with what is wrong with it."""
    uploads, kept.file_faults = files.sift(chosen)
    try:
        if uploads:
            kept.draft = workflow.attach_to_draft(by=by, typing=typing, uploads=uploads)
    except (workflow.Refused, workflow.NotStored, *workflow.NotKept) as refused:
        kept.file_faults.append(str(refused))


def kept_when_signed_out(view: View) -> View:
    """A form sent after its session has ended is kept for its owner, who finds it after signing in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        behind = None
        if request.method == "POST" and not request.user.is_authenticated:
            behind = writer_behind(request)
        if behind is None:
            return view(request, *args, **kwargs)
        by, submission = behind
        typing = replace(typing_of(request.POST, type_in(request.POST.get("type", ""))), submission=submission)
        kept = keep(by, typing, request.FILES.getlist("attachments"))
        if kept.draft and not kept.fault:
            messages.warning(request, _("You were signed out. What you typed is kept: sign in to go on with it."))
        for fault in kept.file_faults:
            messages.warning(request, fault)
        return redirect_to_login(f"{request.path}?draft={submission}" if kept.draft else request.path)

    return guarded


@csrf_exempt
@require_POST
def draft_keep(request: HttpRequest) -> HttpResponse:
    """What the form says while it is being filled in. Answers with the line that says whether it is kept.

    The key in the form speaks for the page, so that nothing is lost when the session ends in mid-sentence: it cannot be
    guessed, which is what a token against forged requests is for, and it opens nothing for reading.
    """
    by, typing = from_page(request)
    kept = keep(by, typing)
    return in_words_of(by, request, "tickets/_draft.html", {"kept": kept})


@csrf_exempt
@require_POST
def draft_files(request: HttpRequest) -> HttpResponse:
    """Files as soon as they are chosen, or one taken out again. Answers with the list of what is attached."""
    by, typing = from_page(request, answers=False)
    kept = Kept()
    try:
        if "remove" in request.POST:
            workflow.drop_file(by=by, submission=typing.submission, file=number_in(request.POST["remove"]))
        else:
            attach(by, typing, request.FILES.getlist("attachments"), kept)
    except workflow.NotAuthorized as refused:
        kept.file_faults.append(str(refused))
    rows = DraftFile.objects.visible_to(by).filter(draft__submission=typing.submission).order_by("pk")
    return in_words_of(by, request, "tickets/_draft_files.html", {"files": rows, "file_faults": kept.file_faults})


def from_page(request: HttpRequest, *, answers: bool = True) -> tuple[User, Typing]:
    """Whose page this is and what stands in it. Raises PermissionDenied without a key of ours."""
    behind = writer_behind(request)
    if behind is None:
        raise PermissionDenied
    typing = typing_of(request.POST, type_in(request.POST.get("type", "")), answers=answers and "asked" in request.POST)
    if typing.submission != behind[1]:
        raise PermissionDenied
    return behind[0], typing


def type_in(text: str) -> TicketType:
    return TicketType(text) if text in TicketType.values else TicketType.INCIDENT


def number_in(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def in_words_of(by: User, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """In the language and time zone of the page's owner, also when nobody is signed in any more."""
    signed_in = request.user.is_authenticated and request.user.pk == by.pk
    language = translation.get_language() if signed_in else by.language
    with translation.override(language), timezone.override(by.time_zone):
        return render(request, template, context | {"signed_out": not signed_in})


@require_http_methods(["GET", "POST"])
@licensed(Action.OPEN)
def draft_discard(request: LicensedRequest, submission: uuid.UUID) -> HttpResponse:
    """Asks first: what is discarded does not come back."""
    draft = get_object_or_404(Draft.objects.visible_to(request.user).defer("pasted"), submission=submission)
    if request.method == "GET":
        return render(request, "tickets/discard.html", {"draft": draft, "files": draft.files.count()})
    try:
        workflow.discard_draft(by=request.user, submission=submission)
    except Draft.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The draft is discarded."))
    return redirect("home")


@dataclass(frozen=True)
class Line:
    """A draft in a list: for whom it is, and how many things are missing, by the matrix as it is now."""

    draft: Draft
    tenants: str
    missing: int


def lines_for(contact: Contact, drafts: "QuerySet[Draft]") -> list[Line]:
    """One statement for the drafts, and one more when there are any."""
    found = list(drafts.defer("pasted").order_by("-updated_at"))
    if not found:
        return []
    offer, lines = offer_for(contact), []
    for draft in found:
        form = OpeningForm(said_in(draft, pasted=False), ticket_type=TicketType(draft.type), offer=offer)
        form.is_valid()
        tenants = ", ".join(tenant.customer_id for tenant in form.cleaned_data.get("tenants", []))
        lines.append(Line(draft, tenants, len(form.missing)))
    return lines
