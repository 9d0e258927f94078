"""The app as Django knows it."""

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    """Dossiers."""

    name = "lingtan_web.dossiers"

    def ready(self) -> None:
        """Previews of imports that nobody confirmed, and exports, are swept once a day."""
        from lingtan_web.dossiers.services.sweeping import sweep_exports, sweep_previews
        from lingtan_web.notices.tasks import DAILY

        DAILY.extend([sweep_previews, sweep_exports])
