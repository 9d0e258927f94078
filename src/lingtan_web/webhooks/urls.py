"""Addresses of webhooks."""

from django.urls import path

from lingtan_web.webhooks import views

ONE = "organisations/<int:number>/webhooks/<int:webhook>/"

urlpatterns = [
    path("organisations/<int:number>/webhooks/", views.webhooks, name="webhooks"),
    path(ONE, views.webhook, name="webhook"),
    path(f"{ONE}test/", views.test_webhook, name="test-webhook"),
    path(f"{ONE}revoke/", views.revoke_webhook, name="revoke-webhook"),
]
