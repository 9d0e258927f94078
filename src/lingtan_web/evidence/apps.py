"""The app of the evidence library."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Documents, their versions, scans."""

    name = "lingtan_web.evidence"
    label = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        """The files of the library belong to the dossiers that list them; what ends waits for who gave it;
        an import finds its files here; once a day files are taken away that a killed process left aside.
        """
        from lingtan_web.dossiers.checkouts import FILES
        from lingtan_web.dossiers.services.importing import ADOPTERS
        from lingtan_web.evidence.arriving import prepare_files
        from lingtan_web.evidence.queries import find_carried_files
        from lingtan_web.evidence.receiving import remove_left_over
        from lingtan_web.evidence.waiting import find_documents
        from lingtan_web.notices.sources import SOURCES
        from lingtan_web.notices.tasks import DAILY

        DAILY.append(remove_left_over)
        FILES.append(find_carried_files)
        ADOPTERS.append(prepare_files)
        SOURCES["documents"] = find_documents
