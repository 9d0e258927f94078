"""The documents as an app of Django."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents of calculations."""

    name = "lingtan_web.documents"
