"""Addresses of trials. They stand before those of certificates, whose numbers they do not look like."""

from django.urls import path

from lingtan_web.trials import views

ONE = "certificates/trials/<int:number>/"

urlpatterns = [
    path("certificates/trials/", views.trials, name="trials"),
    path(ONE, views.trial, name="trial"),
    path("certificates/trials/<int:number>.<str:ending>", views.export, name="trial-file"),
    path(f"{ONE}<str:certificate>/", views.park, name="trial-park"),
]
