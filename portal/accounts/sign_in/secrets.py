"""The secrets of apps and recovery codes, encrypted by the same keys as personal data."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from portal.core.fields import decrypted, encrypted

# Where django-allauth keeps what its adapter encrypts.
NAMES = ("secret", "seed")


def rewrite_factor_secrets() -> int:
    """Encrypt every secret with the first key; return how many there were. Safe to repeat.

    Raises:
        InvalidToken: no key fits a secret; those before it are rewritten.

    """
    kept = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk")
    return sum(_rewrite(pk) for pk in list(kept.values_list("pk", flat=True)))


@transaction.atomic
def _rewrite(pk: int) -> bool:
    """Rewrite one row, if it is still there."""
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return False
    for name in NAMES:
        if name in row.data:
            row.data[name] = encrypted(decrypted(row.data[name]))
    row.save(update_fields=["data"])
    return True
