"""The licence as the portal and the admin live it: what is granted x what is done x how the contact stands.

One table says what is expected, written out by hand; each cell is a request of a real page. A refusal is a page with
the reason and nothing has happened; what belongs to others does not exist.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contacts.licence import ROLES, Basis, Right, Role
from contacts.models import Contact, User
from tests.cast import Cast, contact
from tests.tickets.openings import opened
from tests.tickets.test_filing import typed
from tickets import workflow
from tickets.models import Ticket

SEE, OPEN, REPLY, ESCALATE, CLOSE, REOPEN = "see", "open", "reply", "escalate", "close", "reopen"
REPORTS, CONTACTS = "read reports", "manage contacts"
ACTIONS = (SEE, OPEN, REPLY, ESCALATE, CLOSE, REOPEN, REPORTS, CONTACTS)

GRANTED = {
    "nothing": (frozenset(), {SEE}),
    "member": (ROLES[Role.MEMBER], {SEE, OPEN, REPLY, ESCALATE, CLOSE, REOPEN}),
    "partner admin": (ROLES[Role.ADMIN], set(ACTIONS)),
    "partner manager": (ROLES[Role.MANAGER], {SEE, ESCALATE, REPORTS}),
    "to open": ({Right.OPEN}, {SEE, OPEN}),
    "to answer": ({Right.ANSWER}, {SEE, REPLY, CLOSE, REOPEN}),
    "to escalate": ({Right.ESCALATE}, {SEE, ESCALATE}),
    "to read reports": ({Right.READ_REPORTS}, {SEE, REPORTS}),
    "to manage contacts": ({Right.MANAGE_CONTACTS}, {SEE, CONTACTS}),
}

DAY = timedelta(days=2)  # beyond today, in every time zone
OUT_OF_FORCE = {
    "suspended": lambda now: {"suspended_at": now},
    "withdrawn": lambda now: {"revoked_at": now},
    "expired": lambda now: {"authorized_until_date": (now - DAY).date()},
    "not begun": lambda now: {"authorized_from_date": (now + DAY).date()},
    "exception ended": lambda now: {
        "basis": Basis.DEDICATED,
        "exception_reference": "IC-7",
        "exception_until_date": (now - DAY).date(),
        "exception_approved_by": User.objects.get(name="Lea"),
    },
}


def ask(client: Client, action: str, going_on: Ticket, resolved: Ticket) -> int:
    here, there = f"/tickets/{going_on.pk}/", f"/tickets/{resolved.pk}/"
    asked = {
        SEE: lambda: client.get(here),
        OPEN: lambda: client.get("/tickets/new/"),
        REPLY: lambda: client.post(f"{here}reply/", {"body": "More of it."}),
        ESCALATE: lambda: client.post(f"{here}escalate/", {"body": "It spreads."}),
        CLOSE: lambda: client.post(f"{here}close/"),
        REOPEN: lambda: client.post(f"{there}reopen/", {"body": "Again."}),
        REPORTS: lambda: client.get("/reports/"),
        CONTACTS: lambda: client.get("/contacts/"),
    }
    return asked[action]().status_code


@pytest.fixture
def pair(cast: Cast) -> tuple[Ticket, Ticket]:
    """One that is going on and one that is resolved, both of 12345RS and Email Security."""
    going_on, resolved = opened(cast), opened(cast)
    workflow.give_verdict(resolved, Ticket.Verdict.VENDOR, by=cast.carol)
    workflow.resolve(resolved, by=cast.carol, resolution="Done.")
    return going_on, resolved


def named(cast: Cast, rights, **changes) -> User:
    user = contact("Vera", cast.alpine, tenants=[cast.rs1], services=[cast.email_security])
    Contact.objects.filter(user=user).update(rights=sorted(rights), **changes)
    return user


@pytest.mark.parametrize(("rights", "allowed"), GRANTED.values(), ids=GRANTED)
def test_in_force_the_portal_allows_what_is_granted_and_refuses_the_rest(client, cast, pair, rights, allowed):
    client.force_login(named(cast, rights))
    found = {action: ask(client, action, *pair) for action in ACTIONS}
    reads = {SEE, OPEN, REPORTS, CONTACTS}
    assert found == {
        action: (200 if action in reads else 302) if action in allowed else 403 for action in ACTIONS
    }  # fmt: skip


@pytest.mark.parametrize("state", OUT_OF_FORCE.values(), ids=OUT_OF_FORCE)
def test_out_of_force_the_portal_refuses_everything_with_a_session_that_is_still_open(client, cast, pair, state):
    user = named(cast, frozenset(Right))
    client.force_login(user)
    assert client.get(f"/tickets/{pair[0].pk}/").status_code == 200
    Contact.objects.filter(user=user).update(**state(timezone.now()))
    for rights, _allowed in GRANTED.values():
        Contact.objects.filter(user=user).update(rights=sorted(rights))
        assert {action: ask(client, action, *pair) for action in ACTIONS} == dict.fromkeys(ACTIONS, 403)
    assert [(ticket.version, ticket.messages.count()) for ticket in Ticket.objects.order_by("pk")] == [(1, 0), (3, 0)]


@pytest.mark.parametrize("state", ["in force", *OUT_OF_FORCE])
def test_no_grant_and_no_state_opens_the_admin(client, cast, pair, state):
    user = named(cast, frozenset(Right), **OUT_OF_FORCE[state](timezone.now()) if state in OUT_OF_FORCE else {})
    client.force_login(user)
    here = f"/admin/tickets/ticket/{pair[0].pk}/"
    gets = [f"{here}change/", "/admin/", "/admin/contacts/contact/"]
    posts = [f"{here}{act}/" for act in ("reply", "close", "escalate", "assign")]
    for rights, _allowed in GRANTED.values():
        Contact.objects.filter(user=user).update(rights=sorted(rights))
        answers = [client.get(path).status_code for path in gets] + [client.post(path).status_code for path in posts]
        assert {status for status in answers if status not in (302, 403, 404)} == set()
    assert Ticket.objects.get(pk=pair[0].pk).version == 1


FOREIGN = {
    "a foreign tenant": lambda cast: {"tenants": [cast.rs2]},
    "a foreign tenant beside the own": lambda cast: {"tenants": [cast.rs1, cast.rs2]},
    "a foreign service": lambda cast: {"services": [cast.transactional_email]},
    "a foreign service beside the own": lambda cast: {"services": [cast.email_security, cast.transactional_email]},
}


@pytest.mark.parametrize("about", FOREIGN.values(), ids=FOREIGN)
def test_a_ticket_about_anything_that_is_not_granted_does_not_exist(client, cast, about):
    ticket = opened(cast, by=cast.bob, **about(cast))
    client.force_login(user := named(cast, frozenset(Right)))
    ticket_actions = (SEE, REPLY, ESCALATE, CLOSE, REOPEN)
    assert {ask(client, action, ticket, ticket) for action in ticket_actions} == {404}
    assert (client.get("/tickets/").content.count(ticket.number.encode()), ticket.number) == (0, ticket.number)
    assert list(Ticket.objects.visible_to(user)) == []
    ticket.refresh_from_db()
    assert (ticket.version, ticket.messages.count()) == (1, 0)


@pytest.mark.parametrize(
    ("impact", "urgency", "status"), [("high", "high", 422), ("high", "medium", 302), ("low", "low", 302)]
)
def test_a_priority_above_the_highest_granted_is_not_opened_and_what_was_typed_stays(
    client, cast, impact, urgency, status
):
    client.force_login(named(cast, frozenset(Right), highest_priority=2))
    response = client.post("/tickets/new/", typed(cast, impact=impact, urgency=urgency))
    assert response.status_code == status
    assert Ticket.objects.count() == (status == 302)
    if status == 422:
        assert response.context["form"].non_field_errors() == [
            "This ticket would be P1. You may open tickets up to P2. Ask your partner admin, who can change this."
        ]
        assert "Since this morning" in response.content.decode()


@pytest.mark.parametrize("name", ["tenants", "services"])
def test_what_is_not_granted_cannot_be_posted_either(client, cast, name):
    client.force_login(named(cast, frozenset(Right)))
    foreign = {"tenants": cast.rs2.pk, "services": cast.transactional_email.pk}[name]
    response = client.post("/tickets/new/", typed(cast, **{name: [foreign]}))
    assert (response.status_code, Ticket.objects.count()) == (422, 0)


def test_a_contact_who_moved_sees_the_new_partners_tickets_and_none_of_the_old(client, cast, pair):
    user = named(cast, frozenset(Right))
    client.force_login(user)
    Contact.objects.filter(user=user).update(revoked_at=timezone.now())
    Contact.objects.create(
        user=user, partner=cast.other, rights=sorted(Right), all_tenants=True, authorized_from_date="2020-01-01"
    )
    theirs = opened(cast, by=cast.mallory, tenants=[cast.other_tenant])
    ticket_actions = (SEE, REPLY, ESCALATE, CLOSE, REOPEN)
    assert {ask(client, action, *pair) for action in ticket_actions} == {404}
    assert list(Ticket.objects.visible_to(User.objects.get(pk=user.pk))) == [theirs]
    assert client.get(f"/tickets/{theirs.pk}/").status_code == 200
