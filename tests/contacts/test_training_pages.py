"""The pages of the onboarding: what stands on them, whom they are shut to, and what they cost."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from contacts import lessons
from contacts.models import Acknowledgement, Enrolment, TrainingSession
from contacts.readiness import Step
from tests.contacts.trained import DAY, confirm, demand, enrol, guide_in_force, newer, of, webinar
from tests.tickets.openings import opened


def page(client, user, address, **posted):
    client.force_login(user)
    return client.post(address, posted) if posted else client.get(address)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_home_names_the_next_steps_with_their_day_and_the_way(client, cast):
    demand(cast.alpine, Step.PARTNER, grace=10)
    shown = text(page(client, cast.alice, "/"))
    assert "Partner guide, version 2021-03" in shown
    assert f"/resources/guides/{guide_in_force().pk}/" in shown
    for kind in (Step.PARTNER, Step.SUPPORT, Step.PROCESSES):
        confirm(cast.alice, guide_in_force(kind))
    assert "Next steps of your onboarding" not in text(client.get("/"))


def test_confirming_names_the_version_and_needs_every_tick(client, cast):
    guide = guide_in_force(Step.PROCESSES)
    address, points = f"/resources/guides/{guide.pk}/", list(guide.points.values_list("pk", flat=True))
    assert "Confirm version 1" in text(page(client, cast.alice, address))
    for posted in ({"read": ""}, {"read": "on"}, {"points": points}, {"read": "on", "points": points[:-1]}):
        assert client.post(address, posted).status_code == 422
    assert not Acknowledgement.objects.exists()
    assert client.post(address, {"read": "on", "points": points})["Location"] == "/onboarding/"
    assert Acknowledgement.objects.get().contact == of(cast.alice)
    assert "You confirmed this version" in text(client.get(address))


def test_a_draft_is_nowhere_to_be_read_and_an_old_version_points_to_the_new_one(client, cast):
    old = guide_in_force()
    draft = type(old).objects.create(kind="partner", title_en="Draft", version="x")
    assert page(client, cast.alice, f"/resources/guides/{draft.pk}/").status_code == 404
    guide = newer(cast)
    shown = text(client.get(f"/resources/guides/{old.pk}/"))
    assert f"/resources/guides/{guide.pk}/" in shown
    assert "Confirm version" not in shown
    assert client.post(f"/resources/guides/{old.pk}/", {"read": "on"}).status_code == 422


def test_a_member_takes_a_seat_and_gives_it_back(client, cast):
    session = webinar(cast, url="https://webinar.example/42")
    address = f"/training/{session.pk}/"
    assert "webinar.example" not in text(page(client, cast.alice, address))
    client.post(f"{address}enrol/")
    assert "webinar.example" in text(client.get(address))
    client.post(f"{address}give-back/")
    assert Enrolment.objects.standing().count() == 0


def test_an_admin_enrols_colleagues_and_nobody_else_can(client, cast):
    session = webinar(cast, seats=9)
    address, bob = f"/training/{session.pk}/enrol/", of(cast.bob).pk
    assert page(client, cast.alice, address, people=[bob], others="yes").status_code == 422
    assert page(client, cast.mallory, address, people=[bob], others="yes").status_code == 422
    assert Enrolment.objects.count() == 0
    assert page(client, cast.anna, address, people=[bob, of(cast.alice).pk], others="yes").status_code == 302
    assert Enrolment.objects.count() == 2
    for user in (cast.alice, cast.mallory):
        page(client, user, f"/training/{session.pk}/give-back/", contact=bob)
    assert Enrolment.objects.seated().filter(contact=bob).exists()


@pytest.mark.parametrize("path", ["", "enrol/", "give-back/"])
def test_another_partners_date_does_not_exist(client, cast, path):
    session = webinar(cast, partners=[cast.other])
    for user in (cast.alice, cast.anna):
        client.force_login(user)
        address = f"/training/{session.pk}/{path}"
        assert (client.post(address) if path else client.get(address)).status_code == 404
    assert session.title_en not in text(client.get("/training/"))
    assert Enrolment.objects.count() == 0


def test_the_partner_admin_sees_who_lacks_what_of_the_own_partner_alone(client, cast):
    demand(cast.alpine, Step.PARTNER)
    confirm(cast.bob, guide_in_force())
    shown = text(page(client, cast.anna, "/contacts/onboarding/?lacks=partner"))
    assert [name in shown for name in ("Alice", "Bob", "Max", "Mallory")] == [True, False, True, False]
    assert "missing, new tickets closed" in shown
    lines = client.get("/contacts/onboarding.csv?lacks=partner").content.decode().splitlines()
    assert [line.split(",")[1] for line in lines] == ['"Name"', '"Alice"', '"Anna"', '"Max"']
    assert "Alice" not in text(page(client, cast.mallory, "/contacts/onboarding/"))
    assert "Alice" not in client.get("/contacts/onboarding.csv").content.decode()
    for address in ("/contacts/onboarding/", "/contacts/onboarding.csv"):
        assert page(client, cast.alice, address).status_code == 403


def test_a_closed_gate_is_said_with_the_way_out_and_open_tickets_are_answered(client, cast):
    ticket = opened(cast, by=cast.alice)
    demand(cast.alpine, Step.PARTNER, grace=1)
    with time_machine.travel(timezone.now() + 3 * DAY):
        refused = page(client, cast.alice, "/tickets/new/")
        assert refused.status_code == 403
        assert "New tickets are closed to you until this is done: Partner guide, version 2021-03" in text(refused)
        assert 'href="/onboarding/"' in text(refused)
        answered = client.post(f"/tickets/{ticket.pk}/reply/", {"body": "From mx1."})
        assert (answered.status_code, ticket.messages.count()) == (302, 1)
        confirm(cast.alice, guide_in_force())
        assert client.get("/tickets/new/").status_code == 200


@pytest.mark.parametrize("more", [0, 20])
@pytest.mark.parametrize(
    ("address", "statements"),
    [("/onboarding/", 1), ("/contacts/onboarding/", 3), ("/contacts/onboarding.csv", 2), ("/training/", 4)],
)
def test_more_rows_cost_no_more_statements(client, cast, django_assert_num_queries, address, statements, more):
    for number in range(1 + more):
        enrol(webinar(cast), cast.anna)
        newer(cast, f"v{number}")
    client.force_login(cast.anna)
    with django_assert_num_queries(statements):
        assert client.get(address).status_code == 200


def test_agents_record_attendance_for_all_at_once_and_see_who_has_not_read(client, cast):
    session = webinar(cast, seats=1)
    row, _waiting = enrol(session, cast.alice), enrol(session, cast.bob)
    rows = list(Enrolment.objects.values_list("pk", flat=True))
    with time_machine.travel(session.ends_at + timedelta(minutes=1)):
        client.force_login(cast.carol)
        address = reverse("admin:contacts_enrolment_changelist")
        client.post(address, {"action": "attended", "_selected_action": rows})
    row.refresh_from_db()
    assert (row.attendance, row.recorded_by, Enrolment.objects.attended().count()) == ("attended", cast.carol, 1)
    confirm(cast.alice, guide_in_force())
    client.force_login(cast.carol)
    found = client.get(reverse("admin:contacts_contact_changelist"), {"lacks": "partner"}).context["cl"].result_list
    assert sorted(contact.user.name for contact in found) == ["Anna", "Bob", "Mallory", "Max"]


def test_leads_publish_in_the_admin_and_what_is_published_stays(client, cast):
    guide = type(guide_in_force()).objects.create(kind="partner", title_en="New", version="9")
    client.force_login(cast.lea)
    address = reverse("admin:contacts_guide_changelist")
    client.post(address, {"action": "publish", "_selected_action": [guide.pk]})
    assert guide_in_force() == guide
    form = client.get(reverse("admin:contacts_guide_change", args=[guide.pk]))
    assert "version" not in form.context["adminform"].form.fields
    assert client.get(reverse("admin:contacts_guide_delete", args=[guide.pk])).status_code == 403


def test_an_agent_sets_up_a_webinar_enters_who_came_and_calls_one_off(client, cast):
    client.force_login(cast.carol)
    day = (timezone.now() + 5 * DAY).strftime("%Y-%m-%d")
    fields = {
        "kind": "webinar", "title_en": "Basics", "language": "en", "starts_at_0": day, "starts_at_1": "09:00",
        "ends_at_0": day, "ends_at_1": "10:00", "seats": "3", "onboarding": "on", "for_all": "on",
    }  # fmt: skip
    address = reverse("admin:contacts_trainingsession_add")
    assert client.post(address, fields | {"ends_at_1": "08:00"}).status_code == 200
    assert client.post(address, fields).status_code == 302
    session = TrainingSession.objects.get()
    add = {"session": session.pk, "contact": of(cast.bob).pk}
    assert client.post(reverse("admin:contacts_enrolment_add"), add).status_code == 302
    change = reverse("admin:contacts_trainingsession_change", args=[session.pk])
    assert client.post(change, fields | {"seats": "0"}).status_code == 200
    client.post(
        reverse("admin:contacts_trainingsession_changelist"), {"action": "call_off", "_selected_action": [session.pk]}
    )
    session.refresh_from_db()
    assert (session.taken, session.cancelled_at is not None) == (1, True)
    refused = client.post(reverse("admin:contacts_enrolment_add"), add | {"contact": of(cast.alice).pk})
    assert "This date has been called off" in text(refused)
    with pytest.raises(Exception, match="called off"):
        lessons.enrol(session=session, contact=of(cast.max), by=cast.max)
