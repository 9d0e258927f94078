"""The app as Django knows it."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Reviews: experts get access through their seats, parks an entry in their navigation."""

    name = "lingtan_web.reviews"

    def ready(self) -> None:
        """Add what other apps ask for: who is an expert for which park, and the section."""
        from lingtan_web.parks.access import SOURCES
        from lingtan_web.reviews.queries.access import as_expert
        from lingtan_web.reviews.sections import add_section
        from lingtan_web.roles import Role

        SOURCES[Role.EXPERT] = as_expert
        add_section()
