"""The addresses of signing in, each named here: what django-allauth offers besides stays closed."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import never_cache

from portal.accounts.sign_in.views import (
    nothing_here,
    reauthenticate,
    second_factors,
    to_sign_in,
)


def page(route: str, view: Any, name: str) -> URLPattern:
    """Return an address whose answers nobody keeps."""
    return path(route, never_cache(view), name=name)


login = account.LoginView.as_view(
    extra_context={"single_sign_on": settings.OIDC_NAME if settings.OIDC_SERVER_URL else ""}
)

urlpatterns: list[URLPattern | URLResolver] = [
    page("login/", login, "account_login"),
    page("logout/", account.logout, "account_logout"),
    page("closed/", account.account_inactive, "account_inactive"),
    page("signup/", nothing_here, "account_signup"),
    page("again/", reauthenticate, "account_reauthenticate"),
    page("factors/", second_factors, "mfa_index"),
    page("factors/enter/", factors.authenticate, "mfa_authenticate"),
    page("factors/again/", factors.reauthenticate, "mfa_reauthenticate"),
    page("factors/app/", totp.activate_totp, "mfa_activate_totp"),
    page("factors/app/remove/", totp.deactivate_totp, "mfa_deactivate_totp"),
    page("factors/codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    page(
        "factors/codes/new/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"
    ),
    page(
        "factors/codes/file/", recovery_codes.download_recovery_codes, "mfa_download_recovery_codes"
    ),
    page("factors/keys/", webauthn.list_webauthn, "mfa_list_webauthn"),
    page("factors/keys/add/", webauthn.add_webauthn, "mfa_add_webauthn"),
    page("factors/keys/again/", webauthn.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    page("factors/keys/enter/", webauthn.login_webauthn, "mfa_login_webauthn"),
    page("factors/keys/<int:pk>/rename/", webauthn.edit_webauthn, "mfa_edit_webauthn"),
    page("factors/keys/<int:pk>/remove/", webauthn.remove_webauthn, "mfa_remove_webauthn"),
]

if settings.OIDC_SERVER_URL:
    # Imported here, because without a sign-on its models are not installed.
    from allauth.socialaccount import views as single_sign_on

    urlpatterns += [
        page("oidc/cancelled/", single_sign_on.login_cancelled, "socialaccount_login_cancelled"),
        page("oidc/error/", single_sign_on.login_error, "socialaccount_login_error"),
        path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    ]

# What stands before Wagtail's own addresses.
admin_patterns = [path("login/", to_sign_in, name="wagtailadmin_login")]
