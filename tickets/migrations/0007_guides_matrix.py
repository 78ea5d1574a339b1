"""The cells of the guide's matrix (section 5), joined with the fields of its templates (section 4).

Where both speak of an item, it is necessary if either says so. A change has no template and follows its column of the
matrix. `n`: necessary, `o`: asked for but optional, `-`: not asked for; incident, service request, change.
"""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

CELLS = [
    ("tenants", "nno", "4", "Retarus looks up logs by customer ID.", "Retarus sucht die Protokolle nach der Kundennummer."),
    ("services", "nno", "4", "The service decides which team and which logs.", "Der Service bestimmt, welches Team und welche Protokolle."),
    ("subject", "nnn", "5", "One line by which everybody recognises the ticket.", "Eine Zeile, an der alle das Ticket erkennen."),
    ("started", "n--", "4", "The logs are searched from this moment on.", "Ab diesem Zeitpunkt werden die Protokolle durchsucht."),
    ("ended", "o--", "4", "If it is over, the search has an end.", "Wenn es vorbei ist, hat die Suche ein Ende."),
    ("description", "nnn", "5", "What is wanted or wrong, in your words.", "Was gewünscht ist oder nicht stimmt, in Ihren Worten."),
    ("impact_description", "nnn", "5", "What does not work for whom decides what is done first.", "Was bei wem nicht geht, entscheidet, was zuerst getan wird."),
    ("error_pattern", "no-", "4", "The exact words of an error often name its cause.", "Der genaue Wortlaut eines Fehlers nennt oft die Ursache."),
    ("interface", "noo", "4", "The same fault looks different on SMTP, API and portal.", "Derselbe Fehler sieht bei SMTP, API und Portal verschieden aus."),
    ("data_centre", "ooo", "4", "If you know it, only its logs are searched.", "Wenn Sie es kennen, werden nur dessen Protokolle durchsucht."),
    ("affected_count", "no-", "4", "One or many: this tells a setting from an outage.", "Einer oder viele: Das unterscheidet eine Einstellung von einem Ausfall."),
    ("examples", "nn-", "5", "One traceable transaction saves a question and an answer.", "Eine nachvollziehbare Transaktion spart eine Frage und eine Antwort."),
    ("reproduced", "n--", "5", "What can be repeated can be watched while it fails.", "Was sich wiederholen lässt, kann man beim Scheitern beobachten."),
    ("reproduction_steps", "o--", "5", "So that the same steps can be tried at Retarus.", "Damit Retarus dieselben Schritte versuchen kann."),
    ("actions_taken", "n--", "5", "So that nobody asks you to do it again.", "Damit niemand Sie bittet, es noch einmal zu tun."),
    ("known", "no-", "5", "A known issue is joined to the work that is under way.", "Ein bekanntes Problem wird der laufenden Arbeit zugeordnet."),
    ("known_reference", "oo-", "5", "The reference leads to that work.", "Der Verweis führt zu dieser Arbeit."),
    ("related", "ooo", "4", "Earlier tickets hold what was found out already.", "Frühere Tickets enthalten, was schon herausgefunden wurde."),
    ("impact", "nnn", "3", "Impact and urgency make the priority.", "Auswirkung und Dringlichkeit ergeben die Priorität."),
    ("urgency", "nnn", "3", "Impact and urgency make the priority.", "Auswirkung und Dringlichkeit ergeben die Priorität."),
    ("phone", "nnn", "5", "For questions that cannot wait for an answer in writing.", "Für Fragen, die nicht auf eine schriftliche Antwort warten können."),
    ("contact_persons", "ooo", "5", "Who else may be called about this ticket.", "Wer zu diesem Ticket noch angerufen werden darf."),
    ("tests_allowed", "n-n", "5", "Without your word no test transaction is sent.", "Ohne Ihre Zustimmung wird keine Testtransaktion gesendet."),
]
TYPES = ("incident", "service_request", "change")


def seed(apps, schema_editor):
    Requirement = apps.get_model("tickets", "Requirement")
    Requirement.objects.bulk_create(
        Requirement(
            type=ticket_type, item=item, necessary=mark == "n", section=section, reason_en=english, reason_de=german
        )
        for item, marks, section, english, german in CELLS
        for ticket_type, mark in zip(TYPES, marks, strict=True)
        if mark != "-"
    )


def grant(apps, schema_editor):
    create_permissions(installed.get_app_config("tickets"), verbosity=0, using=schema_editor.connection.alias)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    view = Permission.objects.get(content_type__app_label="tickets", codename="view_requirement")
    change = Permission.objects.get(content_type__app_label="tickets", codename="change_requirement")
    for name in ("3rd-level agents", "3rd-level leads", "Vendor managers"):
        Group.objects.get(name=name).permissions.add(view)
    Group.objects.get(name="3rd-level leads").permissions.add(change)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_requirements")]

    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
