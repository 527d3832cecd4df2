"""Writing encrypted values anew with the first key, so that an old key can be thrown away."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models, transaction

from portal.core.fields import EncryptedTextField

BATCH = 500

Rewriter = Callable[[], int]

_others: list[Rewriter] = []


def also_rewrite(rewriter: Rewriter) -> None:
    """Have encrypted values outside of such fields written anew, too.

    Args:
        rewriter: writes them and returns how many rows there were.

    """
    _others.append(rewriter)


def rewrite_encrypted_values() -> int:
    """Encrypt every encrypted value with the first key; return how many rows.

    It goes in batches, each a transaction of its own with its rows locked, so that a portal in use
    waits little and nothing erased meanwhile comes back. Safe to repeat.

    Raises:
        InvalidToken: no key fits a value; the batches before it are rewritten.

    """
    own = sum(_rewrite(model, names) for model in apps.get_models() if (names := _encrypted(model)))
    return own + sum(rewrite() for rewrite in _others)


def _encrypted(model: type[models.Model]) -> list[str]:
    """Return the names of the encrypted fields in a model's own table."""
    fields = model._meta.local_concrete_fields
    return [field.name for field in fields if isinstance(field, EncryptedTextField)]


def _rewrite(model: type[models.Model], names: list[str]) -> int:
    """Rewrite one table."""
    filled = model._base_manager.exclude(**dict.fromkeys(names, "")).order_by("pk")
    done, last = 0, 0
    while rows := _rewrite_batch(filled.filter(pk__gt=last), names):
        done, last = done + len(rows), rows[-1][0]
    return done


@transaction.atomic
def _rewrite_batch(rows: "models.QuerySet[Any]", names: list[str]) -> list[tuple[Any, ...]]:
    """Rewrite the first rows of a table and return them."""
    batch = list(rows.select_for_update().values_list("pk", *names)[:BATCH])
    for pk, *values in batch:
        rows.model._base_manager.filter(pk=pk).update(**dict(zip(names, values, strict=True)))
    return batch
