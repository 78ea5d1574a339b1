"""The vendor's three kinds of staff as Django groups. What a group may do is edited in the admin from here on."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

READ = {"contacts": ["partner", "tenant", "service", "servicelevel", "contract", "contact", "coveringdocument"],
        "mailroom": ["delivery"],
        "tickets": ["ticket", "message", "attachment", "example", "event", "escalation", "responsetarget"]}

GROUPS = {
    "3rd-level agents": {"view": READ, "change": {"tickets": ["ticket"]}},
    "3rd-level leads": {
        "view": READ | {"contacts": [*READ["contacts"], "user"]},
        "change": {
            "tickets": ["ticket", "responsetarget"],
            "contacts": [*READ["contacts"], "user"],
            "mailroom": ["delivery"],
        },
        "add": {"tickets": ["responsetarget"], "contacts": READ["contacts"]},
        "delete": {"contacts": ["tenant", "coveringdocument"]},
    },
    "Vendor managers": {"view": READ},
}


def make_groups(apps, schema_editor):
    for label in READ:
        create_permissions(installed.get_app_config(label), verbosity=0, using=schema_editor.connection.alias)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, rights in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        for verb, models in rights.items():
            for label, names in models.items():
                codes = [f"{verb}_{model}" for model in names]
                group.permissions.add(
                    *Permission.objects.filter(content_type__app_label=label, codename__in=codes)
                )


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0002_first_number_and_targets"),
        ("contacts", "0002_services"),
        ("mailroom", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
