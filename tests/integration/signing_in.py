"""Signing in as staff, with and without a second factor."""

from http import HTTPStatus

from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from wagtail.models import ModelLogEntry

from tests.factories.people import PASSWORD

ADMIN = "/admin/"
LOGIN = "/staff/login/"
FACTORS = "/staff/factors/"


def enter(client, user, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": user.username, "password": password} | more)


def an_app(user):
    """Give a user an authenticator app; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def acts(user):
    entries = ModelLogEntry.objects.filter(object_id=str(user.pk)).order_by("pk")
    return list(entries.values_list("action", flat=True))


def opens_admin(client):
    return client.get(ADMIN).status_code == HTTPStatus.OK
