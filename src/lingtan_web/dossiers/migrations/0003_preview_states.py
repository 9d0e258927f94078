"""A preview may wait for the worker, and it runs out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0002_keep"),
    ]

    operations = [
        migrations.AddField(
            model_name="importpreview",
            name="carried",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="importpreview",
            name="faults",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="importpreview",
            name="keys",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="importpreview",
            name="plan_sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="importpreview",
            name="upload_sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
