"""The app as Django knows it."""

from django.apps import AppConfig


class ReadingsConfig(AppConfig):
    """Pushed readings."""

    name = "lingtan_web.readings"

    def ready(self) -> None:
        """A dossier has, beside its own files, what was pushed for its year."""
        from lingtan_web.dossiers.checkouts import FILES
        from lingtan_web.readings.lakes import freeze_readings

        FILES.insert(0, lambda dossier: freeze_readings(dossier.park, dossier.year))
