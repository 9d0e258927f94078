"""Addresses of the process."""

from django.urls import path

from lingtan_web.process import result_views, views

YEAR = "parks/<slug:park>/process/<int:year>/"

urlpatterns = [
    path("parks/<slug:park>/process/", views.process, name="process"),
    path(YEAR, views.board, name="process-board"),
    path(f"{YEAR}measures/", views.follow_measures, name="process-measures"),
    path("parks/<slug:park>/results/<int:number>/improve/", result_views.improve, name="improve"),
    path(f"{YEAR}tasks/new/", views.new_task, name="new-task"),
    path(f"{YEAR}tasks/<int:task>/", views.task, name="task"),
    path(f"{YEAR}tasks/<int:task>/<slug:act>/", views.act_on_task, name="act-on-task"),
]
