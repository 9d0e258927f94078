"""Addresses of the work queue."""

from django.urls import path

from lingtan_web.notices import views

urlpatterns = [
    path("my-work/", views.work, name="work"),
    path("my-work/read/", views.read, name="read-notices"),
    path("my-work/channels/", views.channels, name="channels"),
    path("my-work/channels/letters/", views.choose_letters, name="choose-letters"),
    path("my-work/channels/calendar/", views.make_calendar, name="make-calendar"),
    path("my-work/channels/calendar/revoke/", views.revoke_calendar, name="revoke-calendar"),
    path("calendar/<str:secret>.ics", views.calendar, name="calendar"),
]
