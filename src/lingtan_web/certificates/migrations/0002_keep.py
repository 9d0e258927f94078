"""What was issued, what happened to it and what was published stays as it was."""

from django.db import migrations

from lingtan_web.audit.immutable import protect

TABLES = ("certificate", "certificateevent", "publishedlist", "declaration")


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial")]
    operations = [protect(f"certificates_{table}") for table in TABLES]
