from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("contacts", "0005_roles_become_rights")]
    operations = [
        migrations.RemoveConstraint(model_name="contact", name="contact_role"),
        migrations.RemoveField(model_name="contact", name="role"),
    ]
