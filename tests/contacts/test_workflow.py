from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.utils import timezone

from contacts import onboarding, workflow
from contacts.licence import ROLES, Action, Role
from contacts.models import Contact, ContactEvent, Invitation, User
from mailroom.models import Delivery
from mailroom.rendering import render
from tests.cast import assemble, contact
from tests.contacts.invitations import PASSWORD, WHOLE, invite, token


def of(user):
    return User.objects.get(pk=user.pk).contact


def suspend(row, *, by):
    workflow.suspend(contact=row, by=by, reason="rivals")


def history(row):
    """Oldest first: who, what, why."""
    events = ContactEvent.objects.filter(contact=row).order_by("version")
    return [(event.by.name, event.kind, event.reason) for event in events]


def test_an_invitation_makes_a_login_that_cannot_sign_in_yet_and_one_mail(cast):
    nina = invite(cast, "Nina@Alpine.Example")
    assert (nina.user.email, nina.user.is_active, nina.user.has_usable_password()) == (
        "nina@alpine.example",
        False,
        False,
    )
    mail = Delivery.objects.get()
    assert (mail.to, mail.language, mail.template, mail.secret) == ("nina@alpine.example", "de", "invitation", True)
    assert (mail.context["partner"], mail.context["invited_by"]) == ("Alpine Mail GmbH", "Anna")
    assert history(nina) == [("Anna", "invited", "")]


def test_only_the_hash_of_the_token_is_kept(cast):
    invite(cast)
    stored = Invitation.objects.get()
    assert stored.secret_hash == onboarding.secret_hash(token())
    assert token() not in str(vars(stored))
    assert len(token()) == 43


def test_accepting_opens_the_login_and_uses_the_link_up(cast):
    nina = invite(cast)
    user = workflow.accept_invitation(token=token(), password=PASSWORD, language="de")
    assert (user.pk, user.is_active, user.check_password(PASSWORD), user.language) == (nina.user_id, True, True, "de")
    with pytest.raises(onboarding.InvitationUsed):
        workflow.accept_invitation(token=token(), password="another one altogether", language="en")
    assert User.objects.get(pk=nina.user_id).check_password(PASSWORD)
    assert history(nina) == [("Anna", "invited", ""), ("Nina Neu", "accepted", "")]


def test_an_expired_link_opens_nothing(cast):
    invite(cast)
    Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(onboarding.InvitationExpired):
        workflow.accept_invitation(token=token(), password=PASSWORD, language="en")


def test_a_forged_link_opens_nothing(cast):
    invite(cast)
    genuine = token()
    flipped = genuine[:-1] + ("A" if genuine[-1] != "A" else "B")
    for forged in (flipped, genuine[:-1], "", onboarding.secret_hash(genuine)):
        with pytest.raises(onboarding.InvitationUnknown):
            workflow.open_invitation(token=forged)


def test_a_second_invitation_ends_the_first_link(cast):
    nina = invite(cast)
    first = token()
    workflow.invite_again(contact=nina, by=cast.anna)
    with pytest.raises(onboarding.InvitationExpired):
        workflow.open_invitation(token=first)
    assert workflow.open_invitation(token=token()).contact == nina


def test_who_has_accepted_is_not_invited_again(cast):
    with pytest.raises(onboarding.AlreadyAccepted):
        workflow.invite_again(contact=of(cast.bob), by=cast.anna)


def test_the_link_of_a_suspended_or_withdrawn_contact_is_void(cast):
    nina = invite(cast)
    workflow.suspend(contact=nina, by=cast.anna, reason="by mistake")
    with pytest.raises(onboarding.InvitationVoid):
        workflow.open_invitation(token=token())
    workflow.resume(contact=nina, by=cast.anna)
    assert workflow.open_invitation(token=token()).contact == nina
    workflow.withdraw(contact=nina, by=cast.anna, reason="left")
    with pytest.raises(onboarding.InvitationVoid):
        workflow.open_invitation(token=token())


@pytest.mark.parametrize("who", ["alice", "max", "mallory", "carol"])
def test_nobody_but_the_partners_admin_invites(cast, who):
    with pytest.raises(onboarding.NotAllowed):
        invite(cast, by=getattr(cast, who))
    assert (User.objects.filter(email="nina@alpine.example").exists(), Delivery.objects.exists()) == (False, False)


def test_a_lead_invites_with_the_permission_of_the_admin(cast):
    assert invite(cast, by=cast.lea).partner == cast.alpine


def test_a_suspended_admin_can_do_nothing_even_with_a_page_still_open(cast):
    second = contact("Second", cast.alpine, role=Role.ADMIN)
    assert cast.anna.may(Action.MANAGE_CONTACTS)  # read before, kept by the request
    workflow.suspend(contact=of(cast.anna), by=second, reason="leave")
    with pytest.raises(onboarding.NotAllowed):
        invite(cast)


def test_an_address_elsewhere_is_refused_with_the_allowed_domains(cast):
    with pytest.raises(onboarding.ForeignDomain) as refused:
        invite(cast, "nina@other.example")
    assert str(refused.value) == "other.example is not a mail domain of this partner. Only alpine.example is."


def test_a_colleague_is_not_invited_twice(cast):
    with pytest.raises(onboarding.AlreadyContact):
        invite(cast, "bob@alpine.example")


def test_a_contact_of_another_partner_and_staff_are_refused_with_the_same_words(cast):
    cast.alpine.mail_domains = ["alpine.example", "other.example", "desk.example"]
    cast.alpine.save()
    for email in ("mallory@other.example", "carol@desk.example"):
        with pytest.raises(onboarding.AddressTaken):
            invite(cast, email)


def test_a_tenant_of_another_partner_cannot_be_granted(cast):
    grants = replace(WHOLE, all_tenants=False, tenants=frozenset({cast.other_tenant.pk}))
    with pytest.raises(onboarding.ForeignTenant):
        invite(cast, grants=grants)


def test_an_admin_gives_and_takes_only_tenants_of_his_own(cast):
    narrow = contact("Narrow", cast.alpine, role=Role.ADMIN, tenants=[cast.rs1])
    for grants in (WHOLE, replace(WHOLE, all_tenants=False, tenants=frozenset({cast.rs2.pk}))):
        with pytest.raises(onboarding.ForeignTenant):
            invite(cast, by=narrow, grants=grants)
    nina = invite(cast, by=narrow, grants=replace(WHOLE, all_tenants=False, tenants=frozenset({cast.rs1.pk})))
    assert list(nina.tenants.all()) == [cast.rs1]
    with pytest.raises(onboarding.ForeignTenant):
        workflow.amend(contact=of(cast.bob), by=narrow, name="Bob", phone="", grants=replace(WHOLE, all_tenants=False))


def test_changes_act_at_once(cast):
    grants = replace(WHOLE, rights=ROLES[Role.MANAGER], all_tenants=False, tenants=frozenset({cast.rs2.pk}))
    workflow.amend(contact=of(cast.bob), by=cast.anna, name="Robert", phone="+498912345678", grants=grants)
    bob = User.objects.get(pk=cast.bob.pk)
    assert (bob.name, bob.contact.phone, bob.contact.tenant_ids) == ("Robert", "+498912345678", [cast.rs2.pk])
    assert (bob.may(Action.OPEN), bob.may(Action.READ_REPORTS)) == (False, True)


def test_suspending_and_resuming(cast):
    workflow.suspend(contact=of(cast.bob), by=cast.anna, reason="parental leave")
    assert of(cast.bob).suspended_at is not None
    with pytest.raises(onboarding.AlreadySuspended):
        workflow.suspend(contact=of(cast.bob), by=cast.anna, reason="again")
    workflow.resume(contact=of(cast.bob), by=cast.anna)
    with pytest.raises(onboarding.NotSuspended):
        workflow.resume(contact=of(cast.bob), by=cast.anna)
    assert history(of(cast.bob)) == [
        ("Anna", "suspended", "parental leave"),
        ("Anna", "resumed", ""),
    ]


def test_nobody_ends_or_changes_his_own_authorization(cast):
    contact("Second", cast.alpine, role=Role.ADMIN)
    anna = of(cast.anna)
    for event in (workflow.suspend, workflow.withdraw):
        with pytest.raises(onboarding.OwnContact):
            event(contact=anna, by=cast.anna, reason="holidays")
    with pytest.raises(onboarding.OwnContact):
        workflow.amend(contact=anna, by=cast.anna, name="Anna", phone="", grants=WHOLE)


def test_the_last_admin_stays_whoever_asks(cast):
    anna = of(cast.anna)
    for event in (workflow.suspend, workflow.withdraw):
        with pytest.raises(onboarding.LastAdmin):
            event(contact=anna, by=cast.lea, reason="left")
    yesterday = timezone.localdate() - timedelta(days=1)
    for grants in (
        WHOLE,
        replace(WHOLE, rights=ROLES[Role.ADMIN], authorized_until_date=yesterday),
        replace(WHOLE, rights=ROLES[Role.ADMIN], authorized_from_date=timezone.localdate() + timedelta(days=2)),
    ):
        with pytest.raises(onboarding.LastAdmin):
            workflow.amend(contact=anna, by=cast.lea, name="Anna", phone="", grants=grants)


def test_an_admin_who_never_accepted_does_not_count_as_one_that_remains(cast):
    invite(cast, grants=replace(WHOLE, rights=ROLES[Role.ADMIN]))
    with pytest.raises(onboarding.LastAdmin):
        workflow.withdraw(contact=of(cast.anna), by=cast.lea, reason="left")


def test_withdrawing_ends_login_and_links_and_keeps_the_row(cast):
    bob = of(cast.bob)
    workflow.withdraw(contact=bob, by=cast.anna, reason="left the company")
    user = User.objects.get(pk=cast.bob.pk)
    assert (user.contact, user.is_active, user.has_usable_password()) == (None, False, False)
    assert Contact.objects.get(pk=bob.pk).revoked_at is not None
    with pytest.raises(onboarding.NotStanding):
        workflow.resume(contact=bob, by=cast.anna)


def test_who_comes_back_gets_a_new_row_under_the_old_login(cast):
    old = of(cast.bob)
    workflow.withdraw(contact=old, by=cast.anna, reason="left")
    new = invite(cast, "bob@alpine.example")
    assert (new.user_id, new.pk == old.pk) == (old.user_id, False)
    workflow.accept_invitation(token=token(), password=PASSWORD, language="en")
    assert of(cast.bob) == new


def test_another_partners_admin_cannot_touch_a_contact(cast):
    bob = of(cast.bob)
    for event in (workflow.suspend, workflow.withdraw):
        with pytest.raises(onboarding.NotAllowed):
            event(contact=bob, by=cast.mallory, reason="rival")


def test_staff_need_the_permission(cast):
    with pytest.raises(onboarding.NotAllowed):
        workflow.suspend(contact=of(cast.bob), by=cast.carol, reason="asked by phone")
    cast.carol.user_permissions.add(Permission.objects.get(codename="change_contact"))
    workflow.suspend(contact=of(cast.bob), by=cast.carol, reason="asked by phone")
    assert of(cast.bob).suspended_at is not None


def test_a_day_before_today_ends_the_authorization(cast):
    workflow.amend(
        contact=of(cast.bob),
        by=cast.anna,
        name="Bob",
        phone="",
        grants=replace(WHOLE, authorized_until_date=date(2020, 2, 1)),
    )
    assert User.objects.get(pk=cast.bob.pk).may(Action.SEE) is False


def at_once(*events):
    """Run each in a thread with its own connection, begun together; what each raised, or None."""
    results, start = [None] * len(events), Barrier(len(events))

    def run(place, event):
        start.wait()
        try:
            event()
        except Exception as error:
            results[place] = type(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(events)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_link_accepted_twice_at_once_counts_once():
    cast = assemble()
    invite(cast)
    secret = token()
    results = at_once(
        *[
            lambda word=word: workflow.accept_invitation(token=secret, password=f"{PASSWORD} {word}", language="en")
            for word in ("one", "two", "three", "four")
        ]
    )
    assert sorted(str(result) for result in results) == sorted(
        ["None", *[str(onboarding.InvitationUsed)] * 3],
    )


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_admins_who_suspend_each_other_the_second_waits_and_is_refused():
    cast = assemble()
    second = contact("Second", cast.alpine, role=Role.ADMIN)
    anna, other = of(cast.anna), of(second)
    answers = []
    late = Thread(target=lambda: answers.extend(at_once(lambda: suspend(anna, by=second))))
    with transaction.atomic():
        suspend(other, by=cast.anna)
        late.start()
        late.join(timeout=1)
        assert late.is_alive()
    late.join()
    assert answers == [onboarding.NotAllowed]
    assert [of(cast.anna).suspended_at is None, of(second).suspended_at is None] == [True, False]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_same_person_invited_twice_at_once_is_one_contact():
    cast = assemble()
    results = at_once(*[lambda: invite(cast) for _ in range(3)])
    assert sorted(str(result) for result in results) == sorted(["None", *[str(onboarding.AlreadyContact)] * 2])
    assert Contact.objects.filter(user__email="nina@alpine.example").count() == 1
    assert Delivery.objects.filter(template="invitation").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_mail_of_an_invitation_says_who_what_until_when_in_text_and_html(cast, language):
    invite(cast)
    Delivery.objects.update(language=language)
    mail = render(Delivery.objects.get())
    html = str(mail.alternatives[0][0])
    url = Delivery.objects.get().context["url"]
    assert (mail.to, "\n" in mail.subject, "Alpine Mail GmbH" in mail.subject) == (["nina@alpine.example"], False, True)
    for body in (mail.body, html):
        assert url in body
        assert "Anna" in body
        assert ("CET" in body or "CEST" in body) is True
