"""What happened to a task is added to and never changed."""

from django.db import migrations

from lingtan_web.audit.immutable import protect


class Migration(migrations.Migration):
    dependencies = [("process", "0001_initial")]
    operations = [protect("process_taskevent")]
