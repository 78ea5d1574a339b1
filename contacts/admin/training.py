"""Guides, webinars and attendance, as agents and leads keep them. What happens to them is a function of `lessons`."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Field, Q, QuerySet, TextField, URLField
from django.forms import Textarea
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contacts import lessons
from contacts.admin.contacts import staff
from contacts.models import Acknowledgement, Enrolment, Guide, GuidePoint, TrainingSession
from contacts.moments import NO_MOMENT, check_year
from contacts.onboarding import Refused


class SideBySide:
    """Texts narrow enough for both languages beside each other, and addresses that begin with https."""

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, TextField):
            kwargs["widget"] = Textarea(attrs={"cols": 46, "rows": 10})
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        if db_field.name in {"starts_at", "ends_at"}:
            kwargs |= {"validators": [check_year], "error_messages": {"invalid": NO_MOMENT}}
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # ModelAdmin's


class GuidePointInline(admin.TabularInline[GuidePoint, Guide]):
    model = GuidePoint
    extra = 0
    ordering = ("position", "pk")

    def has_add_permission(self, request: HttpRequest, obj: Guide | None = None) -> bool:
        return open_to_change(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Guide | None = None) -> bool:
        return open_to_change(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Guide | None = None) -> bool:
        return open_to_change(obj) and super().has_delete_permission(request, obj)


def open_to_change(guide: Guide | None) -> bool:
    """What has been confirmed stays as it was confirmed; a better text is a new version."""
    return guide is None or guide.published_at is None


@admin.register(Guide)
class GuideAdmin(SideBySide, admin.ModelAdmin[Guide]):
    list_display = ("__str__", "kind", "version", "released_date", "published_at", "confirmations", "missing")
    list_filter = ("kind",)
    ordering = ("kind", "-published_at", "-pk")
    actions = ("publish",)
    inlines = (GuidePointInline,)
    fieldsets = (
        (None, {"fields": ("kind", ("title_en", "title_de"), ("version", "released_date", "published_at"))}),
        (_("Where it is read"), {"fields": ("url", "file", ("body_en", "body_de"))}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guide]:
        standing = Q(acknowledgements__contact__revoked_at__isnull=True)
        return super().get_queryset(request).annotate(confirmed=Count("acknowledgements", filter=standing))

    def get_readonly_fields(self, request: HttpRequest, obj: Guide | None = None) -> tuple[str, ...]:
        if open_to_change(obj):
            return ("published_at",)
        return ("published_at", "kind", "version", "file", "body_en", "body_de")

    def has_delete_permission(self, request: HttpRequest, obj: Guide | None = None) -> bool:
        return open_to_change(obj) and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> Any:
        """Deleting is for one draft at a time, on its page."""
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    @admin.display(description=_("confirmed by"), ordering="confirmed")
    def confirmations(self, guide: Any) -> int:
        count: int = guide.confirmed
        return count

    @admin.display(description=_("not confirmed"))
    def missing(self, guide: Guide) -> SafeString:
        """The contacts who have not confirmed the version in force of this kind."""
        if guide.published_at is None:
            return format_html("{}", _("a draft"))
        return format_html(
            '<a href="{}?lacks={}">{}</a>', reverse("admin:contacts_contact_changelist"), guide.kind, _("Who?")
        )

    @admin.action(description=_("Publish: in force from now, all contacts are told"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Guide]) -> None:
        for guide in queryset:
            try:
                lessons.publish_guide(guide=guide, by=staff(request))
            except Refused as error:
                messages.error(request, f"{guide}: {error}")
            else:
                self.log_change(request, guide, "Published")
                messages.success(request, _("%(guide)s is in force.") % {"guide": guide})


class SessionForm(forms.ModelForm[TrainingSession]):
    class Meta:
        model = TrainingSession
        fields = ("starts_at", "ends_at", "seats")  # those of the fieldsets are added by the admin

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = data.get("starts_at"), data.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("The end is not after the beginning."))
        if data.get("seats") is not None and data["seats"] < self.instance.taken:
            self.add_error("seats", _("More seats are taken than that. Withdraw enrolments first."))
        if data.get("for_all") is False and not data.get("partners"):
            self.add_error("partners", _("Choose at least one partner, or all partners."))
        return data


@admin.register(TrainingSession)
class TrainingSessionAdmin(SideBySide, admin.ModelAdmin[TrainingSession]):
    form = SessionForm
    list_display = ("__str__", "kind", "starts_at", "language", "seats", "taken", "waiting", "cancelled_at", "who")
    list_filter = ("kind", "language", "onboarding")
    search_fields = ("title_en", "title_de")
    ordering = ("-starts_at", "-pk")
    date_hierarchy = "starts_at"
    filter_horizontal = ("partners",)
    readonly_fields = ("taken", "cancelled_at")
    actions = ("call_off",)
    fieldsets = (
        (None, {"fields": ("kind", ("title_en", "title_de"), ("text_en", "text_de"), "language")}),
        (_("When"), {"fields": (("starts_at", "ends_at"), "url", "place", "cancelled_at")}),
        (_("Who"), {"fields": (("seats", "taken"), "onboarding", "for_all", "partners")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[TrainingSession]:
        waits = Q(enrolments__seated_at__isnull=True, enrolments__withdrawn_at__isnull=True)
        return (
            super()
            .get_queryset(request)
            .annotate(waits=Count("enrolments", filter=waits & Q(enrolments__isnull=False)))
        )

    def save_model(self, request: HttpRequest, obj: TrainingSession, form: Any, change: bool) -> None:
        """Only what was changed: `taken` belongs to those who enrol meanwhile."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        plain = [name for name in form.changed_data if name != "partners"]
        obj.save(update_fields=plain)
        lessons.keep_session(session=obj)

    @admin.display(description=_("waiting"))
    def waiting(self, session: Any) -> int:
        count: int = session.waits
        return count

    @admin.display(description=_("attendance"))
    def who(self, session: TrainingSession) -> SafeString:
        address = reverse("admin:contacts_enrolment_changelist")
        return format_html('<a href="{}?session__id__exact={}">{}</a>', address, session.pk, _("Record attendance"))

    @admin.action(description=_("Call off, and tell everybody enrolled"), permissions=["change"])
    def call_off(self, request: HttpRequest, queryset: QuerySet[TrainingSession]) -> None:
        for session in queryset:
            try:
                lessons.cancel(session=session, by=staff(request))
            except Refused as error:
                messages.error(request, f"{session}: {error}")
            else:
                self.log_change(request, session, "Called off")
                messages.success(request, _("%(session)s is called off.") % {"session": session})


class EnrolmentForm(forms.ModelForm[Enrolment]):
    refused: Refused | None = None

    class Meta:
        model = Enrolment
        fields = ("session", "contact")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.refused:
            self.add_error(None, str(self.refused))
        return data


@admin.register(Enrolment)
class EnrolmentAdmin(admin.ModelAdmin[Enrolment]):
    """Who takes part. Attendance is recorded for as many as are ticked, by an action."""

    form = EnrolmentForm
    list_display = ("name", "partner_name", "session", "seat", "attendance", "recorded_at", "recorded_by")
    list_filter = (("session", admin.RelatedOnlyFieldListFilter), "attendance")
    list_select_related = ("session", "contact__user", "contact__partner", "recorded_by")
    search_fields = ("contact__user__name", "contact__user__email", "contact__partner__name")
    ordering = ("-session__starts_at", "contact__user__name", "pk")
    autocomplete_fields = ("session", "contact")
    actions = ("attended", "absent")
    list_per_page = 200

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enrolment]:
        return super().get_queryset(request).filter(withdrawn_at__isnull=True)

    def has_change_permission(self, request: HttpRequest, obj: Enrolment | None = None) -> bool:
        """The list and its actions; a single row is only looked at."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Enrolment | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Enrolment | None = None, change: bool = False, **kwargs: Any) -> Any:
        own = type("EnrolmentForm", (EnrolmentForm,), {"refused": getattr(request, "refused", None)})
        return super().get_form(request, obj, change, **kwargs | {"form": own})

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A refusal undoes the saving; the page comes back with what was chosen and the reason."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as error:
            request.refused = error  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Enrolment, form: Any, change: bool) -> None:
        made = lessons.enrol(session=obj.session, contact=obj.contact, by=staff(request))
        obj.pk = made.pk

    @admin.display(description=_("name"), ordering="contact__user__name")
    def name(self, enrolment: Enrolment) -> str:
        return enrolment.contact.user.name

    @admin.display(description=_("partner"), ordering="contact__partner__name")
    def partner_name(self, enrolment: Enrolment) -> str:
        return enrolment.contact.partner.name

    @admin.display(description=_("seat"), boolean=True)
    def seat(self, enrolment: Enrolment) -> bool:
        return not enrolment.is_waiting

    @admin.action(description=_("Attended"), permissions=["change"])
    def attended(self, request: HttpRequest, queryset: QuerySet[Enrolment]) -> None:
        record(request, queryset, Enrolment.Attendance.ATTENDED)

    @admin.action(description=_("Did not attend"), permissions=["change"])
    def absent(self, request: HttpRequest, queryset: QuerySet[Enrolment]) -> None:
        record(request, queryset, Enrolment.Attendance.ABSENT)


def record(request: HttpRequest, rows: QuerySet[Enrolment], attendance: Enrolment.Attendance) -> None:
    """One refusal does not hold up the others; how many it was is said once."""
    done = 0
    for row in rows:
        try:
            lessons.record_attendance(enrolment=row, by=staff(request), attendance=attendance)
        except Refused as error:
            messages.error(request, f"{row.contact.user.name}: {error}")
        else:
            done += 1
    if done:
        messages.success(request, _("Attendance recorded: %(count)d.") % {"count": done})


@admin.register(Acknowledgement)
class AcknowledgementAdmin(admin.ModelAdmin[Acknowledgement]):
    """To look at only: nobody confirms for somebody else."""

    list_display = ("contact", "guide", "acknowledged_at")
    list_filter = ("guide", ("contact__partner", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("contact__user", "contact__partner", "guide")
    search_fields = ("contact__user__name", "contact__user__email")
    ordering = ("-acknowledged_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Acknowledgement | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Acknowledgement | None = None) -> bool:
        return False
