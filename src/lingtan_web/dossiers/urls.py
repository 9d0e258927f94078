"""Addresses of dossiers."""

from django.urls import path

from lingtan_web.dossiers.views import carry, grid, history, overview, parts

_ALL = "parks/<slug:park>/dossier/"
_ONE = f"{_ALL}<int:year>/"
_REGISTER = f"{_ONE}registers/<slug:register>/"

urlpatterns = [
    path(_ALL, overview.dossiers, name="dossiers"),
    path(f"{_ALL}open/", overview.open_dossier, name="open-dossier"),
    path(_ONE, overview.dossier, name="dossier"),
    path(f"{_ONE}faults/", overview.faults, name="dossier-faults"),
    path(f"{_ONE}profile/", overview.profile, name="dossier-profile"),
    path(_REGISTER, grid.register, name="register"),
    path(f"{_REGISTER}rows/", grid.register_rows, name="register-rows"),
    path(f"{_REGISTER}edits/", grid.register_edits, name="register-edits"),
    path(f"{_REGISTER}empty/", overview.confirm_empty, name="confirm-empty"),
    path(f"{_ONE}history/", history.history, name="dossier-history"),
    path(f"{_ONE}history/<int:revision>/", history.revision, name="dossier-revision"),
    path(f"{_ONE}history/<int:revision>/undo/", history.undo, name="undo-revision"),
    path(f"{_ONE}import/", carry.import_file, name="import-dossier"),
    path(f"{_ONE}import/<slug:token>/", carry.import_preview, name="import-preview"),
    path(f"{_ONE}import/<slug:token>/confirm/", carry.confirm_import, name="confirm-import"),
    path(f"{_ONE}export/<slug:ending>/", carry.export_file, name="export-dossier"),
    path(f"{_ONE}versions/", carry.versions, name="dossier-versions"),
    path(f"{_ONE}versions/<int:number>/", carry.version_file, name="version-file"),
    path(f"{_ONE}readings/", carry.readings, name="dossier-readings"),
    path(f"{_ONE}readings/<int:file>/detach/", carry.detach_file, name="detach-file"),
    path(f"{_ONE}enterprises/", parts.parts, name="enterprise-parts"),
    path(f"{_ONE}enterprises/invite/", parts.invite_enterprise, name="invite-enterprise"),
    path(f"{_ONE}enterprises/remind/", parts.remind, name="remind-enterprises"),
    path(f"{_ONE}enterprises/done/", parts.declare_done, name="declare-done"),
    path(f"{_ONE}enterprises/confidential/", parts.confidential, name="enterprise-confidential"),
]
