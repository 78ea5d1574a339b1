"""What a reader may say about an article, and of a guide that it has been read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models import Guide, GuidePoint
from contacts.seats import PointsMissing


class FeedbackForm(forms.Form):
    """Two buttons of one name; anything but "yes" and "no" is refused."""

    helped = forms.TypedChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], coerce=lambda said: said == "yes")


class ConfirmForm(forms.Form):
    """Each point of the guide, if it has any, and the guide as a whole."""

    points = forms.ModelMultipleChoiceField(
        label=_("What I know"),
        queryset=GuidePoint.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("The points have changed. Open the page again."),
            "invalid_pk_value": _("The points have changed. Open the page again."),
        },
    )
    read = forms.BooleanField(
        error_messages={"required": _("Tick that you have read it, then confirm. If you have not, read it first.")}
    )

    def __init__(self, *args: Any, guide: Guide, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = guide.points.order_by("position", "pk")
        self.fields["points"].queryset = points  # type: ignore[attr-defined]
        self.fields["read"].label = _("I have read %(title)s, version %(version)s.") % {
            "title": guide.title,
            "version": guide.version,
        }
        self.expected = {point.pk for point in points}
        if not self.expected:
            del self.fields["points"]

    def clean_points(self) -> Any:
        if self.expected - {point.pk for point in self.cleaned_data["points"]}:
            raise forms.ValidationError(str(PointsMissing()))
        return self.cleaned_data["points"]

    def ticked(self) -> frozenset[int]:
        return frozenset(point.pk for point in self.cleaned_data.get("points", ()))
