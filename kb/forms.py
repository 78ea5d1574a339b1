"""What a reader may say about an article."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FeedbackForm(forms.Form):
    """Two buttons of one name; anything but "yes" and "no" is refused."""

    helped = forms.TypedChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], coerce=lambda said: said == "yes")
