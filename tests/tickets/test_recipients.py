"""No mail about a ticket to anybody but its partner's contacts and the vendor's staff (guide, section 3)."""

from datetime import date

import pytest

from contacts import workflow as contacting
from contacts.models import Contact, DirectSupport, User
from mailroom.models import Delivery
from tests.cast import contact
from tests.contacts.invitations import invite
from tests.contacts.test_grounds import FAR, agreed, own_tenant
from tests.tickets.openings import opened
from tickets import notifications, workflow
from tickets.models import Ticket
from tickets.priority import Priority


@pytest.fixture
def berta(cast) -> Contact:
    """Of Bergbahn, an end-customer, named under an agreement on direct support."""
    agreed(cast)
    row = invite(cast, "berta@bergbahn.example", grants=own_tenant(cast))
    User.objects.filter(pk=row.user_id).update(is_active=True)
    Delivery.objects.all().delete()
    return Contact.objects.get(pk=row.pk)


def everything(cast, person: Contact) -> None:
    """Each kind of mail there is about a ticket on which `person` is named."""
    ticket = opened(cast, by=cast.bob, contact_persons=[person, cast.alice.contact])
    by = {"by": cast.carol}
    workflow.assign(ticket, by=cast.lea, to=cast.carol)
    workflow.reply(ticket, body="We look at it.", wait=True, **by)
    workflow.reply(ticket, body="Here it is.", by=cast.bob)
    workflow.change_priority(ticket, Priority.P1, reason="Many are hit.", **by)
    workflow.set_expected(ticket, ticket.resolution_due_at, reason="A part is missing.", **by)
    workflow.escalate(ticket, by=cast.bob, reason="It spreads.")
    Ticket.objects.filter(pk=ticket.pk).update(due_at=ticket.opened_at)
    workflow.notice_overdue(ticket.opened_at)
    workflow.give_verdict(ticket, Ticket.Verdict.VENDOR, **by)
    workflow.resolve(ticket, resolution="Done.", **by)
    workflow.reopen(ticket, by=cast.bob, reason="Again.")
    workflow.close(ticket, reason="Settled by phone.", **by)


def test_every_address_belongs_to_a_contact_in_force_or_to_staff(cast, berta):
    everything(cast, berta)
    to = set(Delivery.objects.values_list("to", flat=True))
    people = {"alice@alpine.example", "bob@alpine.example", "carol@desk.example", "lea@desk.example"}
    assert to == people | {"berta@bergbahn.example"}


def test_without_an_agreement_in_force_no_end_customer_is_mailed_whatever_is_asked(cast, berta):
    DirectSupport.objects.update(valid_until_date=date(2020, 6, 1))
    everything(cast, berta)
    assert Delivery.objects.filter(to="berta@bergbahn.example").count() == 0
    assert Delivery.objects.filter(to="alice@alpine.example").count() > 5


@pytest.mark.parametrize("who", ["mallory", "max suspended", "alice on another tenant", "a stranger", "inactive staff"])
def test_whoever_is_handed_to_the_mails_is_asked_about_again(cast, who):
    ticket = opened(cast, by=cast.bob, tenants=[cast.rs2])
    if who == "max suspended":
        contacting.suspend(contact=cast.max.contact, by=cast.anna, reason="leave")
    stranger = User.objects.create(email="berta@bergbahn.example", name="Berta")
    User.objects.filter(pk=cast.victor.pk).update(is_active=False)
    reader = {
        "mallory": lambda: cast.mallory.contact,
        "max suspended": lambda: User.objects.get(pk=cast.max.pk).contact,
        "alice on another tenant": lambda: cast.alice.contact,
        "a stranger": lambda: stranger,
        "inactive staff": lambda: User.objects.get(pk=cast.victor.pk),
    }[who]()
    assert notifications.addressees(ticket, [reader, cast.bob.contact, cast.carol]) == [cast.bob, cast.carol]


def test_an_end_customer_is_offered_nobody_of_the_partners(client, cast, berta):
    client.force_login(berta.user)
    client.get("/")
    contact("Extra", cast.alpine)
    page = client.get("/tickets/new/")
    assert (page.status_code, "Extra" in page.content.decode(), "Bob" in page.content.decode()) == (200, False, False)
    assert DirectSupport.objects.get().valid_until_date == FAR
