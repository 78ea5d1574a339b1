"""After the data of 0005, because Postgres alters no table that still has rows to check."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kb", "0005_guides_move_to_contacts")]
    operations = [
        migrations.RemoveField(model_name="resource", name="guide"),
        migrations.RenameField(model_name="resource", old_name="moved_guide", new_name="guide"),
        migrations.DeleteModel(name="Guide"),
    ]
