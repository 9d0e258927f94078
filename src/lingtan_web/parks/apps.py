"""The app as Django knows it."""

from django.apps import AppConfig


class ParksConfig(AppConfig):
    """Parks."""

    name = "lingtan_web.parks"
