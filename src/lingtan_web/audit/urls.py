"""Addresses of the audit log."""

from django.urls import path

from lingtan_web.audit import views

urlpatterns = [path("", views.log, name="audit-log")]
