"""What a figure of the report is called and how it is counted: said once, beside the query that counts it."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Figure:
    """`definition` is the help text of the page and names what is counted, in which month, and what is left out."""

    label: Promise | str
    definition: Promise | str
