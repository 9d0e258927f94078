"""The app of the evidence library."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Documents, their versions, scans."""

    name = "lingtan_web.evidence"
    label = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        """Documents that end wait for who handed them in: the work queue learns of them here."""
        from lingtan_web.evidence.waiting import find_documents
        from lingtan_web.notices.sources import SOURCES

        SOURCES["documents"] = find_documents
