"""How allauth behaves here: no one signs up by themselves, single sign-on finds people by their address."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.shortcuts import render

from lingtan_web.organisations.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from invitations."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account is made by accepting an invitation."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits of sign-in count by."""
        from lingtan_web.middleware import address_of

        return address_of(request)

    def give_back_attempt(self) -> None:
        """The attempt counted last by `pre_authenticate` was none: it does not stand against the person."""
        self._rollback_login_failed_rl_usage()


class SignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on lets in people that are known by a verified address, and makes nobody."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: being in a company's directory gives no role here."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect with the person of this address on first use; refuse an address nobody verified."""
        if sociallogin.is_existing:
            return
        verified = [one.email.lower() for one in sociallogin.email_addresses if one.verified]
        user = User.objects.filter(email__in=verified, is_active=True).first()
        if user is None:
            raise ImmediateHttpResponse(render(request, "organisations/unknown_person.html", status=403))
        sociallogin.connect(request, user)
