"""Files that were handed in, and what a scanner said of them, are added to and never changed."""

from django.db import migrations

from lingtan_web.audit.immutable import protect


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [protect("evidence_documentversion"), protect("evidence_scan")]
