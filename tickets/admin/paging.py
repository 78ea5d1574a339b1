"""Pages of a list that may hold a million rows, without counting them."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

#: A list shows this many rows at most; whoever looks for others narrows it.
CAP = 1000
#: A search counts so many pages ahead of the one that is read.
PAGES_AHEAD = 3


def horizon(page: str, per_page: int) -> int:
    """The last row of the furthest page that is linked from this one, which may be any text from an address."""
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return (max(number, 1) + PAGES_AHEAD) * per_page


class CappedPaginator(Paginator[Any]):
    """Counts up to CAP and no further; `capped` says that there are more.

    Where each row counted costs something, as in a search, `horizon` is the last row that the links to pages need: it
    moves on with the reader, and `goes_on` says that there are more behind it.
    """

    object_list: QuerySet[Any]
    horizon: int | None = None

    @property
    def _end(self) -> int:
        return min(CAP, self.horizon or CAP)

    @cached_property
    def _found(self) -> int:
        # In the list's own order, so that Postgres walks the list's own index instead of the whole table.
        return self.object_list.values("pk")[: self._end + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._found, self._end)

    @property
    def capped(self) -> bool:
        return self._found > CAP

    @property
    def goes_on(self) -> bool:
        return self._end < CAP and self._found > self._end
