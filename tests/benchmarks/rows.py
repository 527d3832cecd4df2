"""Many opinions at once: copies of a real one, written straight into its tables."""

import secrets
import uuid

from django.db import connection, models, transaction

from consultations.models import Opinion, OpinionPoint

BATCH = 2000


def copy_opinion(opinion: Opinion, number: int) -> None:
    """Add `number` copies of an opinion with its first point; only what is unique differs.

    The services take one opinion at a time and send mail, so 10,000 of them would take minutes.
    """
    chain = [*reversed(Opinion._meta.get_parent_list()), Opinion]
    first = 1 + chain[0]._default_manager.aggregate(last=models.Max("pk"))["last"]
    point = opinion.points.first()
    for start in range(first, first + number, BATCH):
        keys = range(start, min(start + BATCH, first + number))
        with transaction.atomic():
            for model in chain:
                _insert(model, opinion.pk, [_changes(model, key) for key in keys])
            _insert(OpinionPoint, point.pk, [{"id": None, "opinion_id": key} for key in keys])
    _move_sequence(chain[0])


def _changes(model: type[models.Model], key: int) -> dict[str, object]:
    """Return the columns in which a copy differs from its original."""
    changes: dict[str, object] = {model._meta.pk.column: key}
    columns = {field.column for field in model._meta.local_fields}
    if "receipt_no" in columns:
        text = uuid.uuid4().hex
        changes |= {
            "receipt_no": f"COPY-{secrets.token_hex(7)}",
            "submission_key": text if connection.vendor == "sqlite" else uuid.UUID(text),
            "confirm_digest": None,
        }
    if "thread_id" in columns:
        changes["thread_id"] = key
    return changes


def _insert(model: type[models.Model], original: int, rows: list[dict[str, object]]) -> None:
    """Insert copies of one row of one table."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    fixed = [
        quote(field.column)
        for field in model._meta.local_concrete_fields
        if field.column not in rows[0]
    ]
    changed = [name for name in rows[0] if rows[0][name] is not None or name != "id"]
    columns = ", ".join([*fixed, *map(quote, changed)])
    values = ", ".join([*fixed, *["%s"] * len(changed)])
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}"
            f" WHERE {quote(model._meta.pk.column)} = %s",
            [[*(row[name] for name in changed), original] for row in rows],
        )


def _move_sequence(model: type[models.Model]) -> None:
    """Let the next key come after those written by hand."""
    if connection.vendor != "postgresql":
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
        )
