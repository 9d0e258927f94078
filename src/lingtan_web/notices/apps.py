"""The app as Django knows it."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The work queue and the reminders."""

    name = "lingtan_web.notices"

    def ready(self) -> None:
        """What has no app of its own to say that it waits."""
        from lingtan_web.notices.due import find_mandates
        from lingtan_web.notices.sources import SOURCES

        SOURCES["mandates"] = find_mandates
