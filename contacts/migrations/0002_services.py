from django.core.management import call_command
from django.db import migrations

EAS = "https://eas.retarus.com/"
SERVICES = [
    ("email-security", "Email Security"),
    ("transactional-email", "Transactional Email"),
    ("cloud-fax", "Cloud Fax"),
    ("sms", "SMS"),
    ("edi", "EDI"),
]
SERVICE_LEVELS = [("standard", "Standard"), ("extended", "Extended")]


def seed(apps, schema_editor):
    Service = apps.get_model("contacts", "Service")
    for position, (code, name) in enumerate(SERVICES, 1):
        Service.objects.create(code=code, name=name, position=position, administration_guide_url=EAS)
    ServiceLevel = apps.get_model("contacts", "ServiceLevel")
    for code, name in SERVICE_LEVELS:
        ServiceLevel.objects.create(code=code, name=name)


def make_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]

    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
