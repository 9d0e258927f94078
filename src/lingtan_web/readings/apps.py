"""The app as Django knows it."""

from django.apps import AppConfig


class ReadingsConfig(AppConfig):
    """Pushed readings."""

    name = "lingtan_web.readings"

    def ready(self) -> None:
        """A dossier has, beside its own files, what was pushed for its year."""
        from lingtan_web.dossiers.checkouts import PUSHED
        from lingtan_web.readings.lakes import freeze_readings

        PUSHED.append(lambda dossier: freeze_readings(dossier.park, dossier.year))
