"""The short forms of a ticket's page: an answer or a reason."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tickets.forms import ReplyForm, TextForm


def reply_form(*data: Any) -> ReplyForm:
    return ReplyForm(*data, label=_("Your answer"), missing=_("The answer is empty. Write what you want to say."))


def escalation_form(*data: Any) -> TextForm:
    return TextForm(
        *data,
        label=_("Why does it need more attention?"),
        missing=_("An escalation needs its reason in text form. Write what has changed or what is at stake."),
    )


def reopening_form(*data: Any) -> TextForm:
    return TextForm(
        *data, label=_("What is still wrong?"), missing=_("Say what is still wrong, so that work can go on at once.")
    )


def leaving_form(*data: Any) -> TextForm:
    return TextForm(
        *data,
        label=_("What is different for you?"),
        missing=_("Say what is different, so that work on your ticket can go on at once."),
    )


def denial_form(*data: Any) -> TextForm:
    return TextForm(
        *data, label=_("What is still wrong?"), missing=_("Say what is still wrong, so that work can go on at once.")
    )
