"""Pages of a list that may hold a million rows, without counting them."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

#: A list shows this many rows at most; whoever looks for others narrows it.
CAP = 1000


class CappedPaginator(Paginator[Any]):
    """Counts up to CAP and no further; `capped` says that there are more."""

    object_list: QuerySet[Any]

    @cached_property
    def _found(self) -> int:
        # In the list's own order, so that Postgres walks the list's own index instead of the whole table.
        return self.object_list.values("pk")[: CAP + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._found, CAP)

    @property
    def capped(self) -> bool:
        return self._found > CAP
