"""Who asks: one statement, and every way in which a session ceases to count."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.sessions.backends.db import SessionStore as DjangosStore
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts import workflow
from contacts.models import Contact, Session, User
from contacts.sessions import SessionStore
from contacts.tasks import forget_sessions
from tests.contacts.invitations import WHOLE

PAGE = "/tickets/"


def signed_in(client, user):
    """A session as Django's own sign-in begins it; the row of the login is read by the next request."""
    client.force_login(user)
    return client


def row():
    return Session.objects.get()


@pytest.fixture
def client(client, cast):
    return signed_in(client, cast.bob)


def is_let_in(client):
    return client.get(PAGE).status_code == 200


def who(key):
    store = SessionStore(key)
    store.load()
    return store.reader


def values(found):
    return {field.attname: getattr(found, field.attname) for field in found._meta.concrete_fields}


@pytest.mark.parametrize("name", ["alice", "bob", "anna", "max", "mallory"])
def test_one_statement_reads_what_the_models_would_read(cast, client, name, django_assert_num_queries):
    user = User.objects.get(pk=getattr(cast, name).pk)
    key = signed_in(client.__class__(), user).session.session_key
    with django_assert_num_queries(1):
        read = who(key)
        contact = read.contact
        assert (contact.user, contact.partner.pk) == (read, contact.partner_id)
    assert values(read) == values(user)
    assert values(contact) == values(user.contact)
    assert values(contact.partner) == values(user.contact.partner)
    assert (sorted(contact.tenant_ids), read.rights) == (sorted(user.contact.tenant_ids), None)
    assert contact.standing() == user.contact.standing()


@pytest.mark.parametrize("name", ["carol", "lea", "victor"])
def test_staff_come_with_their_rights_and_without_a_contact(cast, client, name):
    user = getattr(cast, name)
    user.user_permissions.add(Permission.objects.get(codename="view_session"))
    read = who(signed_in(client.__class__(), user).session.session_key)
    assert (read, read.contact) == (user, None)
    with CaptureQueriesContext(connection) as spent:
        assert read.get_all_permissions() == set(read.rights)
    assert len(spent) == 0
    assert read.get_all_permissions() == User.objects.get(pk=user.pk).get_all_permissions()
    assert "contacts.view_session" in read.rights


def test_rights_of_one_who_may_not_sign_in_or_has_all_are_djangos_answer(cast):
    carol = User.objects.get(pk=cast.carol.pk)
    carol.rights = ["tickets.view_ticket"]
    assert carol.has_perm("tickets.view_ticket")
    assert not carol.has_perm("tickets.change_ticket")
    carol.is_active = False
    assert not carol.has_perm("tickets.view_ticket")
    carol.is_active = carol.is_superuser = True
    assert carol.has_perm("contacts.delete_user")


def test_a_page_asks_once_who_is_there(client, django_assert_num_queries):
    with django_assert_num_queries(3):  # who, the choices of the filters, the rows
        assert is_let_in(client)


@pytest.mark.parametrize("key", ["", "x" * 32, "short", "' OR ''='", "K" * 32, "ü" * 32, '"\\000' + "a" * 31 + '"'])
def test_a_forged_cookie_opens_nothing(client, key):
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_let_in(client)
    assert Session.objects.count() == 1


def test_a_session_that_is_over_opens_nothing(client):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_let_in(client)


def test_a_row_whose_content_was_not_signed_by_us_opens_nothing(client):
    Session.objects.update(session_data="e30:forged:content")
    assert not is_let_in(client)


def test_a_changed_password_ends_the_session_and_its_row(client, cast):
    cast.bob.set_password("Acht Gipfel in der Sonne")
    cast.bob.save()
    assert not is_let_in(client)
    assert Session.objects.count() == 0


def test_a_secret_key_of_former_times_still_opens_and_is_replaced(client, settings):
    before = row().session_key
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "quite another one" * 5
    assert is_let_in(client)
    assert row().session_key != before
    settings.SECRET_KEY_FALLBACKS = []
    assert is_let_in(client)


def test_a_login_that_was_shut_is_out_at_the_next_click(client, cast):
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert not is_let_in(client)


def test_a_login_that_became_staff_is_no_contact_any_more(client, cast):
    User.objects.filter(pk=cast.bob.pk).update(is_staff=True)
    read = who(row().session_key)
    assert (read.contact, read.rights) == (None, [])


def test_a_suspended_contact_is_refused_at_the_next_click(client, cast):
    assert client.get("/tickets/").status_code == 200
    workflow.suspend(contact=cast.bob.contact, by=cast.lea, reason="on leave")
    assert client.get("/tickets/").status_code == 403


def test_a_withdrawn_contact_is_signed_out_at_the_next_click(client, cast):
    workflow.withdraw(contact=cast.bob.contact, by=cast.lea, reason="has left")
    assert client.get("/tickets/")["Location"].startswith("/account/login/")


def test_one_who_moved_to_another_partner_reads_for_that_one(client, cast):
    Contact.objects.filter(user=cast.bob).update(revoked_at=timezone.now())
    moved = Contact.objects.create(
        user=cast.bob, partner=cast.other, all_tenants=True, authorized_from_date=date(2020, 1, 1)
    )
    read = who(row().session_key)
    assert (read.contact, read.contact.partner) == (moved, cast.other)


def test_a_grant_taken_away_is_gone_at_the_next_click(client, cast):
    services = frozenset({cast.email_security.pk})
    grants = replace(WHOLE, all_tenants=False, tenants=frozenset({cast.rs2.pk}), all_services=False, services=services)
    workflow.amend(contact=cast.bob.contact, by=cast.anna, name="Bob", phone="+498955280000", grants=grants)
    contact = who(row().session_key).contact
    assert (contact.all_tenants, contact.tenant_ids) == (False, [cast.rs2.pk])
    assert (contact.all_services, contact.service_ids) == (False, [cast.email_security.pk])


def test_the_row_knows_its_login_and_a_session_of_nobody_has_none(client, cast):
    assert row().user == cast.bob
    client.logout()
    assert Session.objects.count() == 0
    nobody = SessionStore()
    nobody["before"] = True
    nobody.create()
    assert (row().user, who(nobody.session_key)) == (None, None)


def test_a_session_whose_row_names_another_login_counts_for_its_content_only(client, cast):
    Session.objects.update(user=cast.lea)
    assert client.get(PAGE).wsgi_request.user == cast.bob
    Session.objects.update(user=None)
    assert client.get(PAGE).wsgi_request.user == cast.bob


def test_a_session_begun_in_another_way_than_ours_opens_nothing(client):
    session = client.session
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session.save()
    assert not is_let_in(client)


def test_what_is_over_is_forgotten_by_the_clock_and_the_rest_is_kept(client, cast):
    other = signed_in(client.__class__(), cast.alice)
    Session.objects.filter(user=cast.bob).update(expire_date=timezone.now() - timedelta(days=1))
    forget_sessions()
    assert row().user == cast.alice
    assert is_let_in(other)


def test_content_is_written_and_signed_as_django_does(client):
    assert DjangosStore().decode(row().session_data) == dict(client.session.items())
