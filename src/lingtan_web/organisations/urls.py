"""Addresses of people and organisations."""

from django.urls import path

from lingtan_web.organisations import views

urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<int:token>/revoke/", views.revoke_token, name="revoke-token"),
    path("invitations/<str:secret>/", views.invitation, name="invitation"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/<int:number>/", views.organisation, name="organisation"),
    path("organisations/<int:number>/invite/", views.invite, name="invite"),
    path(
        "organisations/<int:number>/invitations/<int:invitation>/revoke/",
        views.revoke_invitation,
        name="revoke-invitation",
    ),
    path(
        "organisations/<int:number>/members/<int:membership>/end/",
        views.end_membership,
        name="end-membership",
    ),
]
