"""What readers may ask of the knowledge base. Everybody in force reads the same; strangers sign in first."""

import re

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import FileResponse, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts import lessons
from contacts.access import LicensedRequest, licensed
from contacts.bilingual import language
from contacts.licence import Action
from contacts.models import Acknowledgement, CoveringDocument, Guide, Service
from contacts.onboarding import Refused
from contacts.readiness import Step
from kb import covering, markup, search
from kb.forms import ConfirmForm, FeedbackForm
from kb.levels import LEVELS
from kb.models import Announcement, Article, Feedback, Placement, Resource, Topic
from kb.models.articles import ArticleQuerySet
from kb.models.resources import Group, partner_manager

MOST_SUGGESTIONS = 3
SHORTEST_SUGGESTION = 3
MOST_ANNOUNCEMENTS = 100
MOST_CARRIED = 50  # keys in an address


@require_safe
@licensed(Action.SEE)
def index(request: LicensedRequest) -> HttpResponse:
    """`?q=` searches; without it, all articles by service and topic."""
    asked = request.GET.get("q", "").strip()
    if asked:
        found = Article.objects.visible_to(request.user).with_places().search(asked, language())
        return render(request, "kb/found.html", {"asked": asked, "found": found})
    return render(request, "kb/index.html", {"topics": Topic.objects.visible_to(request.user).as_shelves(request.user)})


@require_safe
@licensed(Action.SEE)
def article(request: LicensedRequest, slug: str) -> HttpResponse:
    """`?service=` says from which service's shelf the reader comes, `?shown=` and `?steps=` what was tried on the way,
    for the ticket that may follow."""
    visible = Article.objects.visible_to(request.user)
    shown = get_object_or_404(visible.with_places().with_steps().select_related("resource"), slug=slug)
    places = list(shown.placements.all())
    ticked = _numbers(request.GET.getlist("steps"))
    context = {
        "article": shown,
        "steps": [(step, step.pk in ticked) for step in shown.steps.all()],
        "carried": _carried(shown, ticked, _numbers(request.GET.getlist("shown"))),
        "places": places,
        "service": _service_of(places, request.GET.get("service", "")),
        "next_article": visible.filter(pk=shown.next_article_id).first() if shown.next_article_id else None,
        "related": _related(request, shown, places),
        "feedback": Feedback.objects.filter(article=shown, user=request.user).first(),
    }
    return render(request, "kb/article.html", context)


def _numbers(values: list[str]) -> list[int]:
    return [int(value) for value in values if re.fullmatch(r"[0-9]{1,9}", value)][:MOST_CARRIED]


def _carried(article: Article, ticked: list[int], shown: list[int]) -> list[tuple[str, int]]:
    """What other articles' pages have handed on: their keys, and the steps that were ticked there."""
    own = {step.pk for step in article.steps.all()}
    others = [("shown", key) for key in shown if key != article.pk]
    return [*others, *(("steps", key) for key in ticked if key not in own)]


def _service_of(places: list[Placement], code: str) -> Service | None:
    services = [place.topic.service for place in places]
    return next((service for service in services if service.code == code), services[0] if services else None)


def _related(request: LicensedRequest, shown: Article, places: list[Placement]) -> list[Article]:
    """The other articles on the same shelves, each once, in the order of the shelves."""
    beside = (
        Placement.objects.visible_to(request.user)
        .filter(topic__in=[place.topic_id for place in places])
        .exclude(article=shown)
        .select_related("article")
        .order_by("topic__service__position", "topic__position", "position")
    )
    return list(dict.fromkeys(place.article for place in beside))


@require_POST
@licensed(Action.SEE)
def feedback(request: LicensedRequest, slug: str) -> HttpResponse:
    """One click. With htmx the panel comes back alone, without it the article does."""
    about = get_object_or_404(Article.objects.visible_to(request.user).with_places(), slug=slug)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        raise BadRequest("helped must be yes or no")
    said = Feedback.objects.give(article=about, user=request.user, helped=form.cleaned_data["helped"])
    service = _service_of(list(about.placements.all()), request.GET.get("service", ""))
    if request.headers.get("HX-Request"):
        return render(request, "kb/_feedback.html", {"article": about, "feedback": said, "service": service})
    from_shelf = f"?service={service.code}" if service else ""
    return redirect(f"{about.get_absolute_url()}{from_shelf}#feedback")


@require_safe
@licensed(Action.SEE)
def suggest(request: LicensedRequest) -> HttpResponse:
    """A piece of a page: at most three articles for what stands in a form so far.

    `?q=` or `?subject=` is the text. `?service=` (codes) or `?services=` (keys) narrow it down, as the form has them.
    """
    asked = request.GET.get("q") or request.GET.get("subject") or ""
    found: list[Article] = []
    if len(asked.strip()) >= SHORTEST_SUGGESTION:
        found = _within(Article.objects.visible_to(request.user), request.GET).search(asked, language())
    return render(request, "kb/_suggestions.html", {"found": found[:MOST_SUGGESTIONS]})


def _within(articles: ArticleQuerySet, asked_for: QueryDict) -> ArticleQuerySet:
    codes = [search.plain(code) for code in asked_for.getlist("service") if code]
    keys = _numbers(asked_for.getlist("services"))
    if not codes and not keys:
        return articles
    return articles.about(Service.objects.filter(Q(code__in=codes) | Q(pk__in=keys)))


@require_safe
@licensed(Action.SEE)
def resources(request: LicensedRequest) -> HttpResponse:
    entries = list(Resource.objects.visible_to(request.user).select_related("guide").order_by("position", "pk"))
    context = {
        "groups": [(group, [entry for entry in entries if entry.group == group]) for group in Group],
        "guides": Guide.objects.visible_to(request.user).in_force().exclude(kind=Step.PROCESSES),
        "manager": partner_manager(request.user),
    }
    return render(request, "kb/resources.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@licensed(Action.SEE)
def guide(request: LicensedRequest, pk: int) -> HttpResponse:
    """Read a version where there is something to read, and confirm it: a deliberate act that names the version."""
    shown = get_object_or_404(Guide.objects.visible_to(request.user), pk=pk)
    newest = Guide.objects.visible_to(request.user).in_force().filter(kind=shown.kind).first()
    confirmed = Acknowledgement.objects.filter(contact=request.user.contact, guide=shown).first()
    form = ConfirmForm(request.POST or None, guide=shown)
    if form.is_valid():
        try:
            lessons.acknowledge(guide=shown, by=request.user, ticked=form.ticked())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you. It is recorded that you have read this version."))
            return redirect("contacts:onboarding")
    context = {
        "guide": shown,
        "newest": newest,
        "confirmed": confirmed,
        "form": form,
        "body": markup.render(shown.body),
    }
    return render(request, "kb/guide.html", context, status=422 if form.errors else 200)


@require_safe
@licensed(Action.SEE)
def guide_file(request: LicensedRequest, pk: int) -> FileResponse:
    """Always to be saved and never shown, like every file."""
    shown = get_object_or_404(Guide.objects.visible_to(request.user).exclude(file=""), pk=pk)
    name = f"{slugify(shown.title)}-{slugify(shown.version)}.pdf"
    response = FileResponse(shown.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_safe
@licensed(Action.SEE)
def implementation(request: LicensedRequest) -> HttpResponse:
    """All services, also those the partner has not bought: the list is in the public guide."""
    return render(request, "kb/implementation.html", {"services": Service.objects.order_by("position")})


@require_safe
@licensed(Action.SEE)
def documents(request: LicensedRequest) -> HttpResponse:
    """The guide's four rows; an agent has no partner and sees them without references."""
    visible = CoveringDocument.objects.visible_to(request.user)
    rows = covering.rows([] if request.user.is_staff else visible)
    return render(request, "kb/documents.html", {"rows": rows, "status_page_url": settings.STATUS_PAGE_URL})


@require_safe
@licensed(Action.SEE)
def levels(request: LicensedRequest) -> HttpResponse:
    may_file = not request.user.is_staff and request.user.may(Action.OPEN)
    return render(request, "kb/levels.html", {"levels": LEVELS, "may_file": may_file})


@require_safe
@licensed(Action.SEE)
def announcements(request: LicensedRequest) -> HttpResponse:
    now = timezone.now()
    newest = Announcement.objects.visible_to(request.user).prefetch_related("services").order_by("-starts_at", "-pk")
    shown = list(newest[:MOST_ANNOUNCEMENTS])
    context = {
        "current": [row for row in shown if row.is_current(now)],
        "planned": [row for row in reversed(shown) if row.is_planned(now)],
        "past": [row for row in shown if row.is_over(now)],
        "status_page_url": settings.STATUS_PAGE_URL,
        "now": now,
    }
    return render(request, "kb/announcements.html", context)
