"""The app as Django knows it."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Certificates and what becomes of them."""

    name = "lingtan_web.certificates"

    def ready(self) -> None:
        """Stand in the navigation of a park."""
        from lingtan_web.certificates.sections import add_section

        add_section()
