"""What agents see of the outbox, and the one thing they may do there."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mailroom.models import Delivery, State
from tests.mailroom.rows import queued

pytestmark = pytest.mark.django_db

LIST = "/admin/mailroom/delivery/"


def signed_in(*permissions: str) -> Client:
    user = get_user_model().objects.create_user("agent@desk.example", is_staff=True, language="en")
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="mailroom", codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def one_in_each_state() -> None:
    now = timezone.now()
    queued("waiting", about="RCR-1000001")
    queued("sending", attempts=1, unfinished=1, next_attempt_at=now + timedelta(seconds=40))
    queued("retrying", attempts=1, next_attempt_at=now + timedelta(seconds=30), error="451 Try later")
    queued("sent", attempts=1, sent_at=now)
    queued("failed", attempts=1, failed_at=now, error="550 5.1.1 No such user here")


def send_again(client: Client) -> None:
    chosen = list(Delivery.objects.values_list("pk", flat=True))
    client.post(LIST, {"action": "send_again", "_selected_action": chosen})


def test_the_list_says_how_each_mail_stands() -> None:
    one_in_each_state()
    page = signed_in("view_delivery").get(LIST)
    assert page.status_code == 200
    shown = page.context["cl"].result_list
    assert [row.state for row in shown] == [State.FAILED, State.SENT, State.RETRYING, State.SENDING, State.WAITING]
    text = page.content.decode()
    for words in ("given up", "will be tried again", "being sent", "550 5.1.1 No such user here", "RCR-1000001"):
        assert words in text


@pytest.mark.parametrize("state", list(State))
def test_the_filter_by_state_shows_that_state(state: State) -> None:
    one_in_each_state()
    page = signed_in("view_delivery").get(LIST, {"state": state.value})
    assert [row.state for row in page.context["cl"].result_list] == [state]


def test_a_state_nobody_knows_filters_nothing() -> None:
    one_in_each_state()
    assert signed_in("view_delivery").get(LIST, {"state": "lost"}).context["cl"].result_count == 5


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(count: int, django_assert_num_queries: object) -> None:
    queued(*(f"reader{number}" for number in range(count)))
    client = signed_in("view_delivery")
    with django_assert_num_queries(3):  # type: ignore[operator]
        client.get(LIST)


def test_a_mail_is_shown_without_the_values_it_carries() -> None:
    queued("alice", secret=True, context={"subject": "Reset", "text": "https://desk.example/secret-link/"})
    queued("bob", context={"subject": "Hello", "text": "said in confidence"})
    client = signed_in("view_delivery", "change_delivery")
    for row in Delivery.objects.all():
        page = client.get(reverse("admin:mailroom_delivery_change", args=[row.pk])).content.decode()
        assert row.to in page
        assert row.message_id.strip("<>") in page
        assert [word for word in ("secret-link", "in confidence", '<input type="text"', "_save") if word in page] == []


def test_nothing_can_be_added_changed_or_deleted_there() -> None:
    queued("alice")
    row = Delivery.objects.get()
    client = signed_in("view_delivery", "add_delivery", "change_delivery", "delete_delivery")
    answers = [
        client.get(f"{LIST}add/").status_code,
        client.post(f"{LIST}{row.pk}/change/", {"to": "mallory@other.example"}).status_code,
        client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code,
        client.post(LIST, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}).status_code,
    ]
    assert answers == [403, 403, 403, 302]
    assert list(Delivery.objects.values_list("to", flat=True)) == ["alice@alpine.example"]


def test_send_again_takes_what_was_given_up_and_leaves_the_rest() -> None:
    one_in_each_state()
    send_again(signed_in("view_delivery", "change_delivery"))
    assert {row.to.partition("@")[0]: row.state for row in Delivery.objects.all()} == {
        "waiting": State.WAITING,
        "sending": State.SENDING,
        "retrying": State.RETRYING,
        "sent": State.SENT,
        "failed": State.WAITING,
    }


def test_who_may_only_look_cannot_send_again() -> None:
    one_in_each_state()
    send_again(signed_in("view_delivery"))
    assert Delivery.objects.get(key="test:failed").state == State.FAILED


def test_without_a_right_to_see_them_there_is_no_list() -> None:
    assert signed_in().get(LIST).status_code == 403


@pytest.mark.parametrize("lookup", ["context__url__startswith", "context__text__regex", "key__startswith", "secret"])
def test_what_is_not_shown_cannot_be_guessed_by_filtering(lookup: str) -> None:
    """A link that signs its reader in could else be asked for letter by letter."""
    queued("waiting", context={"url": "https://desk.example/invitation/abc"}, secret=True)
    assert signed_in("view_delivery").get(LIST, {lookup: "h"}).status_code == 400
