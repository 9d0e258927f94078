"""The log is added to and never changed."""

from django.db import migrations

from lingtan_web.audit.immutable import protect


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [protect("audit_entry")]
