"""The app as Django knows it."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The interface for programs."""

    name = "lingtan_web.api"
