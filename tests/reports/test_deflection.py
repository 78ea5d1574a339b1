"""What articles saved: the same forms counted by article and by partner, and nobody reads another partner's."""

import uuid
from datetime import datetime

import pytest
from django.test import Client
from django.utils import translation

from contacts.models import User
from kb.models import Article, Outcome
from reports import monthly
from reports.deflection import Deflected, Deflection
from tests.cast import Cast
from tests.reports.october import OCTOBER
from tests.reports.tickets import berlin, ticket

MAILBOX, BILLED = "mailbox-without-external-mail", "more-addresses-billed-than-users"
MAILBOXES = "Why does a mailbox never receive mail from outside?"
BILLS = "Why are more email addresses billed than I have users?"


def said(person: User, slug: str, verdict: str, at: datetime, *, form: uuid.UUID | None = None, ticket: bool = False):
    contact = person.contact
    assert contact is not None
    Outcome.objects.create(
        contact=contact,
        partner_id=contact.partner_id,
        submission=form or uuid.uuid4(),
        article=Article.objects.get(slug=slug),
        verdict=verdict,
        said_at=at,
        ticket_opened_at=at if ticket else None,
    )


@pytest.fixture
def forms(cast: Cast) -> None:
    """In October: Alpine solves one form by two articles and one by one; two go on, one of them to a ticket."""
    one = uuid.uuid4()
    said(cast.alice, MAILBOX, "solved", berlin(2026, 10, 1), form=one)
    said(cast.alice, BILLED, "solved", berlin(2026, 10, 1, 0, 1), form=one)
    said(cast.bob, BILLED, "solved", berlin(2026, 10, 31, 23, 59))
    said(cast.bob, MAILBOX, "not solved", berlin(2026, 10, 2), ticket=True)
    said(cast.alice, MAILBOX, "not solved", berlin(2026, 10, 3))
    said(cast.alice, MAILBOX, "passed", berlin(2026, 10, 3), ticket=True)
    said(cast.alice, MAILBOX, "solved", berlin(2026, 9, 30, 23, 59))
    said(cast.alice, MAILBOX, "solved", berlin(2026, 11, 1))
    said(cast.mallory, MAILBOX, "solved", berlin(2026, 10, 4))


OF_ALPINE = (
    Deflected(BILLED, BILLS, shown=2, solved=2),
    Deflected(MAILBOX, MAILBOXES, shown=4, solved=1, unsolved=2, tickets=2),
)


def test_a_partner_reads_the_own_forms_by_article(cast, forms):
    for reader in (cast.max, cast.victor):
        assert monthly.read(reader, cast.alpine, OCTOBER).deflection == Deflection(2, 1, OF_ALPINE)
    assert [row.share for row in OF_ALPINE] == [100, 33]


def test_the_vendor_reads_all_of_them_by_partner_too(cast, forms):
    found = monthly.read(cast.victor, None, OCTOBER).deflection
    assert found == Deflection(
        3,
        1,
        (
            Deflected(MAILBOX, MAILBOXES, shown=5, solved=2, unsolved=2, tickets=2),
            Deflected(BILLED, BILLS, shown=2, solved=2),
        ),
        (
            Deflected("73125", "Alpine Mail GmbH (73125)", shown=6, solved=3, unsolved=2, tickets=2),
            Deflected("99999", "Other Ltd (99999)", shown=1, solved=1),
        ),
    )


def test_articles_are_named_in_the_readers_language(cast, forms):
    with translation.override("de"):
        assert monthly.read(cast.max, cast.alpine, OCTOBER).deflection.by_article[1].label == (
            "Warum kommt in einem Postfach nie E-Mail von außen an?"
        )


def test_page_and_file_show_the_counts_beside_their_definition(client: Client, cast, forms):
    ticket(cast.alpine, berlin(2026, 10, 5))
    client.force_login(cast.max)
    page = client.get("/reports/?month=2026-10").content.decode()
    assert "of which no ticket came later" in page
    assert "who left without a word is not counted" in page
    assert f'href="/knowledge/{MAILBOX}/"' in page
    assert "Other Ltd" not in page
    rows = client.get("/reports/csv/?month=2026-10").content.decode()
    assert f'"Articles in the ticket form","{MAILBOXES}","Not solved","forms",2,' in rows
    assert '"All","","Solved without a ticket","forms",2,1' in rows
