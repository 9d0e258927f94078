"""Addresses of documents."""

from django.urls import path

from lingtan_web.documents import views

ROOT = "parks/<slug:park>/results/<int:number>/documents/"

urlpatterns = [
    path(ROOT, views.documents, name="documents"),
    path(f"{ROOT}ask/", views.ask_documents, name="ask-documents"),
    path(f"{ROOT}<int:document>/", views.document, name="document"),
]
