"""Versions and the record of who changed what are added to and never changed."""

from django.db import migrations

from lingtan_web.audit.immutable import protect


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial")]
    operations = [
        protect("dossiers_dossierversion"),
        protect("dossiers_cellchange"),
        protect("dossiers_revision"),
    ]
