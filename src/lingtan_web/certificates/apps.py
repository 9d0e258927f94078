"""The app as Django knows it."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Certificates and what becomes of them."""

    name = "lingtan_web.certificates"

    def ready(self) -> None:
        """Say which days of certificates wait for people; stand in the navigation of a park."""
        from lingtan_web.certificates.sections import add_section
        from lingtan_web.certificates.waiting import find_certificates
        from lingtan_web.notices.sources import SOURCES

        SOURCES["certificates"] = find_certificates
        add_section()
