"""Agents and leads declare known issues, managers read them. From here on the admin decides."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

WRITE = ["view_knownissue", "add_knownissue", "change_knownissue", "view_knownissueupdate"]
RIGHTS = {
    "3rd-level agents": WRITE,
    "3rd-level leads": WRITE,
    "Vendor managers": ["view_knownissue", "view_knownissueupdate"],
}


def grant(apps, schema_editor):
    create_permissions(installed.get_app_config("tickets"), verbosity=0, using=schema_editor.connection.alias)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codes in RIGHTS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(content_type__app_label="tickets", codename__in=codes))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_known_issues"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
