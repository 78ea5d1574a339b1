"""Nobody learns from a known issue who else is affected: pages, lists, searches and mails of random partners."""

import re

from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from contacts.models import Contract, Partner, ServiceLevel, Tenant, User
from mailroom.models import Delivery
from mailroom.rendering import render
from tests.cast import SINCE, Cast, assemble, contact
from tests.tickets.known import declared, joined
from tickets import workflow
from tickets.models import KnownIssue, Ticket

#: What happens next: by which partner (of three), what, and to which of its tickets.
STEPS = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(["join", "update", "leave", "link", "tell", "reply"]), st.integers(0, 2)
    ),
    min_size=4,
    max_size=12,
)


#: Affected end-customers of each ticket, so odd that a sum of several is no other figure of a page.
ODD = 86_413


class Isolation(TestCase):
    """Three partners join the same known issue, each with words that nobody else may meet."""

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=STEPS, resolves=st.booleans())
    def test_nobody_meets_anothers_words(self, steps: list[tuple[int, str, int]], resolves: bool) -> None:
        cast = assemble()
        partners = [company(cast, place) for place in range(3)]
        issue = declared(cast)
        for place in range(3):
            join(cast, issue, partners, place)
        for place, verb, which in steps:
            step(cast, issue, partners, place, verb, which)
        if resolves:
            workflow.resolve_known_issue(issue, by=cast.carol, verdict=Ticket.Verdict.VENDOR, resolution_en="Done.")
        workflow.tell_known_issues(timezone.now())
        for place, user in enumerate(partners):
            met = "\n".join([*pages(user, issue), *mails(user)])
            foreign = {other for other in range(3) if other != place}
            assert {int(found) for found in re.findall(r"secret(\d)", met)} & foreign == set()
            numbers = set(Ticket.objects.exclude(partner=user.contact.partner_id).values_list("pk", flat=True))
            assert {int(found) for found in re.findall(r"RCR-(\d+)", met)} & numbers == set()
            assert str(ODD * Ticket.objects.filter(join__issue=issue).count()) not in met
            assert f"secret{place}" in met  # the words could have leaked


def company(cast: Cast, place: int) -> User:
    partner = Partner.objects.create(
        name=f"secret{place} Ltd", customer_id=f"5{place}111", mail_domains=[f"p{place}.example"]
    )
    contract = Contract.objects.create(
        partner=partner,
        reference=f"C{place}",
        service_level=ServiceLevel.objects.get(code="standard"),
        valid_from_date=SINCE,
    )
    contract.services.set([cast.email_security])
    Tenant.objects.create(partner=partner, customer_id=f"7{place}222RS", name=f"secret{place} Tenant")
    return contact(f"Person{place}", partner)


def join(cast: Cast, issue: KnownIssue, partners: list[User], place: int) -> Ticket:
    user = User.objects.get(pk=partners[place].pk)
    tenants = list(Tenant.objects.filter(partner=user.contact.partner_id))
    row = {"occurred": "now", "sender": f"secret{place}@x.example"}
    return joined(
        cast, issue, by=user, tenants=tenants, remark=f"secret{place} remark", examples=[row], affected_count=ODD
    )


def step(cast: Cast, issue: KnownIssue, partners: list[User], place: int, verb: str, which: int) -> None:
    user = User.objects.get(pk=partners[place].pk)
    own = list(Ticket.objects.visible_to(user).order_by("pk"))
    ticket = own[which % len(own)]
    if verb == "join":
        join(cast, issue, partners, place)
    elif verb == "update":
        workflow.update_known_issue(issue, by=cast.carol, body_en="Still at work.", body_de="Wir arbeiten daran.")
    elif verb == "tell":
        workflow.tell_known_issues(timezone.now())
    elif verb == "reply":
        workflow.reply(ticket, by=user, body=f"secret{place} answer")
    elif verb == "leave" and hasattr(ticket, "join"):
        workflow.leave_known_issue(ticket, by=user, body=f"secret{place} is different")
    elif verb == "link" and not hasattr(ticket, "join"):
        workflow.link_known_issue(ticket, issue, by=user)


def pages(user: User, issue: KnownIssue) -> list[str]:
    """Everything a contact can ask for about tickets and known issues, the searches for all secrets included."""
    client = Client()
    client.force_login(user)
    own = Ticket.objects.visible_to(User.objects.get(pk=user.pk)).values_list("pk", flat=True)
    searches = [f"/tickets/?status=all&q={word}" for word in ("remark", "tenant", "x.example", "relay", "Ltd")]
    fixed = ["/", "/tickets/", "/tickets/new/", "/tickets/known-issues/", "/reports/"]
    known = [f"/tickets/known-issues/{issue.pk}/", f"/tickets/known-issues/{issue.pk}/join/"]
    asked = [*fixed, *known, *searches, *(f"/tickets/{pk}/" for pk in own)]
    return [client.get(url).content.decode() for url in asked]


def mails(user: User) -> list[str]:
    rendered = [render(row) for row in Delivery.objects.filter(to=user.email)]
    return [f"{mail.subject}\n{mail.body}\n{mail.alternatives[0][0]}" for mail in rendered]
