"""Where agents write what we know. Both languages stand side by side, so that neither is forgotten."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter
from django.db.models import (
    Count,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    URLField,
)
from django.forms import ModelForm, Textarea
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contacts.moments import NO_MOMENT, check_year
from kb.models import Announcement, Article, ArticleStep, Outcome, Placement, Resource, Topic
from kb.models.outcomes import Verdict

WITH_HTTPS: Any = {URLField: {"assume_scheme": "https"}}


class SideBySide:
    """Texts narrow enough for English and German beside each other on a screen of 1280 pixels, and moments that each
    reader's time zone can show."""

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, TextField):
            rows = 18 if db_field.name.startswith(("answer", "body")) else 5
            kwargs["widget"] = Textarea(attrs={"cols": 46, "rows": rows})
        if isinstance(db_field, DateTimeField):
            kwargs |= {"validators": [check_year], "error_messages": {"invalid": NO_MOMENT}}
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # ModelAdmin's


class PlacementInline(admin.TabularInline[Placement, Article]):
    model = Placement
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Placement]:
        return super().get_queryset(request).select_related("topic__service").order_by("position")

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Each choice names its service; without this, each asks for it."""
        kwargs["queryset"] = Topic.objects.select_related("service").order_by("service__position", "position")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ArticleStepInline(admin.TabularInline[ArticleStep, Article]):
    model = ArticleStep
    extra = 1
    fields = ("position", "text_en", "text_de")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ArticleStep]:
        return super().get_queryset(request).order_by("position", "pk")


class Forms(Subquery):
    """How many ticket forms an article stood in, with what outcome: counted for itself, so that no join repeats it."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS forms)"

    def __init__(self, condition: Q) -> None:
        rows = Outcome.objects.filter(condition, article=OuterRef("pk"))
        super().__init__(rows.values("pk"), output_field=IntegerField())


@admin.register(Article)
class ArticleAdmin(SideBySide, admin.ModelAdmin[Article]):
    list_display = (
        "__str__",
        "opens_ticket",
        "published_at",
        "helped",
        "did_not_help",
        "shown",
        "solved",
        "unsolved",
        "tickets",
    )
    list_filter = (
        "placements__topic__service",
        "placements__topic",
        "opens_ticket",
        ("published_at", EmptyFieldListFilter),
        ("question_de", EmptyFieldListFilter),
    )
    search_fields = ("question_en", "question_de", "keywords_en", "keywords_de", "slug")
    ordering = ("question_en",)
    date_hierarchy = "reviewed_date"
    prepopulated_fields = {"slug": ("question_en",)}
    inlines = (ArticleStepInline, PlacementInline)
    fieldsets = (
        (None, {"fields": (("question_en", "question_de"), "slug")}),
        (_("Answer"), {"fields": (("answer_en", "answer_de"),)}),
        (
            _("Next step"),
            {
                "fields": (
                    ("next_step_en", "next_step_de"),
                    ("next_article", "resource"),
                    ("opens_ticket", "ends_without_ticket"),
                )
            },
        ),
        (_("Search"), {"fields": (("keywords_en", "keywords_de"),)}),
        (_("State"), {"fields": (("published_at", "reviewed_date"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        def count(*, helped: bool) -> Count:
            """Distinct, because a filter by topic may repeat the rows."""
            return Count("feedback", filter=Q(feedback__helped=helped), distinct=True)

        rows = super().get_queryset(request).defer("search_en", "search_de")
        return rows.annotate(
            helped_count=count(helped=True),
            unhelped_count=count(helped=False),
            shown_count=Forms(Q()),
            solved_count=Forms(Q(verdict=Verdict.SOLVED)),
            unsolved_count=Forms(Q(verdict=Verdict.NOT_SOLVED)),
            ticket_count=Forms(Q(ticket_opened_at__isnull=False)),
        )

    # Two opinions (read: it helped, it did not) and four counts of ticket forms; their names keep them apart.

    @admin.display(description=_("read: helped"), ordering="helped_count")
    def helped(self, article: Any) -> int:
        count: int = article.helped_count
        return count

    @admin.display(description=_("read: did not help"), ordering="unhelped_count")
    def did_not_help(self, article: Any) -> int:
        count: int = article.unhelped_count
        return count

    @admin.display(description=_("form: shown"), ordering="shown_count")
    def shown(self, article: Any) -> int:
        count: int = article.shown_count
        return count

    @admin.display(description=_("form: solved"), ordering="solved_count")
    def solved(self, article: Any) -> int:
        count: int = article.solved_count
        return count

    @admin.display(description=_("form: not solved"), ordering="unsolved_count")
    def unsolved(self, article: Any) -> int:
        count: int = article.unsolved_count
        return count

    @admin.display(description=_("form: tickets after"), ordering="ticket_count")
    def tickets(self, article: Any) -> int:
        count: int = article.ticket_count
        return count


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin[Topic]):
    list_display = ("__str__", "service", "position")
    list_filter = ("service",)
    list_select_related = ("service",)
    ordering = ("service__position", "position")
    prepopulated_fields = {"slug": ("name_en",)}
    fields = ("service", ("name_en", "name_de"), "slug", "position")


@admin.register(Resource)
class ResourceAdmin(admin.ModelAdmin[Resource]):
    formfield_overrides = WITH_HTTPS
    list_display = ("__str__", "group", "url", "email", "position")
    list_filter = ("group",)
    ordering = ("position",)
    fields = ("group", ("title_en", "title_de"), ("note_en", "note_de"), "url", "email", "person", "guide", "position")


@admin.register(Announcement)
class AnnouncementAdmin(SideBySide, admin.ModelAdmin[Announcement]):
    list_display = ("__str__", "kind", "starts_at", "ends_at", "published_at", "entered_by")
    list_filter = ("kind", "services", ("published_at", EmptyFieldListFilter))
    list_select_related = ("entered_by",)
    search_fields = ("title_en", "title_de")
    ordering = ("-starts_at",)
    filter_horizontal = ("services",)
    readonly_fields = ("entered_by",)
    fieldsets = (
        (None, {"fields": ("kind", ("title_en", "title_de"), ("body_en", "body_de"), "services")}),
        (_("When"), {"fields": (("starts_at", "ends_at"), "published_at", "entered_by")}),
    )

    def save_model(self, request: HttpRequest, obj: Announcement, form: ModelForm[Announcement], change: bool) -> None:
        if not change:
            obj.entered_by = request.user  # type: ignore[assignment]  # the admin lets nobody in unsigned
        super().save_model(request, obj, form, change)
