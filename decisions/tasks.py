"""What the outbox carries out for this app: both copies of the archive, each by itself.

Two messages, so that an engine that is down delays only its own copy.
"""

from datetime import datetime
from typing import Any

from decisions.search.engine import is_configured
from decisions.search.indexing import (
    TOPIC_COPY,
    TOPIC_INDEX,
    copy_dossiers,
    index_dossier,
)
from portal.core.outbox import enqueue, handles


def promise_archive(item_id: int) -> None:
    """Promise, in the current transaction, that the archive will follow a change of a matter."""
    enqueue(TOPIC_COPY, item_id=item_id)
    if is_configured():
        enqueue(TOPIC_INDEX, item_id=item_id)


@handles(TOPIC_COPY)
def follow_in_database(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Bring the database's copy of one dossier up to date."""
    copy_dossiers([payload["item_id"]])


@handles(TOPIC_INDEX)
def follow_in_engine(payload: dict[str, Any], *, at: datetime, message_id: int) -> None:
    """Bring Elasticsearch's copy of one dossier up to date, if one is still configured."""
    if is_configured():
        index_dossier(payload["item_id"])
