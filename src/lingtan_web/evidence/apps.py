"""The app of the evidence library."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Documents, their versions, scans."""

    name = "lingtan_web.evidence"
    label = "evidence"
    verbose_name = "Evidence"
