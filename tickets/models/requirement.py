"""The guide's matrix as rows: what each type of ticket needs, and why."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from contacts.bilingual import language
from tickets.requirements import Item, Matrix, TicketType

COLUMNS = ("type", "item", "necessary", "section", "reason_en", "reason_de")


class RequirementQuerySet(models.QuerySet["Requirement"]):
    def matrix(self) -> Matrix:
        """The cells as the rules take them, with reasons in the reader's language; one statement."""
        return Matrix.of(self.values(*COLUMNS), language())

    def items_of_ticket(self) -> ArraySubquery:
        """What the type of an outer ticket is asked for, beside its columns."""
        return ArraySubquery(self.filter(type=OuterRef("type")).order_by("pk").values("item"))

    def as_array(self) -> ArraySubquery:
        """The cells beside another statement's columns; `Matrix.of` reads them."""
        return ArraySubquery(self.values(json=JSONObject(**{column: column for column in COLUMNS})))


class Requirement(models.Model):
    """One cell of the matrix. Whoever changes it changes form, mail and API at once, from the next request on."""

    type = models.CharField(_("type"), max_length=15, choices=TicketType)
    item = models.CharField(_("item"), max_length=20, choices=Item)
    necessary = models.BooleanField(_("necessary"), help_text=_("Off: it is asked for, but may stay empty."))
    reason_en = models.CharField(_("reason, English"), max_length=200)
    reason_de = models.CharField(_("reason, German"), max_length=200)
    section = models.CharField(_("section of the guide"), max_length=20)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        constraints = [
            models.UniqueConstraint(fields=["type", "item"], name="one_cell_of_the_matrix"),
            models.CheckConstraint(condition=Q(type__in=TicketType.values), name="requirement_type"),
            models.CheckConstraint(condition=Q(item__in=Item.values), name="requirement_item"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}: {self.get_item_display()}"


def matrix_of(cells: Any) -> Matrix:
    """The array that `as_array` made, in the reader's language."""
    return Matrix.of(cells, language())
