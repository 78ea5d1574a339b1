"""The agents' side: the same rules as in the portal, and no way round them."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from contacts.licence import ROLES, Role
from contacts.models import Contact, ContactEvent, User
from mailroom.models import Delivery
from tests.contacts.invitations import invite

ADD = "/admin/contacts/contact/add/"
LIST = "/admin/contacts/contact/"


def typed(cast, **changes):
    return {
        "partner": cast.alpine.pk,
        "name": "Nina Neu",
        "email": "nina@alpine.example",
        "language": "de",
        "phone": "+49 89 55280001",
        "level": "L1",
        "rights": sorted(ROLES[Role.MEMBER]),
        "highest_priority": "2",
        "all_tenants": "on",
        "all_services": "on",
        "authorized_from_date": "2026-01-01",
        "authorized_until_date": "",
    } | changes


def row(user):
    return Contact.objects.get(user=user)


def change(contact):
    return reverse("admin:contacts_contact_change", args=[contact.pk])


def test_adding_a_contact_sends_the_invitation(client, cast):
    client.force_login(cast.lea)
    assert client.get(ADD).status_code == 200
    response = client.post(ADD, typed(cast))
    assert (response.status_code, response["Location"]) == (302, LIST)
    nina = Contact.objects.get(user__email="nina@alpine.example")
    assert (nina.phone, nina.all_tenants, nina.user.is_active) == ("+498955280001", True, False)
    assert [(mail.template, mail.to) for mail in Delivery.objects.all()] == [("invitation", "nina@alpine.example")]
    assert [(event.by, event.kind) for event in ContactEvent.objects.all()] == [(cast.lea, "invited")]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"email": "nina@other.example"},
            {"email": ["other.example is not a mail domain of this partner. Only alpine.example is."]},
        ),
        (
            {"email": "bob@alpine.example"},
            {"email": ["This person is a contact already. You find them in the list of contacts."]},
        ),
        ({"all_tenants": ""}, {"tenants": ["Choose at least one tenant, or all tenants."]}),
        ({"phone": "55280001"}, {"phone": ["Write the number with its country code: +49 89 5528 2525."]}),
    ],
)
def test_what_the_workflow_refuses_stands_beside_what_was_typed(client, cast, changes, errors):
    client.force_login(cast.lea)
    response = client.post(ADD, typed(cast, **changes))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors == errors
    assert b'value="Nina Neu"' in response.content
    assert User.objects.filter(name="Nina Neu").count() == 0


def test_a_foreign_tenant_is_refused(client, cast):
    client.force_login(cast.lea)
    response = client.post(ADD, typed(cast, all_tenants="", tenants=[cast.other_tenant.pk]))
    assert response.context["adminform"].form.errors == {
        "tenants": ["You can grant only tenants of the partner that you may see yourself."]
    }


def test_changing_a_contact_goes_through_the_workflow(client, cast):
    client.force_login(cast.lea)
    page = client.get(change(row(cast.alice)))
    assert page.context["adminform"].form["name"].value() == "Alice"
    data = typed(
        cast, name="Alice Alm", all_tenants="", tenants=[cast.rs1.pk, cast.rs2.pk], rights=sorted(ROLES[Role.MANAGER])
    )
    assert client.post(change(row(cast.alice)), data).status_code == 302
    alice = User.objects.get(pk=cast.alice.pk)
    assert (alice.name, alice.email, alice.contact.role) == (
        "Alice Alm",
        "alice@alpine.example",
        "Partner manager",
    )
    assert sorted(alice.contact.tenant_ids) == sorted([cast.rs1.pk, cast.rs2.pk])
    assert [event.kind for event in ContactEvent.objects.all()] == ["amended"]


def test_the_last_admin_stays_in_the_admin_too(client, cast):
    client.force_login(cast.lea)
    response = client.post(change(row(cast.anna)), typed(cast, name="Anna"))
    assert response.context["adminform"].form.non_field_errors() == [
        "This is the last partner admin in force. Name another one first."
    ]
    assert row(cast.anna).role == "Partner admin"


def test_several_are_suspended_with_one_reason_and_each_is_told(client, cast):
    client.force_login(cast.lea)
    data = {"action": "suspend", "_selected_action": [row(cast.bob).pk, row(cast.anna).pk]}
    without = client.post(LIST, data | {"reason": " "}, follow=True)
    assert [str(message) for message in without.context["messages"]] == ["Say why: type the reason beside the action."]
    done = client.post(LIST, data | {"reason": "audit"}, follow=True)
    assert sorted(str(message) for message in done.context["messages"]) == [
        "Anna: This is the last partner admin in force. Name another one first.",
        "Bob: done.",
    ]
    assert (row(cast.bob).suspended_at is None, row(cast.anna).suspended_at is None) == (False, True)


@pytest.mark.parametrize(("standing", "names"), [("suspended", ["Max"]), ("withdrawn", ["Bob"])])
def test_the_list_is_filtered_by_standing(client, cast, standing, names):
    Contact.objects.filter(user=cast.max).update(suspended_at=timezone.now())
    Contact.objects.filter(user=cast.bob).update(revoked_at=timezone.now(), suspended_at=timezone.now())
    client.force_login(cast.lea)
    page = client.get(LIST, {"standing": standing})
    assert [contact.user.name for contact in page.context["cl"].result_list] == names


def test_resuming_inviting_again_and_withdrawing(client, cast):
    nina = invite(cast)
    client.force_login(cast.lea)
    for action in ("suspend", "resume", "invite_again", "withdraw"):
        client.post(LIST, {"action": action, "_selected_action": [nina.pk], "reason": "test"})
    history = ContactEvent.objects.order_by("version").values_list("kind", "reason")
    assert list(history) == [
        ("invited", ""),
        ("suspended", "test"),
        ("resumed", ""),
        ("invited again", ""),
        ("withdrawn", "test"),
    ]


def test_contacts_are_never_deleted(client, cast):
    client.force_login(User.objects.create_superuser("root@desk.example", "x", name="Root"))
    path = reverse("admin:contacts_contact_delete", args=[row(cast.bob).pk])
    assert (client.get(path).status_code, client.post(path, {"post": "yes"}).status_code) == (403, 403)
    client.post(LIST, {"action": "delete_selected", "_selected_action": [row(cast.bob).pk], "post": "yes"})
    assert Contact.objects.filter(user=cast.bob).exists()


def test_an_agent_looks_and_does_not_touch(client, cast):
    client.force_login(cast.carol)
    assert client.get(LIST).status_code == 200
    assert client.get(ADD).status_code == 403
    assert client.post(change(row(cast.bob)), typed(cast)).status_code == 403
    client.post(LIST, {"action": "suspend", "_selected_action": [row(cast.bob).pk], "reason": "test"})
    assert row(cast.bob).suspended_at is None


@pytest.mark.parametrize("name", ["user", "partner", "tenant", "service", "servicelevel", "contract", "contact"])
def test_each_list_and_form_of_the_admin_opens(client, cast, name):
    client.force_login(User.objects.create_superuser("root@desk.example", "x", name="Root"))
    base = f"/admin/contacts/{name}/"
    assert client.get(base, {"q": "a"}).status_code in (200, 302)
    assert client.get(f"{base}add/").status_code == 200
    model = {"user": User, "contact": Contact}.get(name)
    if model:
        assert client.get(f"{base}{model.objects.first().pk}/change/").status_code == 200


def test_the_list_of_contacts_costs_the_same_for_few_and_many(client, cast, django_assert_num_queries):
    client.force_login(User.objects.create_superuser("root@desk.example", "x", name="Root"))
    client.get(LIST)
    costs = []
    for _ in range(2):
        with django_assert_num_queries(5, exact=False) as found:
            client.get(LIST)
        costs.append(len(found))
        for number in range(10):
            invite(cast, f"n{len(costs)}{number}@alpine.example")
    assert costs[0] == costs[1]


def user_path(user):
    return reverse("admin:contacts_user_change", args=[user.pk])


def test_who_may_change_logins_cannot_become_more_than_he_is(client, cast):
    root = User.objects.create_superuser("root@desk.example", "secret of root", name="Root")
    client.force_login(cast.lea)
    fields = {"language": "en", "time_zone": "Europe/Berlin", "is_active": "on"}
    lifted = {"name": "Lea", "email": "lea2@desk.example", "is_superuser": "on", "is_staff": "on", "groups": []}
    client.post(user_path(cast.lea), fields | lifted)
    lea = User.objects.get(pk=cast.lea.pk)
    assert (lea.is_superuser, lea.email, lea.groups.count()) == (False, "lea@desk.example", 1)
    assert client.post(user_path(root), fields | {"name": "Mine", "email": root.email}).status_code == 403
    for user in (root, cast.carol, cast.lea):
        path = reverse("admin:auth_user_password_change", args=[user.pk])
        assert client.post(path, {"password1": "a new one for me", "password2": "a new one for me"}).status_code == 403
    assert User.objects.get(pk=root.pk).check_password("secret of root")


def test_a_time_zone_that_does_not_exist_is_refused(client, cast):
    client.force_login(cast.lea)
    fields = {"name": "Carol", "language": "en", "time_zone": "Europe/Nowhere", "is_active": "on"}
    response = client.post(user_path(cast.carol), fields)
    assert list(response.context["adminform"].form.errors) == ["time_zone"]


def test_new_staff_choose_their_own_password(client, cast):
    client.force_login(User.objects.create_superuser("root@desk.example", "x", name="Root"))
    fields = {
        "name": "Neo",
        "email": "Neo@Desk.example",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "is_staff": "on",
    }
    client.post("/admin/contacts/user/add/", fields)
    neo = User.objects.get(email="neo@desk.example")
    assert (neo.is_staff, neo.is_superuser, neo.has_usable_password()) == (True, False, False)
    client.logout()
    client.post("/account/password/reset/", {"email": "neo@desk.example"})
    assert [mail.to for mail in Delivery.objects.all()] == ["neo@desk.example"]


def test_a_permission_given_by_name_is_enough(client, cast):
    cast.carol.user_permissions.add(*Permission.objects.filter(codename__in=["add_contact", "change_contact"]))
    client.force_login(cast.carol)
    assert client.post(ADD, typed(cast)).status_code == 302


@pytest.mark.parametrize("reader", ["carol", "victor"])
def test_who_only_looks_at_a_contact_sees_the_page_without_a_way_to_save(client, cast, reader):
    client.force_login(cast.staff[reader])
    page = client.get(change(row(cast.alice)))
    assert (page.status_code, "12345RS" in page.content.decode()) == (200, True)
    assert 'name="_save"' not in page.content.decode()


def test_a_lead_reads_nothing_of_a_password_not_even_its_hash(client, cast):
    cast.carol.set_password("brisk fjord of carol")
    cast.carol.save()
    client.force_login(cast.lea)
    page = client.get(user_path(cast.carol)).content.decode()
    assert "Carol" in page
    secret = User.objects.get(pk=cast.carol.pk).password
    assert [part for part in secret.split("$") if part and part in page] == []
