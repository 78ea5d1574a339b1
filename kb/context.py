"""What the frame of every page shows of what is going on."""

import time
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from kb.models import Announcement
from kb.readers import sees

KEPT_SECONDS = 30.0


class Board:
    """The notices of the frame, the same for all readers: read once in half a minute by each process.

    A page therefore pays nothing for them, and a new notice shows everywhere within that half minute. What is kept
    are rows, not pages: language, beginning and end are looked at each time.
    """

    def __init__(self) -> None:
        self.rows: list[Announcement] = []
        self.read_at = float("-inf")

    def at(self, now: datetime) -> list[Announcement]:
        if time.monotonic() - self.read_at > KEPT_SECONDS:
            self.pin(list(Announcement.objects.for_the_frame(now)))
        return [row for row in self.rows if row.stands_in_frame(now)]

    def pin(self, rows: list[Announcement]) -> None:
        self.rows, self.read_at = rows, time.monotonic()

    def clear(self) -> None:
        self.read_at = float("-inf")


board = Board()


def notices(request: HttpRequest) -> dict[str, Any]:
    """`notices`: status notices that last and maintenance from a day ahead; nothing for strangers. Read when shown."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"notices": SimpleLazyObject(lambda: board.at(timezone.now()) if sees(user) else [])}
