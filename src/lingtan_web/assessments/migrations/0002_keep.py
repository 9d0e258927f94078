"""Results do not move: they are added and then stay."""

from django.db import migrations

from lingtan_web.audit.immutable import protect


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]
    operations = [protect("assessments_editionresult")]
