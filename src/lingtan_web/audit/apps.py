"""The app as Django knows it."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit log."""

    name = "lingtan_web.audit"

    def ready(self) -> None:
        """Connections to SQLite get a guard that keeps the protected tables."""
        from lingtan_web.audit import guard

        guard.install()
