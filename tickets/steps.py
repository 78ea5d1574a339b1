"""How a step of the checklist is asked in a form: its outcomes as buttons in one line, and a note beneath."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tickets.qualification import Answer, Step

NOTE_CHARACTERS = 2000


class StepWidget(forms.Widget):
    """The note shows once an outcome asks for it (css/tickets.css); where styles are missing it stands there."""

    template_name = "tickets/widgets/step.html"
    use_fieldset = True

    def __init__(self, step: Step) -> None:
        super().__init__()
        self.step = step

    def kept_by(self) -> tuple[object, ...]:
        """For `tickets.skeleton`: a step is code, and found by its item."""
        return (self.step.item,)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        return {"outcome": data.get(name, ""), "note": data.get(f"{name}_note", "")}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_note" not in data

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        asks = list(dict.fromkeys(outcome.ask for outcome in self.step.outcomes if outcome.ask))
        return context | {"step": self.step, "asks": asks, "said": value or {}, "note_characters": NOTE_CHARACTERS}


class StepField(forms.Field):
    """An `Answer`, or None while no outcome was chosen."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(required=False, widget=StepWidget(step))

    def clean(self, value: Any) -> Answer | None:
        said = value or {}
        if not said.get("outcome"):
            return None
        note = said.get("note", "").replace("\x00", "").strip()
        outcome = {outcome.value: outcome for outcome in self.step.outcomes}.get(said["outcome"])
        if outcome is None:
            raise ValidationError(_("Choose one of the answers shown."))
        if outcome.ask and not note:
            raise ValidationError(
                _("“%(outcome)s” needs a note. %(ask)s"), params={"outcome": outcome.label, "ask": outcome.ask}
            )
        if len(note) > NOTE_CHARACTERS:
            raise ValidationError(
                _("The note is longer than %(limit)d characters. Put the rest into the description."),
                params={"limit": NOTE_CHARACTERS},
            )
        return Answer(outcome.value, note)
