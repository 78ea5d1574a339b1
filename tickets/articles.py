"""Which articles stand in the form: what somebody works through, what follows it, and what answers the text so far."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.db.models import Q
from django.http import QueryDict

from contacts.bilingual import language
from contacts.models import Service, User
from kb.models import Article
from kb.models.articles import ArticleQuerySet
from kb.models.outcomes import Tried, Verdict
from tickets import evidence
from tickets.fields import CODES_EXPLAINED_IN

#: At most this many that nobody has tried yet: more is a list to read, not help.
OFFERED = 3
#: A form that names more than this was not made by our page.
NAMED_MAX = 50

#: What answers a search, best part first; each is a text of its own.
TEXTS = ("subject", "error_pattern", "description")
#: Where error codes are looked for.
WITH_CODES = ("subject", "error_pattern", "description", "examples-status", "examples-log_extract")


@dataclass(frozen=True)
class Said:
    """What a form says about articles. `shown`, `ticked` and `unsolved` are keys: of articles, of steps, of articles.

    `asked_for` is the name of the article that the reader comes from.
    """

    texts: tuple[str, ...]
    services: frozenset[int]
    shown: tuple[int, ...]
    ticked: frozenset[int]
    unsolved: frozenset[int]
    has_codes: bool
    asked_for: str = ""

    @classmethod
    def of(cls, data: QueryDict) -> Self:
        return cls(
            texts=tuple(data.get(name, "") for name in TEXTS),
            services=frozenset(keys(data.getlist("services"))),
            shown=tuple(keys([*data.getlist("shown"), *data.getlist("not_solved")])),
            ticked=frozenset(keys(data.getlist("steps"))),
            unsolved=frozenset(keys([*data.getlist("unsolved"), *data.getlist("not_solved")])),
            has_codes=bool(evidence.verdicts(text for name in WITH_CODES for text in data.getlist(name))),
            asked_for=data.get("article", "")[:100].replace("\x00", ""),
        )

    @property
    def is_empty(self) -> bool:
        return not (any(text.strip() for text in self.texts) or self.shown or self.asked_for or self.has_codes)


def keys(values: Iterable[str]) -> list[int]:
    """The numbers among `values`, each once."""
    return list(dict.fromkeys(int(value) for value in values if re.fullmatch(r"[0-9]{1,9}", value)))[:NAMED_MAX]


def tried(user: User, said: Said) -> list[Tried]:
    """What the form shows already, in its order: what is kept when it is sent. No statement when it shows nothing."""
    if not said.shown:
        return []
    rows = {article.pk: article for article in Article.objects.visible_to(user).filter(pk__in=said.shown).with_steps()}
    return [_tried(rows[key], said) for key in said.shown if key in rows]


def standing(user: User, said: Said) -> list[Tried]:
    """What the form is to show now, in three statements whatever was typed.

    What was tried stays, the article to read next follows one that did not help, and then come the best of those that
    explain the error codes or answer the text.
    """
    if said.is_empty:
        return []
    visible = Article.objects.visible_to(user)
    found = _about(visible, said).suggested(said.texts, language())
    rows = {article.pk: article for article in visible.filter(_wanted(found, said)).with_steps()}
    by_name = {article.slug: article.pk for article in rows.values()}
    worked_on = [key for key in said.shown if key in rows and _tried(rows[key], said).verdict == Verdict.NOT_SOLVED]
    kept = _with_next([*worked_on, *_known(by_name, said.asked_for)], rows, said)
    explaining = _known(by_name, CODES_EXPLAINED_IN if said.has_codes else "")
    more = [key for key in dict.fromkeys([*explaining, *found]) if key in rows and key not in kept]
    room = OFFERED - len([key for key in kept if key not in said.unsolved])
    return [_tried(rows[key], said) for key in [*kept, *more[: max(room, 0)]]]


def _about(articles: ArticleQuerySet, said: Said) -> ArticleQuerySet:
    return articles.about(Service.objects.filter(pk__in=said.services)) if said.services else articles


def _wanted(found: list[int], said: Said) -> Q:
    """Everything that may have to be shown, as one condition."""
    unsolved = Article.objects.filter(pk__in=said.unsolved, next_article__isnull=False)
    wanted = Q(pk__in=[*found, *said.shown]) | Q(pk__in=unsolved.values("next_article")) | Q(slug=said.asked_for)
    if said.has_codes:
        explaining = _about(Article.objects.all(), said).filter(slug=CODES_EXPLAINED_IN)
        wanted |= Q(pk__in=explaining.values("pk"))
    return wanted


def _known(by_name: dict[str, int], slug: str) -> list[int]:
    return [by_name[slug]] if slug in by_name else []


def _with_next(keys: list[int], rows: dict[int, Article], said: Said) -> list[int]:
    """Each article, and behind one that did not help the one to read next."""
    found: list[int] = []
    for key in keys:
        following = rows[key].next_article_id if key in said.unsolved else None
        found += [key] if following not in rows else [key, following]
    return list(dict.fromkeys(found))


def _tried(article: Article, said: Said) -> Tried:
    return Tried(article, said.ticked, unsolved=article.pk in said.unsolved)
