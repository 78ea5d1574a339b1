"""On what ground somebody is a contact: employed, by an exception, by an agreement; and how each ends by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from contacts import grounds, onboarding, workflow
from contacts.grounds import Exemption
from contacts.licence import ROLES, Action, Basis, Role
from contacts.models import Contact, ContactEvent, DirectSupport, Invitation, User
from mailroom.models import Delivery
from mailroom.rendering import render
from tests.contacts.invitations import WHOLE, invite, token

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FAR = date(2999, 1, 1)
OWN_TENANT = {"all_tenants": False}


def exempted(cast, reference="IC-7", until=FAR, by=None, email="frank@freelance.example"):
    return workflow.invite(
        partner=cast.alpine,
        by=by or cast.lea,
        name="Frank",
        email=email,
        language="en",
        phone="+498955280001",
        grants=WHOLE,
        exemption=Exemption(reference, until),
    )


def agreed(cast, **changes):
    values = {"valid_from_date": date(2020, 1, 1), "valid_until_date": FAR, "mail_domains": ["bergbahn.example"]}
    return DirectSupport.objects.create(tenant=cast.rs1, reference="DS-1", **values | changes)


def test_an_exception_names_its_contract_its_end_and_who_approved_it(cast):
    frank = exempted(cast)
    found = (frank.basis, frank.exception_reference, frank.exception_until_date, frank.exception_approved_by)
    assert found == (Basis.DEDICATED, "IC-7", FAR, cast.lea)
    assert Delivery.objects.get().to == "frank@freelance.example"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"reference": " "}, grounds.ExceptionWithoutReference),
        ({"until": None}, grounds.ExceptionWithoutEnd),
        ({"until": date(2020, 1, 1)}, grounds.ExceptionOver),
        ({"email": "nina@alpine.example"}, grounds.ExceptionNotNeeded),
    ],
)
def test_a_lacking_exception_is_refused_and_nothing_is_half_done(cast, changes, error):
    with pytest.raises(error) as refused:
        exempted(cast, **changes)
    assert (str(refused.value) != "", refused.value.field[:9]) == (True, "exception")
    assert (User.objects.filter(name="Frank").exists(), Delivery.objects.exists()) == (False, False)


def test_a_partner_admin_makes_no_exception(cast):
    with pytest.raises(grounds.ExceptionByPartner):
        exempted(cast, by=cast.anna)
    with pytest.raises(onboarding.ForeignDomain):
        invite(cast, "frank@freelance.example")


@pytest.mark.parametrize(
    "lacking", [{"exception_reference": ""}, {"exception_until_date": None}, {"exception_approved_by": None}]
)
def test_the_database_keeps_no_exception_that_lacks_a_part(cast, lacking):
    frank = exempted(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=frank.pk).update(**lacking)


def test_an_exception_ends_by_itself_at_midnight_where_the_partner_is(cast):
    frank = exempted(cast)
    User.objects.filter(pk=frank.user_id).update(is_active=True)
    secret = token()
    Contact.objects.filter(pk=frank.pk).update(exception_until_date=NOON.date())
    last_minute = datetime(2026, 11, 23, 22, 59, tzinfo=UTC)  # Berlin is an hour ahead
    assert workflow.suspend_ended(last_minute) == 0
    assert workflow.suspend_ended(last_minute + timedelta(minutes=1)) == 1
    assert workflow.suspend_ended(last_minute + timedelta(minutes=2)) == 0
    frank.refresh_from_db()
    assert frank.suspended_at == last_minute + timedelta(minutes=1)
    newest = ContactEvent.objects.newest_first()[0]
    assert (newest.kind, newest.by) == ("ground ended", None)
    assert Invitation.objects.open(last_minute + timedelta(hours=1)).filter(contact=frank).exists() is False
    with pytest.raises(onboarding.InvitationVoid):
        workflow.open_invitation(token=secret)
    assert User.objects.get(pk=frank.user_id).may(Action.SEE) is False


def test_who_was_suspended_by_the_end_comes_back_only_with_a_new_end(cast):
    frank = exempted(cast)
    Contact.objects.filter(pk=frank.pk).update(exception_until_date=date(2020, 1, 1))
    workflow.suspend_ended(NOON)
    with pytest.raises(grounds.GroundEnded):
        workflow.resume(contact=frank, by=cast.anna)
    person = {"name": "Frank", "phone": "+498955280001"}
    workflow.amend(contact=frank, by=cast.lea, grants=WHOLE, exemption=Exemption("IC-8", FAR), **person)
    workflow.resume(contact=frank, by=cast.anna)
    frank.refresh_from_db()
    assert (frank.suspended_at, frank.exception_reference) == (None, "IC-8")


def own_tenant(cast, **changes):
    return replace(WHOLE, all_tenants=False, tenants=frozenset({cast.rs1.pk}), **changes)


def test_an_end_customer_is_a_contact_only_under_an_agreement_and_for_the_own_tenant_only(cast):
    with pytest.raises(onboarding.ForeignDomain):
        invite(cast, "berta@bergbahn.example", grants=own_tenant(cast))
    agreement = agreed(cast)
    with pytest.raises(grounds.NotOnlyOwnTenant):
        invite(cast, "berta@bergbahn.example")
    with pytest.raises(grounds.NotForEndCustomers):
        invite(cast, "berta@bergbahn.example", by=cast.lea, grants=own_tenant(cast, rights=ROLES[Role.ADMIN]))
    berta = invite(cast, "berta@bergbahn.example", grants=own_tenant(cast))
    assert (berta.basis, berta.direct_support) == (Basis.DIRECT_SUPPORT, agreement)
    with pytest.raises(grounds.NotOnlyOwnTenant):
        workflow.amend(contact=berta, by=cast.lea, name="Berta", phone="", grants=WHOLE)


@pytest.mark.parametrize("changes", [{"valid_until_date": date(2020, 6, 1)}, {"valid_from_date": date(2998, 1, 1)}])
def test_an_agreement_that_is_not_in_force_lets_nobody_in(cast, changes):
    agreed(cast, **changes)
    with pytest.raises(onboarding.ForeignDomain):
        invite(cast, "berta@bergbahn.example", grants=own_tenant(cast))


def test_when_the_agreement_ends_its_contacts_end_with_it(cast):
    agreement = agreed(cast)
    berta = invite(cast, "berta@bergbahn.example", grants=own_tenant(cast))
    assert berta.user.may(Action.SEE) is True
    agreement.valid_until_date = date(2020, 6, 1)
    agreement.save()
    assert User.objects.get(pk=berta.user_id).may(Action.SEE) is False
    assert workflow.suspend_ended(NOON) == 1


@pytest.mark.parametrize(
    ("left", "notice"), [(31, None), (30, 30), (29, 30), (8, 30), (7, 7), (2, 7), (1, 1), (0, 1), (-1, None)]
)
def test_the_notice_that_is_due_is_the_nearest_one(left, notice):
    assert grounds.notice(NOON.date() + timedelta(days=left), NOON.date()) == notice


def told(now):
    workflow.notice_expiring(now)
    return sorted(Delivery.objects.filter(template="expiring").values_list("to", "key"))


def test_the_admins_hear_thirty_seven_and_one_day_ahead_once_each_however_often_and_late_the_clock_comes(cast):
    Contact.objects.filter(user=cast.bob).update(authorized_until_date=date(2026, 12, 23))
    day = timedelta(days=1)
    assert told(NOON - day) == []
    seen = [len(told(NOON + n * day)) for n in (0, 0, 1, 22, 23, 23, 28, 29, 30, 31, 40)]
    assert seen == [1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3]
    assert {to for to, _key in told(NOON)} == {"anna@alpine.example"}


def test_a_clock_that_was_away_gives_only_the_notice_that_still_fits(cast):
    Contact.objects.filter(user=cast.bob).update(authorized_until_date=date(2026, 11, 26))
    assert [key.split(":")[3] for _to, key in told(NOON)] == ["7"]


def test_a_renewed_contact_is_announced_anew(cast):
    Contact.objects.filter(user=cast.bob).update(authorized_until_date=date(2026, 12, 20))
    assert len(told(NOON)) == 1
    workflow.renew(contact=cast.bob.contact, by=cast.anna, until=date(2027, 12, 20))
    assert len(told(NOON)) == 1
    assert len(told(datetime(2027, 11, 21, 12, tzinfo=UTC))) == 2


@pytest.mark.parametrize(("zone", "count"), [("Pacific/Auckland", 1), ("America/Los_Angeles", 0)])
def test_the_days_are_counted_where_the_partner_is(cast, zone, count):
    cast.alpine.time_zone = zone
    cast.alpine.save()
    Contact.objects.filter(user=cast.bob).update(authorized_until_date=date(2026, 12, 24))
    assert len(told(datetime(2026, 11, 23, 23, tzinfo=UTC))) == count  # already the 24th in Auckland


@pytest.mark.parametrize(("language", "words"), [("en", "until 20 Dec 2026"), ("de", "bis 20. Dez. 2026")])
def test_the_notice_names_who_and_when_in_the_readers_language(cast, language, words):
    User.objects.filter(pk=cast.anna.pk).update(language=language)
    Contact.objects.filter(user=cast.bob).update(authorized_until_date=date(2026, 12, 20))
    told(NOON)
    mail = render(Delivery.objects.get())
    assert ("Bob" in mail.subject, words in mail.subject) == (True, True)
    for body in (mail.body, str(mail.alternatives[0][0])):
        assert f"/contacts/{cast.bob.contact.pk}/" in body
