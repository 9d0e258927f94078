"""`python -m lingtan_web prepare`: make the tables, or bring them up to date, as their owner."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    """Migrate, make the cache table, and let the application's own role read and write (PostgreSQL)."""

    help = "建立或更新数据库 Make the tables, or bring them up to date"

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if connection.vendor == "postgresql" and settings.ENVIRONMENT.owner:
            _grant(settings.ENVIRONMENT.database["USER"])


def _grant(role: str) -> None:
    """The application reads and writes rows; it owns no table, so it cannot take a trigger away."""
    name = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {name}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name}")
