"""The app as Django knows it."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """People and organisations."""

    name = "lingtan_web.organisations"
