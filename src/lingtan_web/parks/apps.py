"""The app as Django knows it."""

from django.apps import AppConfig


class ParksConfig(AppConfig):
    """Parks."""

    name = "lingtan_web.parks"

    def ready(self) -> None:
        """No dossier takes the ground of another park, whichever way its boundary comes."""
        from lingtan_web.dossiers.services.changing import CHECKS
        from lingtan_web.parks.boundary_services import refuse_taken_ground

        CHECKS.append(refuse_taken_ground)
