"""Addresses of the evidence library."""

from django.urls import path

from lingtan_web.evidence import views

_YEAR = "parks/<slug:park>/dossier/<int:year>/evidence/"

urlpatterns = [
    path("parks/<slug:park>/evidence/", views.latest, name="evidence"),
    path(_YEAR, views.library, name="evidence-library"),
    path(f"{_YEAR}new/", views.hand_in, name="evidence-hand-in"),
    path(f"{_YEAR}missing/", views.missing, name="evidence-missing"),
    path(f"{_YEAR}adopt/", views.adopt, name="evidence-adopt"),
    path(f"{_YEAR}rows/<int:row>/", views.attach, name="evidence-attach"),
    path(f"{_YEAR}<int:number>/", views.document, name="evidence-document"),
    path(f"{_YEAR}<int:number>/new/", views.supersede, name="evidence-supersede"),
    path(f"{_YEAR}<int:number>/list/", views.list_in_year, name="evidence-list"),
    path(f"{_YEAR}<int:number>/<int:version>/file/", views.download, name="evidence-file"),
    path(f"{_YEAR}<int:number>/<int:version>/preview/", views.preview, name="evidence-preview"),
]
