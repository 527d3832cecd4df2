"""How staff sign in: django-allauth with a second factor, and no way to sign up."""

from typing import Any

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
# A forgotten password is set anew by an administrator: a mailbox must not open the administration.
WAGTAIL_PASSWORD_RESET_ENABLED = False

ACCOUNT_ADAPTER = "portal.accounts.sign_in.adapters.StaffAdapter"
ACCOUNT_FORMS = {
    "login": "portal.accounts.sign_in.forms.SignInForm",
    "reauthenticate": "portal.accounts.sign_in.forms.EnterPasswordAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
# `ip` is a digest of the network, `key` an account: so many attempts in so many minutes or hours.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "50/15m/ip,5/15m/key",
    "reauthenticate": "10/m/user",
}

MFA_ADAPTER = "portal.accounts.sign_in.adapters.FactorAdapter"
MFA_FORMS = {
    "authenticate": "portal.accounts.sign_in.forms.EnterCodeForm",
    "reauthenticate": "portal.accounts.sign_in.forms.EnterCodeAgainForm",
    "activate_totp": "portal.accounts.sign_in.forms.SetUpAppForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey alone signs in, so it has to ask for a PIN, a finger or a face itself.
MFA_WEBAUTHN_USER_VERIFICATION = "required"

OIDC_APPS = ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
SOCIALACCOUNT_ADAPTER = "portal.accounts.sign_in.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "oidc"
# Begun by a link: the content policy lets no form of ours lead to another site.
SOCIALACCOUNT_LOGIN_ON_GET = True


def oidc_providers(
    server_url: str, *, name: str, client_id: str, client_secret: str
) -> dict[str, Any]:
    """Return the one provider of identities that the settings name."""
    app = {
        "provider_id": "sso",
        "name": name,
        "client_id": client_id,
        "secret": client_secret,
        "settings": {"server_url": server_url},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
