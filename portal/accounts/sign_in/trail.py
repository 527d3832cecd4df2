"""Who signed in, who was refused, whose factors changed: Wagtail's log of the account it concerns.

A name that is nobody's reaches no log: people type passwords into the wrong field.
"""

import logging
from typing import Any

from allauth.account.signals import user_logged_in
from allauth.mfa import signals as factor_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out
from django.db import models
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from portal.accounts.models import User
from portal.accounts.sign_in.factors import Factor, methods_of
from portal.core.client_address import network_digest
from portal.core.log_actions import LogAction

logger = logging.getLogger(__name__)


class Means(models.TextChoices):
    """By what somebody signed in; the values are django-allauth's own."""

    PASSWORD = "password", _("password")
    FACTOR = "mfa", _("second factor or passkey")
    SINGLE_SIGN_ON = "socialaccount", _("single sign-on")


_FACTOR = {"factor": Factor}
LOG_ACTIONS: dict[str, LogAction] = {
    "accounts.signed_in": (
        _("Signed in"),
        _("Signed in, last with %(means)s"),
        {"means": Means},
    ),
    "accounts.signed_out": (_("Signed out"), _("Signed out"), {}),
    "accounts.refused": (_("Sign-in refused"), _("A wrong password was entered"), {}),
    "accounts.locked": (
        _("Sign-in locked"),
        _("Too many attempts failed; signing in is locked for a while"),
        {},
    ),
    "accounts.factor_refused": (
        _("Second factor refused"),
        _("A wrong code was entered (%(factor)s)"),
        _FACTOR,
    ),
    "accounts.factor_added": (
        _("Second factor added"),
        _("A second factor was added: %(factor)s"),
        _FACTOR,
    ),
    "accounts.factor_removed": (
        _("Second factor removed"),
        _("A second factor was removed: %(factor)s"),
        _FACTOR,
    ),
    "accounts.factor_renewed": (
        _("Recovery codes renewed"),
        _("Made anew: %(factor)s"),
        _FACTOR,
    ),
}


def refused(request: HttpRequest, username: str) -> None:
    """Note that a password did not fit."""
    _note_attempt("accounts.refused", request, username)


def locked(request: HttpRequest, username: str) -> None:
    """Note that an attempt was not even looked at."""
    _note_attempt("accounts.locked", request, username)


def _note_attempt(action: str, request: HttpRequest, username: str) -> None:
    """Note an attempt that failed on the account it was meant for, and by network in the log."""
    user = User.objects.filter(username__iexact=username).first()
    network = network_digest(request, at=timezone.now())
    logger.warning("%s user=%s network=%s", action, user.pk if user else None, network)
    if user is not None:
        log(instance=user, action=action)


def note_factor(action: str, user: User, factor: str, *, by: User | None) -> None:
    """Note what happened to a second factor of a user."""
    log(instance=user, action=action, user=by, data={"factor": factor})


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    means = methods_of(request)
    log(
        instance=user,
        action="accounts.signed_in",
        user=user,
        data={"means": means[-1] if means else Means.PASSWORD},
    )


@receiver(user_logged_out)
def _signed_out(request: HttpRequest, user: User | None, **_kwargs: Any) -> None:
    if user is not None:
        log(instance=user, action="accounts.signed_out", user=user)


@receiver(factor_signals.authentication_failed)
def _factor_refused(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    note_factor("accounts.factor_refused", user, authenticator.type, by=None)


@receiver(factor_signals.authenticator_added)
def _factor_added(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    note_factor("accounts.factor_added", user, authenticator.type, by=user)


@receiver(factor_signals.authenticator_removed)
def _factor_removed(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    note_factor("accounts.factor_removed", user, authenticator.type, by=user)


@receiver(factor_signals.authenticator_reset)
def _factor_renewed(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    note_factor("accounts.factor_renewed", user, authenticator.type, by=user)
