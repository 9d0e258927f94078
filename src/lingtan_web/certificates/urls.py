"""Addresses of certificates. Those of the public stand in what was printed and signed: they never change."""

from django.urls import path

from lingtan_web.certificates.views import checking, desk, keys, parks, public, published

ONE = "register/<str:number>/"
DESK = "certificates/<str:number>/"
PARK = "parks/<slug:park>/certificates/"
OF_PARK = f"{PARK}<str:number>/"

urlpatterns = [
    path("register/", public.register, name="public-register"),
    path("register/open.csv", published.open_csv, name="register-csv"),
    path("register/open.json", published.open_json, name="register-json"),
    path("register/feed.atom", published.feed, name="register-feed"),
    path(ONE, public.certificate, name="certificate"),
    path(f"{ONE}certificate.pdf", public.paper, name="certificate-paper"),
    path(f"{ONE}certificate.vc.jwt", public.credential, name="certificate-credential"),
    path(f"{ONE}bundle.zip", public.bundle, name="certificate-bundle"),
    path("c/<str:number>", public.scanned, name="certificate-scanned"),
    path("check/", checking.check, name="certificate-check"),
    path("status/<int:number>/<str:purpose>", published.status_list, name="status-list"),
    path(".well-known/lingtan-keys.json", published.keys, name="scheme-keys"),
    path("certificates/<str:number>", public.by_identity, name="certificate-identity"),
    path("certificates/", desk.desk, name="certificate-desk"),
    path("certificates/lists/", desk.publish, name="publish-lists"),
    path("certificates/issue/<int:submission>/", desk.issue, name="issue-certificate"),
    path("certificates/keys/", keys.keys, name="signing-keys"),
    path("certificates/keys/rotate/", keys.rotate, name="rotate-keys"),
    path("certificates/keys/<str:kid>/revoke/", keys.revoke, name="revoke-key"),
    path(DESK, desk.manage, name="manage-certificate"),
    path(f"{DESK}cases/", desk.open_case, name="open-case"),
    path(f"{DESK}cases/<int:case>/heard/", desk.hear, name="record-hearing"),
    path(f"{DESK}cases/<int:case>/", desk.decide, name="decide-case"),
    *(
        path(f"{DESK}{act}/", desk.act, {"act": act}, name=f"{act}-certificate")
        for act in ("survey", "judge", "extend", "reinstate", "replace", "reissue")
    ),
    path(PARK, parks.of_park, name="park-certificates"),
    path(OF_PARK, parks.one, name="park-certificate"),
    path(f"{OF_PARK}cases/<int:case>/", parks.hear, name="be-heard"),
    path(f"{OF_PARK}declare/", parks.declare, name="declare-year"),
    path(f"{OF_PARK}disclose/", parks.disclose, name="disclose-bundle"),
    path(f"{OF_PARK}conceal/", parks.conceal, name="conceal-bundle"),
    path(f"{OF_PARK}exit/", parks.give_back, name="exit-certificate"),
]
