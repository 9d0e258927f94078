"""Mandates of one body for a park and year that begin on the same day become one: the first."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def join_equal(apps: Apps, editor: BaseDatabaseSchemaEditor | None) -> None:
    """End all but the first given; those who were named in them are named in it."""
    first: dict[object, Any] = {}
    for one in apps.get_model("parks", "Mandate").objects.filter(ended_at=None).order_by("pk"):
        kept = first.setdefault((one.park_id, one.body_id, one.year, one.from_day), one)
        if kept is not one:
            kept.to_day = max(kept.to_day, one.to_day)
            kept.evaluators.add(*one.evaluators.all())
            kept.save()
            one.ended_at = timezone.now()
            one.save()


class Migration(migrations.Migration):
    dependencies = [("parks", "0001_initial")]
    operations = [migrations.RunPython(join_equal, migrations.RunPython.noop)]
