"""The app as Django knows it."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Reviews, and what other apps ask of them."""

    name = "lingtan_web.reviews"

    def ready(self) -> None:
        """Say who is an expert for which park and year, what is open meanwhile, and whose turn it is."""
        from lingtan_web.dossiers.services.changing import CHECKS
        from lingtan_web.notices.sources import SOURCES as WAITING
        from lingtan_web.parks.access import SOURCES, YEARS
        from lingtan_web.reviews.locking import check_revision
        from lingtan_web.reviews.queries.access import as_expert, expert_years
        from lingtan_web.reviews.sections import add_section
        from lingtan_web.reviews.waiting import find_reviews
        from lingtan_web.roles import Role

        SOURCES[Role.EXPERT] = as_expert
        YEARS[Role.EXPERT] = expert_years
        CHECKS.append(check_revision)
        WAITING["reviews"] = find_reviews
        add_section()
