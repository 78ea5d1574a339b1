"""The pages of partner admins: who gets in, what they show, what they refuse and keep."""

import logging

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact, User
from mailroom.models import Delivery
from partnerdesk.logs import JsonFormatter
from tests.cast import contact
from tests.contacts.invitations import PASSWORD, invite, link, token, typed

OUTSIDERS = ("alice", "bob", "max", "carol", "lea")


def paths(row):
    views = ("detail", "edit", "suspend", "withdraw", "resume", "invite_again")
    return [reverse(f"contacts:{name}", args=[row.pk]) for name in views]


def row(user):
    return Contact.objects.get(user=user)


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_sent_to_sign_in(client, cast, method):
    for path in ["/contacts/", "/contacts/invite/", *paths(row(cast.bob))]:
        response = getattr(client, method)(path)
        assert (response.status_code, response.get("Location")) in (
            (302, f"/account/login/?next={path}"),
            (405, None),
        )


@pytest.mark.parametrize("who", OUTSIDERS)
def test_who_may_not_manage_contacts_gets_a_refusal_and_changes_nothing(client, cast, who):
    client.force_login(getattr(cast, who))
    for path in ["/contacts/invite/", *paths(row(cast.bob))]:
        assert client.post(path, typed(reason="because")).status_code in (403, 405)
        assert client.get(path).status_code in (403, 405)
    assert client.get("/contacts/").status_code == 403
    assert Contact.objects.exclude(suspended_at=None, revoked_at=None).count() == 0
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_contacts_of_another_partner_are_not_found(client, cast, method):
    client.force_login(cast.anna)
    foreign = row(cast.mallory)
    statuses = {path: getattr(client, method)(path, typed(reason="rival")).status_code for path in paths(foreign)}
    assert set(statuses.values()) <= {404, 405}
    assert 404 in statuses.values()
    assert row(cast.mallory).suspended_at is None


def test_the_list_shows_the_own_partners_contacts_only(client, cast):
    client.force_login(cast.anna)
    response = client.get("/contacts/")
    assert [line.contact.user.name for line in response.context["lines"]] == ["Alice", "Anna", "Bob", "Max"]
    assert b"Mallory" not in response.content
    assert b"+49 89 55280000" in response.content


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_costs_the_same_for_few_and_many(client, cast, count, django_assert_num_queries):
    for number in range(count):
        contact(f"Extra{number}", cast.alpine, tenants=[cast.rs1, cast.rs2])
    client.force_login(cast.anna)
    client.get("/contacts/")
    with django_assert_num_queries(5):
        client.get("/contacts/")


def test_an_admin_invites_and_the_link_leads_in(client, cast):
    client.force_login(cast.anna)
    response = client.post("/contacts/invite/", typed(), follow=True)
    assert response.redirect_chain == [("/contacts/", 302)]
    assert [str(message) for message in response.context["messages"]] == ["The invitation to Nina Neu is on its way."]
    nina = User.objects.get(email="nina@alpine.example")
    assert (nina.contact.phone, nina.contact.level, nina.language) == ("+498955280001", "L2", "de")
    client.logout()
    page = client.get(link())
    assert (page.status_code, page["Referrer-Policy"], page["Cache-Control"]) == (200, "same-origin", "no-store")
    assert b"Alpine Mail GmbH" in page.content
    accepted = client.post(link(), {"password": PASSWORD})
    assert (accepted.status_code, accepted["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(nina.pk)


def test_looking_at_an_invitation_does_not_use_it_up(client, cast):
    invite(cast)
    assert [client.get(link()).status_code for _ in range(3)] == [200, 200, 200]
    assert client.head(link()).status_code == 405
    assert client.post(link(), {"password": PASSWORD}).status_code == 302


def test_no_line_of_the_log_holds_the_secret_of_a_link(client, cast, caplog):
    invite(cast)
    with caplog.at_level(logging.INFO):
        client.get(link())
        client.post(link(), {"password": PASSWORD})
        client.get(link())
        client.get("/account/password/reset/key/abc-secret-part/")
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert [line for line in lines if token() in line or "secret-part" in line or PASSWORD in line] == []
    assert len([line for line in lines if "/invitation/" in line]) == 4  # one of them Django's own, about the 410


@pytest.mark.parametrize("password", ["", "short", "password1234", "nina@alpine.example", "Retarus2026"])
def test_a_weak_first_password_is_refused_and_the_link_stays_good(client, cast, password):
    invite(cast)
    assert client.post(link(), {"password": password}).status_code == 422
    assert client.post(link(), {"password": PASSWORD}).status_code == 302


def test_a_password_of_a_hundred_thousand_letters_is_refused_before_it_is_hashed(client, cast):
    invite(cast)
    response = client.post(link(), {"password": "x" * 100_000})
    assert response.context["form"].errors["password"] == [
        "Ensure this value has at most 128 characters (it has 100000)."
    ]


def test_a_used_an_expired_and_an_unknown_link_say_what_to_do(client, cast):
    nina = invite(cast)
    nina.invitations.update(expires_at=timezone.now())
    expired = client.get(link())
    nina.invitations.update(accepted_at=timezone.now())
    used = client.get(link())
    unknown = client.get("/invitation/never-was/")
    assert [(page.status_code, page["Cache-Control"]) for page in (expired, used, unknown)] == [
        (410, "no-store"),
        (410, "no-store"),
        (404, "no-store"),
    ]
    assert b"Ask your partner admin to send it again" in expired.content
    assert b"Sign in with the password that was chosen" in used.content
    assert b"copy it from the mail in full" in unknown.content
    assert client.post(link(), {"password": PASSWORD}).status_code == 410


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        (
            {"email": "nina@other.example"},
            "email",
            "other.example is not a mail domain of this partner. Only alpine.example is.",
        ),
        (
            {"email": "bob@alpine.example"},
            "email",
            "This person is a contact already. You find them in the list of contacts.",
        ),
        ({"phone": "089 55280001"}, "phone", "Write the number with its country code: +49 89 5528 2525."),
        (
            {"phone": "+49 1234567890123456"},
            "phone",
            "No telephone has this number. Check its digits and its country code.",
        ),
        ({"name": ""}, "name", "Type the name of the person."),
        ({"level": "L3"}, "level", "Select a valid choice. L3 is not one of the available choices."),
        ({"all_tenants": "False"}, "tenants", "Tick at least one tenant, or choose all tenants."),
        (
            {"authorized_until_date": "2025-12-31"},
            "authorized_until_date",
            "The last day is before the first one.",
        ),
    ],
)
def test_a_refused_invitation_keeps_what_was_typed_and_says_why(client, cast, changes, field, message):
    client.force_login(cast.anna)
    response = client.post("/contacts/invite/", typed(**changes))
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [message]}
    assert b'href="#id_' in response.content
    assert b'value="+49 89 55280001"' in response.content or "phone" in changes
    assert User.objects.filter(name="Nina Neu").count() == 0


def test_a_tenant_of_another_partner_cannot_be_posted(client, cast):
    client.force_login(cast.anna)
    response = client.post("/contacts/invite/", typed(all_tenants="False", tenants=[cast.other_tenant.pk]))
    assert response.context["form"].errors == {"tenants": ["One of these is not a tenant you can grant."]}


def test_fields_that_the_form_does_not_have_change_nothing(client, cast):
    client.force_login(cast.anna)
    extra = {"partner": cast.other.pk, "is_staff": "on", "is_superuser": "on", "user": cast.carol.pk}
    client.post("/contacts/invite/", typed(**extra))
    nina = User.objects.get(email="nina@alpine.example")
    assert (nina.is_staff, nina.is_superuser, nina.contact.partner) == (False, False, cast.alpine)


def test_editing_keeps_what_is_not_changed(client, cast):
    client.force_login(cast.anna)
    path = reverse("contacts:edit", args=[row(cast.alice).pk])
    form = client.get(path).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data |= {"phone": "+49 89 99", "tenants": list(data["tenants"])}
    data |= {"authorized_until_date": "", "contract": ""}
    assert client.post(path, data | {"phone": "+49 89 12345678"}).status_code == 302
    alice = User.objects.get(pk=cast.alice.pk)
    assert (alice.name, alice.contact.phone, alice.contact.tenant_ids) == ("Alice", "+498912345678", [cast.rs1.pk])


def test_suspending_asks_for_a_reason_and_acts_on_the_next_click(client, cast, django_user_model):
    suspended = client.__class__()
    suspended.force_login(cast.bob)
    assert suspended.get("/tickets/").status_code == 200
    client.force_login(cast.anna)
    path = reverse("contacts:suspend", args=[row(cast.bob).pk])
    assert client.post(path, {"reason": " "}).status_code == 422
    assert client.post(path, {"reason": "parental leave"}).status_code == 302
    assert suspended.get("/tickets/").status_code == 403
    detail = client.get(reverse("contacts:detail", args=[row(cast.bob).pk]))
    assert [(entry.deed, entry.reason) for entry in detail.context["history"]] == [("Suspended", "parental leave")]


def test_withdrawing_ends_every_session(client, cast):
    cast.bob.set_password(PASSWORD)
    cast.bob.save()
    withdrawn = client.__class__()
    withdrawn.force_login(cast.bob)
    client.force_login(cast.anna)
    client.post(reverse("contacts:withdraw", args=[row(cast.bob).pk]), {"reason": "left"})
    response = withdrawn.get("/tickets/")
    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=/tickets/")
    assert withdrawn.login(email=cast.bob.email, password=PASSWORD) is False


def test_the_own_contact_offers_no_deeds(client, cast):
    client.force_login(cast.anna)
    own = client.get(reverse("contacts:detail", args=[row(cast.anna).pk])).content
    other = client.get(reverse("contacts:detail", args=[row(cast.bob).pk])).content
    assert (b"/suspend/" in own, b"/suspend/" in other) == (False, True)


def test_a_refusal_says_why_names_the_admins_and_logs_no_names(client, cast, caplog):
    client.force_login(cast.max)
    with caplog.at_level(logging.WARNING, logger="contacts.access"):
        response = client.get("/contacts/")
    assert response.status_code == 403
    assert b"Your authorization does not include managing contacts." in response.content
    assert [admin.user for admin in response.context["admins"]] == [cast.anna]
    (record,) = [record for record in caplog.records if record.name == "contacts.access"]
    assert (record.getMessage(), record.user, record.action) == ("Refused.", cast.max.pk, "manage contacts")
    assert "max@" not in str(vars(record))


def test_one_who_is_no_contact_any_more_is_told_no_names(client, cast):
    Contact.objects.filter(user=cast.bob).update(revoked_at=timezone.now())
    client.force_login(cast.bob)
    response = client.get("/contacts/")
    assert (response.status_code, response.context["admins"]) == (403, [])
    assert b"anna@" not in response.content


def test_staff_are_shown_the_way_to_the_desk(client, cast):
    client.force_login(cast.carol)
    response = client.get("/contacts/")
    assert response.status_code == 403
    assert b'href="/admin/"' in response.content


def test_contacts_see_no_page_of_the_staff(client, cast):
    client.force_login(cast.anna)
    for path in ("/admin/", "/admin/contacts/contact/", "/admin/contacts/user/", "/admin/login/"):
        assert client.get(path).status_code in (302, 403)
    assert client.get("/admin/login/").status_code == 403
    assert client.get("/admin/", follow=True).status_code == 403
