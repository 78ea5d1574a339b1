"""A test that empties the database leaves the next one what the migrations had put there."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from contacts.models import Service

EVERYTHING = [Service, Permission, ContentType]
seen: list[list[int]] = []


def count() -> list[int]:
    return [model.objects.count() for model in EVERYTHING]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second", "third"])
def test_commits_and_finds_what_the_last_one_found(time: str) -> None:
    seen.append(count())
    assert min(seen[-1]) > 4
    assert seen[-1] == seen[0]
    assert not Service.objects.filter(name="changed").exists()
    Service.objects.update(name="changed")
    Permission.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_new_rows_get_numbers_of_their_own() -> None:
    made = ContentType.objects.create(app_label="platform", model="made")
    assert made.pk not in ContentType.objects.exclude(model="made").values_list("pk", flat=True)


@pytest.mark.django_db(transaction=True)
def test_foreign_keys_are_still_looked_at() -> None:
    with connection.cursor() as ask:
        ask.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT condeferrable")
        assert ask.fetchone() == (0,)
