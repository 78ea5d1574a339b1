"""The guide's table of covering documents (section 3): four rows, always the same, with a partner's own references."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.models import CoveringDocument

AGREEMENT = _("Partner Agreement / Master Service Agreement")
STATUS_PAGE = _("Retarus status page")

ROWS = (
    (CoveringDocument.Covers.LEVEL_1, AGREEMENT, CoveringDocument.Owner.PARTNER),
    (CoveringDocument.Covers.LEVEL_2, AGREEMENT, CoveringDocument.Owner.PARTNER),
    (CoveringDocument.Covers.LEVEL_3, AGREEMENT, CoveringDocument.Owner.VENDOR),
    (CoveringDocument.Covers.STATUS, STATUS_PAGE, CoveringDocument.Owner.VENDOR),
)


@dataclass(frozen=True)
class Row:
    covers: CoveringDocument.Covers
    document: Promise
    owner: CoveringDocument.Owner
    own: CoveringDocument | None

    @property
    def is_status(self) -> bool:
        return self.covers == CoveringDocument.Covers.STATUS


def rows(own: Iterable[CoveringDocument]) -> list[Row]:
    """The four rows in the guide's order; `own` are the documents of one partner."""
    by_row = {document.covers: document for document in own}
    return [Row(covers, document, owner, by_row.get(covers.value)) for covers, document, owner in ROWS]
