"""What a role allowed becomes the rights that are stored, and the history moves from the admin's log to its own table."""

from django.db import migrations

WORK = ["open", "answer", "escalate"]
ROLES = {
    "member": WORK,
    "admin": [*WORK, "read reports", "manage contacts"],
    "manager": ["escalate", "read reports"],
}
DEEDS = {
    "Invited again": "invited again",
    "Invited": "invited",
    "Accepted the invitation": "accepted",
    "Authorization changed": "amended",
    "Suspended": "suspended",
    "Resumed": "resumed",
    "Withdrawn": "withdrawn",
}


def keep_what_was_allowed(apps, schema_editor):
    """Everybody could open tickets of every priority, so that stays."""
    Contact = apps.get_model("contacts", "Contact")
    for role, rights in ROLES.items():
        Contact.objects.filter(role=role).update(rights=rights, highest_priority=1)


def move_history(apps, schema_editor):
    Contact = apps.get_model("contacts", "Contact")
    ContactEvent = apps.get_model("contacts", "ContactEvent")
    LogEntry = apps.get_model("admin", "LogEntry")
    written = LogEntry.objects.filter(content_type__app_label="contacts", content_type__model="contact")
    known = set(Contact.objects.values_list("pk", flat=True))
    versions = dict.fromkeys(known, 0)
    events = []
    for row in written.order_by("action_time", "pk"):
        words, _colon, reason = row.change_message.partition(": ")
        pk = int(row.object_id)
        if pk in known and words in DEEDS:
            versions[pk] += 1
            events.append(
                ContactEvent(
                    contact_id=pk,
                    kind=DEEDS[words],
                    by_id=row.user_id,
                    reason=reason[:500],
                    version=versions[pk],
                    created_at=row.action_time,
                )
            )
    ContactEvent.objects.bulk_create(events)
    for pk, version in versions.items():
        if version > 1:
            Contact.objects.filter(pk=pk).update(version=version)
    written.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0004_grants"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(keep_what_was_allowed, migrations.RunPython.noop),
        migrations.RunPython(move_history, migrations.RunPython.noop),
    ]
