"""The app as Django knows it."""

from django.apps import AppConfig


class ProcessConfig(AppConfig):
    """The creation process."""

    name = "lingtan_web.process"

    def ready(self) -> None:
        """Tasks, measures and parts of enterprises wait for people: the work queue learns of them here."""
        from lingtan_web.dossiers.services import enterprises
        from lingtan_web.notices.sources import SOURCES
        from lingtan_web.process.parts import find_parts, follow_part, tell_of_part
        from lingtan_web.process.waiting import find_measures, find_tasks

        SOURCES["tasks"] = find_tasks
        SOURCES["measures"] = find_measures
        SOURCES["parts"] = find_parts
        enterprises.LISTENERS.append(follow_part)
        enterprises.TELLERS.append(tell_of_part)
