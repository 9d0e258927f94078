"""The app as Django knows it."""

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """Dossiers."""

    name = "lingtan_web.dossiers"
