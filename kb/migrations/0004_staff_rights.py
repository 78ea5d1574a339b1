"""What the vendor's groups may do with what we know. From here on the admin decides."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

EVERYTHING = ["article", "topic", "placement", "resource", "guide", "announcement"]

RIGHTS = {
    "3rd-level agents": {
        "view": [*EVERYTHING, "feedback"],
        "add": ["article", "placement", "announcement"],
        "change": ["article", "placement", "announcement"],
        "delete": ["placement"],
    },
    "3rd-level leads": {
        "view": [*EVERYTHING, "feedback"],
        "add": EVERYTHING,
        "change": EVERYTHING,
        "delete": EVERYTHING,
    },
    "Vendor managers": {"view": [*EVERYTHING, "feedback"]},
}


def grant(apps, schema_editor):
    create_permissions(installed.get_app_config("kb"), verbosity=0, using=schema_editor.connection.alias)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, rights in RIGHTS.items():
        group, _created = Group.objects.get_or_create(name=name)
        codes = [f"{verb}_{model}" for verb, models in rights.items() for model in models]
        group.permissions.add(*Permission.objects.filter(content_type__app_label="kb", codename__in=codes))


class Migration(migrations.Migration):
    dependencies = [
        ("kb", "0003_resources_and_guides"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
