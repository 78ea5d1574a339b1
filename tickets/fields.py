"""Form fields for what people write on tickets. Each turns text into a value or says what to write instead."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts import phones
from contacts.models import Service
from contacts.moments import check_year
from tickets import evidence, moments, numbers
from tickets.models import Example
from tickets.moments import Moment
from tickets.workflow import files

#: The columns of an example in the order of the form, with their headings.
EXAMPLE_COLUMNS = {
    column: Example._meta.get_field(column).verbose_name  # type: ignore[union-attr]  # none of them is a relation
    for column in evidence.ALL
}
EXAMPLE_LIMITS = {column: getattr(Example._meta.get_field(column), "max_length", None) for column in EXAMPLE_COLUMNS}
EXAMPLES_MAX_COUNT = evidence.ROWS_MAX_COUNT
LOG_EXTRACT_CHARACTERS = 20_000
#: The article on mail that does not reach recipients (guide, section 5), which the knowledge base is seeded with.
CODES_EXPLAINED_IN = "mail-does-not-reach-recipients"


class MomentField(forms.CharField):
    """A moment as in the guide's template; without a zone it is meant in the reader's own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)
        self.widget.attrs |= {"placeholder": "27.08.2019 - 11:00 UTC+2", "autocomplete": "off"}

    def clean(self, value: Any) -> Moment | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            moment = moments.parse(text, timezone.get_current_timezone_name())
            check_year(moment.at)
            return moment
        except (ValueError, OverflowError, ValidationError):
            raise ValidationError(
                _("“%(text)s” cannot be read as a moment. Write it like this: 27.08.2019 - 11:00 UTC+2."),
                params={"text": text},
            ) from None


class PhoneField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.widget.input_type = "tel"
        self.widget.attrs |= {"autocomplete": "tel"}

    def clean(self, value: Any) -> str:
        return phones.normalise(super().clean(value))


class RelatedField(forms.CharField):
    """Ticket numbers in any text: `RCR-1000231, rcr 1000198`."""

    def clean(self, value: Any) -> list[int]:
        text = super().clean(value)
        found = numbers.find(text)
        if text.strip() and not found:
            raise ValidationError(_("There is no RCR number in this. Write them like this: RCR-1000231, RCR-1000198."))
        return found


class YesNoField(forms.TypedChoiceField):
    """An explicit yes or no; None while neither was said."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("yes", _("Yes")), ("no", _("No"))],
            coerce=lambda value: value == "yes",
            empty_value=None,
            widget=forms.RadioSelect,
            **kwargs,
        )


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def kept_by(self) -> tuple[object, ...]:
        return ()


class FilesField(forms.FileField):
    """Any number of files, each checked for size, name and content; a list of uploads."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=FilesInput, **kwargs)

    def clean(self, data: Sequence[File[Any]] | None, initial: Any = None) -> list[files.Upload]:
        try:
            return files.check(list(data or []))
        except files.Refused as refused:
            raise ValidationError(str(refused)) from None


class ExamplesTable(forms.Widget):
    """Rows of affected transactions, and the box whose text is read into rows.

    The form sets `services`, the chosen ones, which decide the columns, and the text in the box; who has it read sets
    `readings`, each with the name of the file it came from ("" for the box).
    """

    template_name = "tickets/widgets/examples.html"
    use_fieldset = True
    services: Sequence[Service] = ()
    pasted = ""
    address = ""  # where the text is sent to be read without a script; the whole form's when empty
    readings: Sequence[tuple[str, evidence.Reading]] = ()

    def kept_by(self) -> tuple[object, ...] | None:
        """For `tickets.skeleton`: an empty table shows the columns of its services and no more."""
        if self.pasted or self.readings:
            return None
        return self.address, *((service.code, service.name) for service in self.services)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        """Every row that was sent, blank ones left out; a column that was not sent is blank."""
        count = max((len(data.getlist(f"{name}-{column}")) for column in EXAMPLE_COLUMNS), default=0)
        rows = [self._row(data, name, index) for index in range(min(count, EXAMPLES_MAX_COUNT))]
        return [row for row in rows if any(row.values())]

    def _row(self, data: Any, name: str, index: int) -> dict[str, str]:
        cells = {column: data.getlist(f"{name}-{column}") for column in EXAMPLE_COLUMNS}
        return {column: plain(values[index]) if index < len(values) else "" for column, values in cells.items()}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}-{column}" in data for column in EXAMPLE_COLUMNS)

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        filled: list[dict[str, str]] = list(value or [])
        columns = self._columns(filled)
        context["widget"]["rows"] = [
            [self._cell(context, row, column, number) for column in columns] for number, row in enumerate([*filled, {}])
        ]
        return context | {
            "pasted": self.pasted,
            "address": self.address,
            "readings": self.readings,
            **self._remarks(filled),
        }

    def _columns(self, rows: list[dict[str, str]]) -> list[str]:
        """The services' columns, and every other in which something stands: nothing typed or read is lost."""
        asked = evidence.columns([service.code for service in self.services])
        return [column for column in EXAMPLE_COLUMNS if column in asked or any(row.get(column) for row in rows)]

    def _remarks(self, rows: list[dict[str, str]]) -> dict[str, Any]:
        """What the error codes say, and which rows the platform keeps no more."""
        verdicts = evidence.verdicts(row.get("status", "") for row in rows)
        names = {service.code: service.name for service in self.services}
        occurred = [row.get("occurred", "") for row in rows]
        zone = timezone.get_current_timezone_name()
        found = evidence.ageing(occurred, names, now=timezone.now(), zone=zone)
        return {
            "final": evidence.Verdict.FINAL in verdicts,
            "temporary": evidence.Verdict.TEMPORARY in verdicts,
            "ageing": [(names[entry.service], entry) for entry in found],
            "explained_in": CODES_EXPLAINED_IN,
        }

    def _cell(self, context: dict[str, Any], row: dict[str, str], column: str, number: int) -> dict[str, Any]:
        """The first cell has the id that the summary of errors links to."""
        first = number == 0 and column == evidence.ALL[0]
        return {
            "id": f"{context['widget']['attrs']['id']}_{0 if first else f'{column}_{number}'}",
            "name": f"{context['widget']['name']}-{column}",
            "column": column,
            "label": EXAMPLE_COLUMNS[column],
            "value": row.get(column, ""),
        }


def plain(text: str) -> str:
    """Without the browser's line ends: what was read comes back equal to itself."""
    return text.replace("\r\n", "\n").strip()


class ExamplesField(forms.Field):
    """A list of dicts, one for each affected transaction, with every column of EXAMPLE_COLUMNS."""

    widget = ExamplesTable

    def clean(self, value: Any) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = value or []
        for number, row in enumerate(rows, 1):
            for column, text in row.items():
                self._check(number, column, text)
        return rows

    def _check(self, number: int, column: str, text: str) -> None:
        limit = EXAMPLE_LIMITS[column] or LOG_EXTRACT_CHARACTERS
        if len(text) > limit or "\x00" in text:
            raise ValidationError(
                _("Row %(number)d, %(column)s: at most %(limit)d characters of text. Put the rest into an attachment."),
                params={"number": number, "column": EXAMPLE_COLUMNS[column], "limit": limit},
            )
        if column == "occurred" and not text:
            raise ValidationError(
                _("Row %(number)d has no timestamp. Copy it from the log."), params={"number": number}
            )
