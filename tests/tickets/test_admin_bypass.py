"""Nothing in the admin writes around the workflow: every address of what belongs to a ticket is tried with a POST."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import models
from django.urls import URLPattern
from django.utils import timezone

from contacts.models import Contact, Partner, Tenant, User
from tests.cast import Cast
from tests.tickets.admin_pages import page_url, signed_in
from tests.tickets.openings import opened
from tickets import workflow
from tickets.admin.acts import ACTS
from tickets.models import Attachment, Escalation, Event, Example, Message, ResponseTarget, Ticket

PROTECTED: list[type[models.Model]] = [Ticket, Message, Attachment, Example, Event, Escalation]
SITE = admin.site


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every column of every row that only the workflow may write."""
    throughs = [Ticket.tenants.through, Ticket.services.through, Ticket.related.through, Ticket.contact_persons.through]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in [*PROTECTED, *throughs]}


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    ticket = opened(cast)
    workflow.reply(ticket, by=cast.alice, body="See above.")
    workflow.escalate(ticket, by=cast.max, reason="The hotel closes.")
    return ticket


@pytest.fixture
def root(cast: Cast) -> User:
    return User.objects.create_superuser("root@desk.example", name="Root")


def addresses(model: type[models.Model], row: models.Model) -> list[str]:
    """Every address the admin has for a model, stock or our own, with the row's key filled in."""
    base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    routes = [str(entry.pattern) for entry in SITE._registry[model].get_urls() if isinstance(entry, URLPattern)]
    keys = ("<path:object_id>", "<int:pk>")
    for key in keys:
        routes = [route.replace(key, str(row.pk)) for route in routes]
    assert not [route for route in routes if "<" in route]
    return [base + route for route in routes]


def forged(row: models.Model) -> dict[str, Any]:
    """A form that would change every column, if anything took it."""
    columns = {field.name: "1" for field in row._meta.fields if not field.primary_key}
    moments = {f"{name}_{part}": "2020-01-01" for name in columns for part in (0, 1)}
    texts = {"subject": "Forged", "reason": "Forged", "body": "Forged", "status": "closed", "version": "99"}
    return columns | moments | texts | {"_save": "Save", "post": "yes", "form-TOTAL_FORMS": "1", "action": "delete"}


REGISTERED = [model for model in PROTECTED if SITE.is_registered(model)]


def test_messages_files_examples_and_events_have_no_address_of_their_own():
    assert [Ticket, Escalation] == REGISTERED


@pytest.mark.parametrize("who", ["carol", "lea", "victor", "root"])
@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_no_address_of_the_admin_writes_around_the_workflow(cast, ticket, root, model, who):
    client = signed_in(root if who == "root" else getattr(cast, who))
    row = model._default_manager.get()
    before = everything()
    for address in addresses(model, row):
        response = client.post(address, forged(row) | {"seen": "77"})  # a version that never was: no deed accepts it
        assert response.status_code in {200, 302, 403, 404, 405, 409, 422}, address
        assert everything() == before, address
    assert LogEntry.objects.count() == 0


def test_the_addresses_above_are_the_ones_that_work(cast, ticket):
    """With the right version the same address does its deed, so the refusals above are not for a wrong address."""
    assert [f"/admin/tickets/ticket/{ticket.pk}/{name}/" for name in ACTS] == addresses(Ticket, ticket)[: len(ACTS)]
    version = Ticket.objects.get(pk=ticket.pk).version
    signed_in(cast.carol).post(addresses(Ticket, ticket)[0], forged(ticket) | {"seen": version})
    assert ticket.messages.filter(body="Forged").count() == 1


def test_the_stock_form_of_a_ticket_takes_no_post(cast, ticket, root):
    for user in (cast.carol, cast.lea, root):
        assert signed_in(user).post(page_url(ticket), forged(ticket)).status_code == 405


@pytest.mark.parametrize("model", PROTECTED, ids=lambda model: model.__name__)
def test_no_form_of_the_admin_holds_a_table_of_the_workflow_inside(model):
    """An inline would be a second way in."""
    inlines = [inline.model for registered in SITE._registry.values() for inline in registered.inlines]
    assert model not in inlines


def test_the_stock_ways_to_save_and_delete_are_shut_even_when_called(cast, ticket, root, rf):
    request = rf.post("/")
    request.user = root
    desk = SITE._registry[Ticket]
    for call in (
        lambda: desk.save_model(request, ticket, None, change=True),
        lambda: desk.save_related(request, None, [], change=True),
        lambda: desk.delete_model(request, ticket),
        lambda: desk.delete_queryset(request, Ticket.objects.all()),
    ):
        with pytest.raises(admin.options.PermissionDenied):
            call()


def test_what_a_ticket_stands_on_cannot_be_deleted_from_under_it(cast, ticket, root):
    """Deleting a partner, tenant, contact or login in the admin must not take a ticket or its parts along."""
    client = signed_in(root)
    before = everything()
    for row in (cast.alpine, cast.rs1, cast.alice.contacts.get(), cast.alice, cast.email_security):
        meta = row._meta
        client.post(f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/delete/", {"post": "yes"})
        assert everything() == before, meta.model_name
    assert Partner.objects.filter(pk=cast.alpine.pk).exists()
    assert Contact.objects.filter(user=cast.alice).exists()
    assert Tenant.objects.filter(pk=cast.rs1.pk).exists()


def test_leads_edit_response_targets_and_agents_read_them(cast):
    target = ResponseTarget.objects.get(service_level__code="standard", priority=2)
    address = f"/admin/tickets/responsetarget/{target.pk}/change/"
    form = {
        "service_level": target.service_level_id,
        "priority": 2,
        "respond_within": "2:00:00",
        "resolve_within": "1 00:00:00",
    }
    assert signed_in(cast.carol).get(address).status_code == 200
    assert signed_in(cast.carol).post(address, form).status_code == 403
    assert signed_in(cast.lea).post(address, form).status_code == 302
    ticket = opened(cast)
    assert (ticket.response_due_at - ticket.opened_at).total_seconds() == 2 * 60 * 60


@pytest.mark.parametrize(
    ("respond", "resolve", "why"),
    [
        ("4:00:00", "1:00:00", {"resolve_within": ["A solution cannot be due before the answer."]}),
        ("0:00:00", "1:00:00", {"respond_within": ["Nobody can answer in no time."]}),
        ("soon", "1:00:00", {"respond_within": ["Enter a valid duration."]}),
        ("1:00:00", "99999999 0:00:00", {"resolve_within": ["The number of days must be between 0 and 3650."]}),
    ],
)
def test_a_target_that_makes_no_sense_is_refused_with_a_sentence(cast, respond, resolve, why):
    target = ResponseTarget.objects.get(service_level__code="standard", priority=2)
    form = {
        "service_level": target.service_level_id,
        "priority": 2,
        "respond_within": respond,
        "resolve_within": resolve,
    }
    response = signed_in(cast.lea).post(f"/admin/tickets/responsetarget/{target.pk}/change/", form)
    assert (response.status_code, response.context["adminform"].form.errors) == (200, why)


@pytest.mark.parametrize("count", [1, 3])
def test_escalations_are_listed_for_reading(cast, ticket, django_assert_num_queries, count):
    for _number in range(1, count):
        workflow.escalate(ticket, by=cast.bob, reason="Still closed.")
    workflow.notice_overdue(timezone.now() + (ticket.due_at - timezone.now()) * 2)
    client = signed_in(cast.carol)
    with django_assert_num_queries(3):  # who, count, rows
        response = client.get("/admin/tickets/escalation/")
    steps = [escalation.step for escalation in response.context["cl"].result_list]
    assert steps == ["response", *["person"] * count]
    assert client.get(f"/admin/tickets/escalation/{ticket.escalations.first().pk}/change/").status_code == 200
