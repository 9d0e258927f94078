"""Every address of the application."""

from django.urls import include, path

from lingtan_web import pages
from lingtan_web.metrics import metrics

urlpatterns = [
    path("", include("lingtan_web.parks.urls")),
    path("", include("lingtan_web.organisations.urls")),
    path("", include("lingtan_web.evidence.urls")),
    path("", include("lingtan_web.process.urls")),
    path("", include("lingtan_web.notices.urls")),
    path("", include("lingtan_web.assessments.urls")),
    path("", include("lingtan_web.documents.urls")),
    path("", include("lingtan_web.dossiers.urls")),
    path("", include("lingtan_web.api.urls")),
    path("", include("lingtan_web.webhooks.urls")),
    path("", include("lingtan_web.reviews.urls")),
    path("", include("lingtan_web.trials.urls")),
    path("", include("lingtan_web.certificates.urls")),
    path("audit/", include("lingtan_web.audit.urls")),
    path("language/", pages.switch_language, name="language"),
    path("healthz", pages.health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("accounts/", include("allauth.urls")),
]

handler400 = "lingtan_web.errors.bad_request"
handler404 = "lingtan_web.errors.not_found"
handler500 = "lingtan_web.errors.our_bug"
