"""Addresses of parks."""

from django.urls import path

from lingtan_web.audit.views import park_log
from lingtan_web.parks import boundary_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("parks/new/", views.new_park, name="new-park"),
    path("parks/<slug:park>/", views.front, name="park"),
    path("parks/<slug:park>/people/", views.people, name="park-people"),
    path("parks/<slug:park>/people/enterprises/", views.place_enterprise, name="place-enterprise"),
    path("parks/<slug:park>/people/mandates/", views.give_mandate, name="give-mandate"),
    path("parks/<slug:park>/people/mandates/<int:mandate>/", views.name_evaluators, name="name-evaluators"),
    path("parks/<slug:park>/people/mandates/<int:mandate>/end/", views.end_mandate, name="end-mandate"),
    path("parks/<slug:park>/boundary/", boundary_views.latest, name="boundary-latest"),
    path("parks/<slug:park>/dossier/<int:year>/boundary/", boundary_views.show, name="boundary"),
    path("parks/<slug:park>/dossier/<int:year>/boundary/check/", boundary_views.check, name="boundary-check"),
    path("parks/<slug:park>/dossier/<int:year>/boundary/save/", boundary_views.save, name="boundary-save"),
    path("parks/<slug:park>/log/", park_log, name="park-log"),
]
