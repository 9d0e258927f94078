"""The app as Django knows it."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Reviews, and what other apps ask of them."""

    name = "lingtan_web.reviews"

    def ready(self) -> None:
        """Say who is an expert for which park, which versions were handed in, whose turn it is."""
        from lingtan_web.assessments.queries import SUBMITTED
        from lingtan_web.notices.sources import SOURCES as WAITING
        from lingtan_web.parks.access import SOURCES
        from lingtan_web.reviews.queries.access import as_expert, find_submitted
        from lingtan_web.reviews.sections import add_section
        from lingtan_web.reviews.waiting import find_reviews
        from lingtan_web.roles import Role

        SOURCES[Role.EXPERT] = as_expert
        SUBMITTED.append(find_submitted)
        WAITING["reviews"] = find_reviews
        add_section()
