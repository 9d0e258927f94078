"""The app as Django knows it."""

from django.apps import AppConfig


class ReadingsConfig(AppConfig):
    """Pushed readings."""

    name = "lingtan_web.readings"
