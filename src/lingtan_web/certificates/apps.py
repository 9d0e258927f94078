"""The app as Django knows it."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Certificates and what becomes of them."""

    name = "lingtan_web.certificates"
