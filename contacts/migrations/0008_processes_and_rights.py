"""The support processes as a short list to tick (guide, sections 2 and 3), and what the vendor's groups may do with
guides and webinars. From here on the admin decides."""

from datetime import UTC, date, datetime

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

POINTS = [
    (
        "Tickets and escalations reach Retarus in writing only: in this portal or by e-mail.",
        "Tickets und Eskalationen erreichen Retarus nur schriftlich: in diesem Portal oder per E-Mail.",
    ),
    (
        "Only people named as contacts may report, and my access is for me and my company alone.",
        "Nur benannte Kontakte dürfen melden, und mein Zugang gilt nur für mich und mein Unternehmen.",
    ),
    (
        "1st and 2nd level are ours, 3rd level is Retarus. Our customers never turn to Retarus themselves.",
        "1st und 2nd Level liegen bei uns, das 3rd Level bei Retarus. Unsere Kunden wenden sich nie selbst an Retarus.",
    ),
    (
        "Before I open a ticket I check what the customer says, look for known issues and try the usual steps.",
        "Bevor ich ein Ticket eröffne, prüfe ich die Angaben des Kunden, suche nach bekannten Störungen und "
        "versuche die üblichen Schritte.",
    ),
    (
        "A ticket is complete when it is opened: who, which service, what happened, examples, what was done, a "
        "telephone number.",
        "Ein Ticket ist vollständig, wenn es eröffnet wird: wer, welcher Service, was geschah, Beispiele, was schon "
        "getan wurde, eine Telefonnummer.",
    ),
    (
        "The priority follows from impact and urgency. If it gets worse, I escalate the same ticket with a reason.",
        "Die Priorität folgt aus Auswirkung und Dringlichkeit. Wird es schlimmer, eskaliere ich dasselbe Ticket mit "
        "einer Begründung.",
    ),
    (
        "Status page and announcements come first: what stands there needs no ticket.",
        "Zuerst Statusseite und Mitteilungen lesen: Was dort steht, braucht kein Ticket.",
    ),
]

TAUGHT = ["guide", "guidepoint", "trainingsession", "enrolment", "acknowledgement", "demand"]
RIGHTS = {
    "3rd-level agents": {
        "view": TAUGHT,
        "add": ["trainingsession", "enrolment"],
        "change": ["trainingsession", "enrolment"],
    },
    "3rd-level leads": {
        "view": TAUGHT,
        "add": ["guide", "guidepoint", "trainingsession", "enrolment", "demand"],
        "change": ["guide", "guidepoint", "trainingsession", "enrolment", "demand"],
        "delete": ["guide", "guidepoint", "trainingsession", "demand"],
    },
    "Vendor managers": {"view": TAUGHT},
}


def enter(apps, schema_editor):
    guide = apps.get_model("contacts", "Guide").objects.create(
        kind="processes",
        title_en="The support processes in short",
        title_de="Die Supportprozesse in Kürze",
        version="1",
        released_date=date(2026, 11, 25),
        published_at=datetime(2026, 11, 25, tzinfo=UTC),
    )
    apps.get_model("contacts", "GuidePoint").objects.bulk_create(
        apps.get_model("contacts", "GuidePoint")(guide=guide, position=position, text_en=english, text_de=german)
        for position, (english, german) in enumerate(POINTS, start=1)
    )


def take_back(apps, schema_editor):
    apps.get_model("contacts", "Guide").objects.filter(kind="processes").delete()


def grant(apps, schema_editor):
    create_permissions(installed.get_app_config("contacts"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, rights in RIGHTS.items():
        group, _created = Group.objects.get_or_create(name=name)
        codes = [f"{verb}_{model}" for verb, models in rights.items() for model in models]
        group.permissions.add(*Permission.objects.filter(content_type__app_label="contacts", codename__in=codes))


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0007_training"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(enter, take_back),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
