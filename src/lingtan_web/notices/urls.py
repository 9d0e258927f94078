"""Addresses of the work queue."""

from django.urls import path

from lingtan_web.notices import views

urlpatterns = [
    path("work/", views.work, name="work"),
    path("reminders/read/", views.read, name="read-notices"),
    path("reminders/", views.channels, name="channels"),
    path("reminders/letters/", views.choose_letters, name="choose-letters"),
    path("reminders/calendar/", views.make_calendar, name="make-calendar"),
    path("reminders/calendar/revoke/", views.revoke_calendar, name="revoke-calendar"),
    path("calendar/<str:secret>.ics", views.calendar, name="calendar"),
]
