"""The part of a form that looks the same for every reader: each empty field is rendered once and kept in the process.

Rendering a field costs more than all else in the page. What is kept is found by everything the rendering shows, so a
reason edited in the admin, another language or another choice is another entry, and nothing is ever filled in later.
What somebody typed, and what belongs to one reader, is rendered anew and never kept.
"""

from typing import Any

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.layout import Field
from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import get_language

#: Widgets that show nothing but their attributes, choices and value. Any other says by `kept_by()` what else it shows.
PLAIN = frozenset(
    {forms.TextInput, forms.NumberInput, forms.Textarea, forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple}
)
#: Choices that are the reader's own.
OWN = frozenset({"tenants", "contact_persons", "known_issue"})
#: Some hundred differ by type, language and reason. More than this come from edits in the admin, and are let go.
AT_MOST = 2000

kept: dict[tuple[object, ...], SafeString] = {}


def shows(field: BoundField) -> tuple[object, ...] | None:
    """Everything the rendering of an empty field depends on; None where it must not be kept."""
    widget = field.field.widget
    further = widget.kept_by() if hasattr(widget, "kept_by") else () if type(widget) in PLAIN else None
    if further is None or field.name in OWN or field.form.is_bound or field.value() not in (None, "", []):
        return None
    return (
        get_language(),
        field.html_name,
        field.auto_id,
        type(widget),
        str(field.label),
        str(field.help_text),
        field.field.required,
        field.field.disabled,
        repr(sorted(widget.attrs.items())),
        repr([(str(value), str(label)) for value, label in getattr(widget, "choices", ())]),
        further,
    )


class Kept:
    """A layout object for one field, rendered anew only where it shows something that was not shown before."""

    fields: list[str]
    attrs: dict[str, Any]
    wrapper_class: str | None

    def render(self, form: Any, context: Any, *args: Any, **kwargs: Any) -> SafeString:
        [name] = self.fields
        found = shows(form[name])
        if found is None:
            return self.anew(form, context, *args, **kwargs)
        key = (type(self), self.wrapper_class, repr(self.attrs), *found)
        html = kept.get(key)
        if html is not None:
            form.rendered_fields.add(name)  # crispy shows the rest of the form's fields behind the layout
            return html
        if len(kept) >= AT_MOST:
            kept.clear()
        kept[key] = html = self.anew(form, context, *args, **kwargs)
        return html

    def anew(self, *args: Any, **kwargs: Any) -> SafeString:
        html: SafeString = super().render(*args, **kwargs)  # type: ignore[misc]  # of the layout object beside it
        return html


class KeptField(Kept, Field):  # type: ignore[misc]  # crispy has no type marker
    pass


class KeptRadios(Kept, InlineRadios):  # type: ignore[misc]
    pass
