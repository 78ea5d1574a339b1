"""Troubleshooting as service > topic > question > answer > next step (guide, section 5)."""

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import GeneratedField, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.bilingual import InReadersLanguage
from contacts.models import Service, User
from kb import markup, search
from kb.models.resources import Resource
from kb.readers import sees

MARKDOWN = _("Markdown. Steps as a numbered list.")


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> "ArticleQuerySet":
        return self.filter(published_at__lte=Now())

    def visible_to(self, user: User | AnonymousUser) -> "ArticleQuerySet":
        """Everything for staff, drafts included; what is published for a contact in force; else nothing."""
        if sees(user):
            return self if user.is_staff else self.published()
        return self.none()

    def about(self, services: models.QuerySet[Service]) -> "ArticleQuerySet":
        """Those placed under one of the services."""
        return self.filter(pk__in=Placement.objects.filter(topic__service__in=services).values("article"))

    def with_steps(self) -> "ArticleQuerySet":
        """With `steps` in their order in two statements; without the columns only a search reads."""
        ordered = ArticleStep.objects.order_by("position", "pk")
        return self.defer("search_en", "search_de").prefetch_related(models.Prefetch("steps", ordered))

    def with_places(self) -> "ArticleQuerySet":
        """With `placements`, their topics and services in two statements; without the columns only a search reads."""
        places = Placement.objects.select_related("topic__service").order_by("topic__service__position", "position")
        return self.defer("search_en", "search_de").prefetch_related(models.Prefetch("placements", places))

    def search(self, text: str, language: str, service: Service | None = None) -> "list[Article]":
        """The best twenty for what somebody typed, best first; empty for nothing and for nonsense, never an error.

        `language` is "en" or "de". What is written in it counts more; the other language is found too. One statement
        when an article contains all the words, else three.
        """
        words = search.plain(text)
        within = self.about(Service.objects.filter(pk=service.pk)) if service else self
        if not words:
            return []
        return list(within.containing(words, language)) or within.resembling(words, language)

    def containing(self, words: str, language: str) -> "ArticleQuerySet":
        ranked = self.filter(search.says(words)).annotate(rank=search.rank(words, language))
        return ranked.order_by("-rank", "pk")[: search.MAX_FOUND]

    def resembling(self, words: str, language: str) -> "list[Article]":
        return self.in_order(search.answering(self, [words], language))

    def suggested(self, parts: Sequence[str], language: str) -> list[int]:
        """The keys of those that answer what stands in a form so far, best first; `parts` are its texts, the subject
        first. One statement, none while nothing is typed."""
        return search.answering(self, parts, language) if any(map(search.plain, parts)) else []

    def in_order(self, keys: Sequence[int]) -> "list[Article]":
        """Those with these keys, in the order of the keys."""
        rows = {article.pk: article for article in self.filter(pk__in=keys)} if keys else {}
        return [rows[key] for key in keys if key in rows]


class Article(models.Model):
    """One question and what to do about it. It may be placed under several topics and is still one text."""

    slug = models.SlugField(_("name in the address"), unique=True, max_length=100)
    question_en = models.CharField(_("question (English)"), max_length=200)
    question_de = models.CharField(_("question (German)"), max_length=200, blank=True)
    answer_en = models.TextField(_("answer (English)"), help_text=MARKDOWN)
    answer_de = models.TextField(_("answer (German)"), blank=True, help_text=MARKDOWN)
    next_step_en = models.TextField(_("next step (English)"), blank=True)
    next_step_de = models.TextField(_("next step (German)"), blank=True)
    keywords_en = models.TextField(
        _("keywords (English)"), blank=True, help_text=_("Other words people search with: whitelist for allowlist.")
    )
    keywords_de = models.TextField(_("keywords (German)"), blank=True)
    next_article = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("read next")
    )
    resource = models.ForeignKey(
        Resource, models.SET_NULL, null=True, blank=True, related_name="articles", verbose_name=_("resource")
    )
    opens_ticket = models.BooleanField(
        _("leads to a ticket"), default=False, help_text=_("Offers a ticket for when the steps did not help.")
    )
    ends_without_ticket = models.BooleanField(
        _("ends without a ticket"),
        default=False,
        help_text=_("Says in the ticket form that this is settled elsewhere, as questions about a bill are."),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, help_text=_("Empty: a draft."))
    reviewed_date = models.DateField(_("reviewed"), null=True, blank=True)
    search_en = GeneratedField(expression=search.vector("en"), output_field=SearchVectorField(), db_persist=True)
    search_de = GeneratedField(expression=search.vector("de"), output_field=SearchVectorField(), db_persist=True)

    question = InReadersLanguage()
    answer = InReadersLanguage()
    next_step = InReadersLanguage()
    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            # Written at once: articles are read a thousand times for each time that one is written.
            GinIndex(fields=["search_en"], name="article_search_en", fastupdate=False),
            GinIndex(fields=["search_de"], name="article_search_de", fastupdate=False),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug="suggest"), name="article_slug_free", violation_error_message=_("This name is taken.")
            ),
            models.CheckConstraint(
                condition=~Q(opens_ticket=True, ends_without_ticket=True),
                name="article_one_way_out",
                violation_error_message=_("An article leads to a ticket or ends without one, not both."),
            ),
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("kb:article", args=[self.slug])

    @property
    def answer_html(self) -> SafeString:
        return markup.render(self.answer)

    @property
    def next_step_html(self) -> SafeString:
        return markup.render(self.next_step)

    @property
    def summary(self) -> str:
        return markup.summary(self.answer)

    @property
    def is_draft(self) -> bool:
        return self.published_at is None or self.published_at > timezone.now()


class ArticleStepQuerySet(models.QuerySet["ArticleStep"]):
    def visible_to(self, user: User | AnonymousUser) -> "ArticleStepQuerySet":
        return self.filter(article__in=Article.objects.visible_to(user))


class ArticleStep(models.Model):
    """One short thing to try, to be ticked off on the article's page and in the ticket form."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="steps", verbose_name=_("article"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text_en = models.CharField(_("step (English)"), max_length=200)
    text_de = models.CharField(_("step (German)"), max_length=200, blank=True)

    text = InReadersLanguage()
    objects = ArticleStepQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of an article", "step")
        verbose_name_plural = pgettext_lazy("of an article", "steps")

    def __str__(self) -> str:
        return self.text


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user: User | AnonymousUser) -> "TopicQuerySet":
        """Those with an article that the reader sees: an empty shelf is no use to anybody."""
        seen = Placement.objects.visible_to(user)
        return self.filter(pk__in=seen.values("topic"))

    def as_shelves(self, user: User | AnonymousUser) -> "TopicQuerySet":
        """With service and `placements` in the order of the page, in two statements."""
        seen = Placement.objects.visible_to(user).select_related("article").order_by("position")
        lean = seen.defer("article__search_en", "article__search_de")
        ordered = self.select_related("service").order_by("service__position", "position")
        return ordered.prefetch_related(models.Prefetch("placements", lean))


class Topic(models.Model):
    """A shelf under a service."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="topics", verbose_name=_("service"))
    name_en = models.CharField(_("name (English)"), max_length=100)
    name_de = models.CharField(_("name (German)"), max_length=100, blank=True)
    slug = models.SlugField(_("name in the address"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    name = InReadersLanguage()
    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [models.UniqueConstraint(fields=["service", "slug"], name="one_topic_slug_a_service")]

    def __str__(self) -> str:
        return f"{self.service} › {self.name}"


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, user: User | AnonymousUser) -> "PlacementQuerySet":
        return self.filter(article__in=Article.objects.visible_to(user))


class Placement(models.Model):
    """An article on a shelf. The same one may stand on several: the guide asks some questions twice."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="placements", verbose_name=_("article"))
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="placements", verbose_name=_("topic"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [models.UniqueConstraint(fields=["article", "topic"], name="article_once_a_topic")]

    def __str__(self) -> str:
        return f"{self.topic} › {self.article}"


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, user: User | AnonymousUser) -> "FeedbackQuerySet":
        """All for staff, the own for a contact in force."""
        if sees(user):
            return self if user.is_staff else self.filter(user=user)
        return self.none()

    def give(self, *, article: Article, user: User, helped: bool) -> "Feedback":
        """A person has one opinion of an article; saying it again replaces it, also from two windows at once."""
        said, _created = self.update_or_create(
            article=article, user=user, defaults={"helped": helped, "created_at": timezone.now()}
        )
        return said


class Feedback(models.Model):
    """Did this help? One answer for each person and article."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="feedback", verbose_name=_("article"))
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("login"))
    helped = models.BooleanField(_("helped"))
    created_at = models.DateTimeField(_("given"), default=timezone.now)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="one_feedback_each")]

    def __str__(self) -> str:
        return f"{self.article}: {self.helped}"
