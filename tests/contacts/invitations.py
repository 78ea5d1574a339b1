"""What the tests of this folder type and find in mails."""

from datetime import date
from typing import Any

from contacts import workflow
from contacts.licence import ROLES, Grants, Level, Role
from contacts.models import Contact, User
from mailroom.models import Delivery
from tests.cast import Cast

PASSWORD = "Sieben Gipfel im Nebel"
WHOLE = Grants(
    level=Level.L1,
    rights=ROLES[Role.MEMBER],
    highest_priority=2,
    all_tenants=True,
    tenants=frozenset(),
    all_services=True,
    services=frozenset(),
    authorized_from_date=date(2020, 1, 1),
    authorized_until_date=None,
)


def typed(**changes: Any) -> dict[str, Any]:
    """A complete form of an invitation."""
    return {
        "name": "Nina Neu",
        "email": "nina@alpine.example",
        "phone": "+49 89 55280001",
        "language": "de",
        "level": "L2",
        "role": "member",
        "highest_priority": "2",
        "all_tenants": "True",
        "all_services": "True",
        "authorized_from_date": "2026-01-01",
        "authorized_until_date": "",
    } | changes


def invite(cast: Cast, email: str = "nina@alpine.example", by: User | None = None, grants: Grants = WHOLE) -> Contact:
    return workflow.invite(
        partner=cast.alpine,
        by=by or cast.anna,
        name="Nina Neu",
        email=email,
        language="de",
        phone="+498955280001",
        grants=grants,
    )


def link() -> str:
    """The path in the newest invitation that waits in the outbox."""
    url: str = Delivery.objects.filter(template="invitation").latest("pk").context["url"]
    return url.removeprefix("http://localhost:8000")


def token() -> str:
    return link().split("/")[2]
