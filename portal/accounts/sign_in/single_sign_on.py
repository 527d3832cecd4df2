"""The city's single sign-on (OpenID Connect), when the settings name one.

It says who somebody is, never that they may enter: only a verified e-mail address of exactly one
active account opens that account, and nothing of what the sign-on tells is kept.
"""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.shortcuts import render

from portal.accounts.models import User

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Lets in those whose account exists."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: "SocialLogin") -> bool:
        """Refuse: an administrator opens accounts."""
        return False

    def list_apps(self, request: HttpRequest, *args: Any, **kwargs: Any) -> list[Any]:
        """Return the sign-on of the settings; none is ever read from the database."""
        return [app for app in super().list_apps(request, *args, **kwargs) if app.pk is None]

    def pre_social_login(self, request: HttpRequest, sociallogin: "SocialLogin") -> None:
        """Find the account, or show a stranger out.

        Raises:
            ImmediateHttpResponse: nobody, or more than one, has this verified address.

        """
        user = account_of(sociallogin)
        if user is None or sociallogin.state.get("process") != "login":
            page = render(
                request, "socialaccount/authentication_error.html", status=HTTPStatus.FORBIDDEN
            )
            raise ImmediateHttpResponse(page)
        sociallogin.user = user


def account_of(sociallogin: "SocialLogin") -> User | None:
    """Return the one active account with an e-mail address that the sign-on has verified."""
    verified = [one.email for one in sociallogin.email_addresses if one.verified is True]
    found = {user for email in verified for user in User.objects.filter(email__iexact=email)[:2]}
    user = found.pop() if len(found) == 1 else None
    return user if user is not None and user.is_active else None
