"""Changes to dossiers: each in one transaction, with its revision, its record of cells, its audit entry."""

from lingtan_web.dossiers.services.editing import Conflict, Outcome, apply_edits
from lingtan_web.dossiers.services.enterprises import (
    declare_done,
    invite_enterprise,
    remind_enterprises,
    set_confidential,
)
from lingtan_web.dossiers.services.exporting import ask_export
from lingtan_web.dossiers.services.files import attach_readings, detach_file
from lingtan_web.dossiers.services.freezing import check_out, freeze_version
from lingtan_web.dossiers.services.importing import confirm_import, preview_import
from lingtan_web.dossiers.services.opening import load_dossier, open_dossier
from lingtan_web.dossiers.services.profile import confirm_empty, set_boundary, set_profile
from lingtan_web.dossiers.services.undoing import undo

__all__ = [
    "Conflict",
    "Outcome",
    "apply_edits",
    "ask_export",
    "attach_readings",
    "check_out",
    "confirm_empty",
    "confirm_import",
    "declare_done",
    "detach_file",
    "freeze_version",
    "invite_enterprise",
    "load_dossier",
    "open_dossier",
    "preview_import",
    "remind_enterprises",
    "set_boundary",
    "set_confidential",
    "set_profile",
    "undo",
]
