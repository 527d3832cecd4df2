"""How long a session of staff lasts, and what is noted in it for that."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from portal.accounts.models import User

SIGNED_IN_AT = "staff.signed_in_at"
SEEN_AT = "staff.seen_at"
# How exactly it is kept when somebody was last seen: a row is written that often at most.
SEEN_EVERY = timedelta(minutes=1)


def has_ended(request: HttpRequest, *, at: datetime) -> bool:
    """Return whether a session has lasted, or rested, for too long; one without its times has."""
    now = at.timestamp()
    lasted = now - request.session.get(SIGNED_IN_AT, 0)
    rested = now - request.session.get(SEEN_AT, 0)
    return bool(lasted >= settings.STAFF_SESSION_SECONDS or rested >= settings.STAFF_IDLE_SECONDS)


def note_presence(request: HttpRequest, *, at: datetime) -> None:
    """Note that somebody is there."""
    if at.timestamp() - request.session[SEEN_AT] >= SEEN_EVERY.total_seconds():
        request.session[SEEN_AT] = at.timestamp()


@receiver(user_logged_in)
def _begin(request: HttpRequest, **_kwargs: Any) -> None:
    """Note when the session began."""
    now = timezone.now().timestamp()
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now


@receiver(authenticator_added)
def _shown_by_adding(
    request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any
) -> None:
    """Count a factor as shown in the session that set it up, which just proved to have it."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(
            request, user, "mfa", id=authenticator.pk, type=str(authenticator.type)
        )
