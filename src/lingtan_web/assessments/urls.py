"""Addresses of the cockpit."""

from django.urls import path

from lingtan_web.assessments import views

ROOT = "parks/<slug:park>/results/"
ONE = f"{ROOT}<int:number>/"

urlpatterns = [
    path(ROOT, views.results, name="results"),
    path(f"{ROOT}ask/", views.ask, name="ask-result"),
    path(f"{ROOT}preview/", views.preview, name="preview-result"),
    path(f"{ROOT}years/", views.years, name="results-years"),
    path(ONE, views.result, name="result"),
    path(f"{ONE}indicators/", views.indicators, name="result-indicators"),
    path(f"{ONE}missing/", views.missing, name="result-missing"),
    path(f"{ONE}inventory/", views.inventory, name="result-inventory"),
    path(f"{ONE}inventory/<path:key>/", views.enterprise, name="result-enterprise"),
    path(f"{ONE}sources/<str:name>/", views.source, name="result-source"),
    path(f"{ONE}energy/", views.energy, name="result-energy"),
    path(f"{ONE}meters/", views.meters, name="result-meters"),
    path(f"{ONE}balance/", views.balance, name="result-balance"),
    path(f"{ONE}editions/", views.editions, name="result-editions"),
    path(f"{ONE}mine/", views.mine, name="result-mine"),
    path(f"{ONE}explain/<path:name>", views.explain, name="result-explain"),
    path(f"{ONE}charts/<str:name>.svg", views.chart, name="result-chart"),
]
