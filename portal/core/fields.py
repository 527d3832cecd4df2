"""Model fields that several apps need."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from wagtail.fields import StreamField


class BlocksOutsideMigrationsField(StreamField):
    """A StreamField whose block definitions stay out of migrations.

    Blocks are code, not schema: changing a label must not make a migration.
    """

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Describe the field to the migration writer without its blocks."""
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs


def _cipher() -> MultiFernet:
    """Build the cipher; the first key encrypts, all keys decrypt, so keys can be rotated."""
    keys = settings.PERSONAL_DATA_KEYS
    if not keys:
        raise ImproperlyConfigured("PERSONAL_DATA_KEYS needs at least one Fernet key")
    return MultiFernet([Fernet(key) for key in keys])


def encrypted(text: str) -> str:
    """Return a text as it may lie in the database."""
    return _cipher().encrypt(text.encode()).decode("ascii")


def decrypted(text: str) -> str:
    """Return the text that was encrypted.

    Raises:
        InvalidToken: none of the configured keys fits.

    """
    try:
        return _cipher().decrypt(text.encode("ascii")).decode()
    except InvalidToken as error:
        raise InvalidToken("No key in PERSONAL_DATA_KEYS fits this value") from error


class EncryptedTextField(models.TextField):
    """Text encrypted at rest (PIPL art. 51); it cannot be searched or ordered in the database."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way to the database; the empty string stays empty."""
        text = super().get_prep_value(value)
        return encrypted(text) if text else text

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """Decrypt on the way from the database.

        Raises:
            InvalidToken: none of the configured keys fits.

        """
        return decrypted(value) if value else value
