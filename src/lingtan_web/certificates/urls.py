"""Addresses of certificates. Those of the public stand in what was printed and signed: they never change."""

from django.urls import path

from lingtan_web.certificates.views import checking, public, published

ONE = "register/<str:number>/"

urlpatterns = [
    path("register/", public.register, name="public-register"),
    path("register/open.csv", published.open_csv, name="register-csv"),
    path("register/open.json", published.open_json, name="register-json"),
    path("register/feed.atom", published.feed, name="register-feed"),
    path(ONE, public.certificate, name="certificate"),
    path(f"{ONE}certificate.pdf", public.paper, name="certificate-paper"),
    path(f"{ONE}certificate.vc.jwt", public.credential, name="certificate-credential"),
    path("c/<str:number>", public.scanned, name="certificate-scanned"),
    path("check/", checking.check, name="certificate-check"),
    path("status/<int:number>/<str:purpose>", published.status_list, name="status-list"),
    path(".well-known/lingtan-keys.json", published.keys, name="scheme-keys"),
]
