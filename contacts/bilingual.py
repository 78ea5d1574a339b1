"""Texts that are kept in English and in German, and read in the language of whoever looks."""

from typing import Any, overload

from django.utils import translation

OTHER = {"en": "de", "de": "en"}


def language() -> str:
    """The language of this thread's reader: "de" for any kind of German, "en" for everyone else."""
    return "de" if (translation.get_language() or "").startswith("de") else "en"


def in_language(instance: Any, name: str, reader: str) -> str:
    """The text `name` for a reader of `reader`; English where the other one is missing."""
    german: str = getattr(instance, f"{name}_de") if reader.startswith("de") else ""
    return german or str(getattr(instance, f"{name}_en"))


class InReadersLanguage:
    """`title = InReadersLanguage()` reads `title_de` for a German reader.

    English stands in where the German is missing, so that a page has a hole in no language.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "InReadersLanguage": ...
    @overload
    def __get__(self, instance: object, owner: type) -> str: ...
    def __get__(self, instance: Any, owner: type) -> "InReadersLanguage | str":
        if instance is None:
            return self
        return in_language(instance, self.name, language())
