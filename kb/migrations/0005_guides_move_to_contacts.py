"""Guides are what contacts confirm, so they are kept with the contacts. What was entered is taken along as published."""

from datetime import UTC, date, datetime, time

import django.db.models.deletion
from django.db import migrations, models

FIELDS = ("kind", "title_en", "title_de", "version", "released_date", "url")
FIRST = date(2021, 3, 1)  # of the guide this portal began with


def move(apps, schema_editor):
    Resource, Moved = apps.get_model("kb", "Resource"), apps.get_model("contacts", "Guide")
    for guide in apps.get_model("kb", "Guide").objects.all():
        published_at = datetime.combine(guide.released_date or FIRST, time.min, tzinfo=UTC)
        moved = Moved.objects.create(published_at=published_at, **{name: getattr(guide, name) for name in FIELDS})
        Resource.objects.filter(guide=guide).update(moved_guide=moved)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0007_training"), ("kb", "0004_staff_rights")]
    operations = [
        migrations.AddField(
            model_name="resource",
            name="moved_guide",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contacts.guide",
                verbose_name="guide",
            ),
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
