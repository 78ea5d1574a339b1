"""Telephone numbers as they can be dialled from anywhere: E.164, checked by the phonenumbers library."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def normalise(text: str) -> str:
    """`+49 (0)89 5528-2525` as `+4989552825250`; empty stays empty. ValidationError says what is wrong."""
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text.replace("(0)", ""), None)
    except phonenumbers.NumberParseException:
        raise ValidationError(_("Write the number with its country code: +49 89 5528 2525.")) from None
    if not phonenumbers.is_possible_number(number):
        raise ValidationError(_("No telephone has this number. Check its digits and its country code."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def display(number: str) -> str:
    """`+498955282525` as `+49 89 55282525`; what is not a number stays as it is."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
