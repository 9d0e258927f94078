"""The cockpit as an app of Django."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Calculations of dossiers and the pages that show them."""

    name = "lingtan_web.assessments"

    def ready(self) -> None:
        """Take a place in the navigation of a park; join hands with the reviews."""
        from lingtan_web.assessments.joining import join_reviews
        from lingtan_web.assessments.navigation import add_section

        add_section()
        join_reviews()
