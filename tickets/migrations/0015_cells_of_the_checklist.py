"""The steps of the guide's 1st and 2nd level (section 3) as cells of the matrix: asked of incidents only. The priority
can be chosen against its definition on every type. `n`: necessary, `o`: optional, `-`: not asked for."""

from django.db import migrations

CELLS = [
    ("customer_information", "n--", "What was reported wrongly misleads everybody after you.", "Was falsch gemeldet wurde, führt alle nach Ihnen in die Irre."),
    ("remote_connection", "n--", "A line that is down looks like a service that is down.", "Eine gestörte Leitung sieht aus wie ein gestörter Service."),
    ("records_searched", "n--", "You may have solved it before.", "Vielleicht haben Sie es schon einmal gelöst."),
    ("help_desk", "n--", "Your agreement includes help desk service for end-customers.", "Ihre Vereinbarung schließt den Helpdesk für Endkunden ein."),
    ("customisation", "n--", "A special setting explains much that looks like a fault.", "Eine besondere Einstellung erklärt vieles, was wie ein Fehler aussieht."),
    ("system_access", "n--", "Some causes show only on the end-customer's side.", "Manche Ursachen zeigen sich nur beim Endkunden."),
    ("triage", "n--", "What you tried tells where to look next.", "Was Sie versucht haben, zeigt, wo weiterzusuchen ist."),
    ("priority", "ooo", "Choose another one only if the definition misses your case.", "Wählen Sie nur dann eine andere, wenn die Definition Ihren Fall nicht trifft."),
    ("priority_reason", "ooo", "Whoever decides what comes first reads it.", "Wer entscheidet, was zuerst kommt, liest sie."),
]
TYPES = ("incident", "service_request", "change")


def seed(apps, schema_editor):
    Requirement = apps.get_model("tickets", "Requirement")
    Requirement.objects.bulk_create(
        Requirement(
            type=ticket_type, item=item, necessary=mark == "n", section="3", reason_en=english, reason_de=german
        )
        for item, marks, english, german in CELLS
        for ticket_type, mark in zip(TYPES, marks, strict=True)
        if mark != "-"
    )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0014_qualification")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
