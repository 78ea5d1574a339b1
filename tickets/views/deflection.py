"""Articles inside the form: shown for what is typed, their steps ticked, solved without a ticket or not."""

import uuid
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from contacts.access import LicensedRequest, licensed
from contacts.licence import Action
from kb.models import Article
from kb.models.outcomes import Tried
from kb.models.resources import partner_manager
from tickets import articles, workflow
from tickets.articles import Said

#: What a form may hold when it is carried through a page; Django lets no more fields in.
CARRIED_MAX = 1000


@require_POST
@licensed(Action.OPEN)
def ticket_articles(request: LicensedRequest) -> HttpResponse:
    """The articles alone, for what was typed meanwhile; with "Not solved" also kept."""
    if "not_solved" in request.POST:
        keep_unsolved(request)
    return render(request, "tickets/_articles.html", {"articles": standing_in_form(request)})


@require_POST
@licensed(Action.OPEN)
def ticket_solved(request: LicensedRequest) -> HttpResponse:
    """No ticket is needed. Everything typed goes along, so that one button leads back to it."""
    said = Said.of(request.POST)
    solved = _named(request, said, "solved")
    ticket = workflow.end_without_ticket(
        by=request.user, submission=_submission(request), tried=solved, services=said.services
    )
    if ticket:
        return redirect("tickets:detail", ticket.pk)
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "solved"}
        for value in values
    ]
    context = {"solved": solved, "carried": carried[:CARRIED_MAX], "manager": partner_manager(request.user)}
    return render(request, "tickets/solved.html", context)


def standing_in_form(request: LicensedRequest, draft: QueryDict | None = None) -> list[dict[str, Any]]:
    """The articles as the form shows them; `just_said` takes the focus. None while nothing is typed or sent."""
    said = Said.of(draft or (request.POST if request.method == "POST" else request.GET))
    just_said = request.POST.get("not_solved", "")
    return [
        {
            "article": each.article,
            "steps": [(step, step.pk in said.ticked) for step in each.article.steps.all()],
            "tried": each,
            "just_said": str(each.article.pk) == just_said,
        }
        for each in articles.standing(request.user, said)
    ]


def keep_unsolved(request: LicensedRequest) -> None:
    said = Said.of(request.POST)
    unsolved = _named(request, said, "not_solved")
    workflow.go_on_to_ticket(by=request.user, submission=_submission(request), tried=unsolved, services=said.services)


def _named(request: LicensedRequest, said: Said, button: str) -> Tried:
    """The article whose button was pressed. What no page of ours sends is refused."""
    (key,) = articles.keys([request.POST.get(button, "")]) or [0]
    article = Article.objects.visible_to(request.user).with_steps().filter(pk=key).first()
    if article is None:
        raise BadRequest(f"{button} must name an article")
    return Tried(article, said.ticked, unsolved=button == "not_solved")


def _submission(request: LicensedRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("submission", ""))
    except ValueError:
        raise BadRequest("submission must be a UUID") from None
