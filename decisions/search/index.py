"""The engine's two indices: each a dated version behind a name to read and a name to write."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk, scan, streaming_bulk
from elasticsearch_dsl import Document, Index

from decisions.search.connection import ImpatientNode
from decisions.search.documents import (
    INDEX_SETTINGS,
    DossierDocument,
    DossierSource,
    UnitDocument,
    dossier_document,
    unit_documents,
)

# Seconds; writing has time, no reader waits for it.
PATIENCE_FOR_ONE = 3.0
PATIENCE_FOR_MANY = 60.0
BULK_SIZE = 500
MOST_UNITS = 10_000

CONFLICT, NOT_FOUND = 409, 404


@dataclass(frozen=True)
class Kind:
    """One of the two indices."""

    name: str
    document: type[Document]

    @property
    def base(self) -> str:
        """The name all its versions begin with."""
        return f"{settings.ELASTICSEARCH_INDEX_PREFIX}-{self.name}"

    @property
    def read_alias(self) -> str:
        """The name questions are put to."""
        return f"{self.base}_read"

    @property
    def write_alias(self) -> str:
        """The name documents are written to."""
        return f"{self.base}_write"

    def version(self, at: datetime) -> str:
        """Return the name of the version made at an instant."""
        return f"{self.base}_{at:%Y%m%d%H%M%S%f}"

    def body(self) -> dict[str, Any]:
        """Return mapping, analysis and settings."""
        described = Index(self.base)
        described.document(self.document)
        described.settings(**INDEX_SETTINGS)
        return dict(described.to_dict())


DOSSIERS = Kind("archive_dossier", DossierDocument)
UNITS = Kind("archive_unit", UnitDocument)
KINDS = (DOSSIERS, UNITS)


@contextmanager
def writer(patience: float) -> Iterator[Elasticsearch]:
    """Give a client for writing and close it after.

    Nothing is tried twice here: the outbox tries again, and a rebuild is run again.

    Args:
        patience: seconds one request may take.

    """
    client = Elasticsearch(
        settings.ELASTICSEARCH_URL,
        node_class=ImpatientNode,
        request_timeout=patience,
        max_retries=0,
        retry_on_timeout=False,
    )
    try:
        yield client
    finally:
        client.close()


def exists(client: Elasticsearch) -> bool:
    """Tell whether both indices can be written to."""
    return all(client.indices.exists_alias(name=kind.write_alias) for kind in KINDS)


def create(client: Elasticsearch, kind: Kind, name: str) -> None:
    """Create a version set up for filling: no second copy, no refreshing."""
    body = kind.body()
    filling = {"auto_expand_replicas": False, "number_of_replicas": 0, "refresh_interval": "-1"}
    client.indices.create(
        index=name, mappings=body["mappings"], settings={**body["settings"], **filling}
    )


def open_for_use(client: Elasticsearch, kind: Kind, name: str) -> int:
    """Set a filled version up for use and return how many documents it holds."""
    in_use = {
        "refresh_interval": None,
        "auto_expand_replicas": INDEX_SETTINGS["auto_expand_replicas"],
    }
    client.indices.put_settings(index=name, settings=in_use)
    client.indices.refresh(index=name)
    return int(client.count(index=name)["count"])


def swap(client: Elasticsearch, versions: dict[Kind, str]) -> list[str]:
    """Point all four names to new versions in one step; return the versions no longer named."""
    actions: list[dict[str, Any]] = []
    replaced: list[str] = []
    for kind, name in versions.items():
        for alias in (kind.read_alias, kind.write_alias):
            old = _named(client, alias)
            replaced += old
            actions += [{"remove": {"index": index, "alias": alias}} for index in old]
            actions.append({"add": {"index": name, "alias": alias}})
    client.indices.update_aliases(actions=actions)
    return sorted(set(replaced))


def _named(client: Elasticsearch, alias: str) -> list[str]:
    if not client.indices.exists_alias(name=alias):
        return []
    return sorted(client.indices.get_alias(name=alias))


def delete(client: Elasticsearch, names: Iterable[str]) -> None:
    """Delete versions, those that are not there too."""
    for name in names:
        client.indices.delete(index=name, ignore_unavailable=True)


def _write(kind: Kind, key: int | str, document: dict[str, Any], version: int) -> dict[str, Any]:
    return {
        "_op_type": "index",
        "_index": kind.write_alias,
        "_id": str(key),
        "version": version,
        "version_type": "external_gte",
        "_source": document,
    }


def _remove(kind: Kind, key: int | str, version: int) -> dict[str, Any]:
    return {
        "_op_type": "delete",
        "_index": kind.write_alias,
        "_id": str(key),
        "version": version,
        "version_type": "external_gte",
    }


def writes_of(source: DossierSource, version: int) -> Iterator[dict[str, Any]]:
    """Yield what puts one dossier and its passages into both indices."""
    yield _write(DOSSIERS, source.item_id, dossier_document(source), version)
    for key, document in unit_documents(source).items():
        yield _write(UNITS, key, document, version)


def fill(
    client: Elasticsearch, versions: dict[Kind, str], actions: Iterable[dict[str, Any]]
) -> dict[Kind, int]:
    """Write into new versions instead of the named ones; return how many went into each.

    Raises:
        BulkIndexError: a document was refused.

    """
    written = dict.fromkeys(versions, 0)
    by_alias = {kind.write_alias: kind for kind in versions}

    def aimed() -> Iterator[dict[str, Any]]:
        for action in actions:
            kind = by_alias[action["_index"]]
            written[kind] += 1
            yield {**action, "_index": versions[kind]}

    bulk(client, aimed(), chunk_size=BULK_SIZE)
    return written


def held(client: Elasticsearch, kind: Kind) -> Iterator[tuple[int, str]]:
    """Yield the dossier and the digest of every document, as of one moment."""
    client.indices.refresh(index=kind.read_alias)
    everything = scan(
        client,
        index=kind.read_alias,
        query={"query": {"match_all": {}}, "_source": ["dossier_id", "digest"]},
        size=BULK_SIZE,
    )
    for hit in everything:
        yield hit["_source"]["dossier_id"], hit["_source"].get("digest", "")


class RefusedError(RuntimeError):
    """The engine refused documents; the message holds the first reasons."""


def put(client: Elasticsearch, source: DossierSource, version: int) -> None:
    """Write one dossier and take away passages it no longer has.

    Args:
        client: a writer.
        source: what the database holds.
        version: the outbox sequence it was read at; older writes never replace newer ones.

    """
    kept = {unit.key for unit in source.units}
    gone = _unit_keys(client, source.item_id) - kept
    _send(
        client,
        [*writes_of(source, version), *(_remove(UNITS, key, version) for key in sorted(gone))],
    )


def take_away(client: Elasticsearch, item_id: int, version: int) -> None:
    """Remove a dossier and all its passages."""
    keys = sorted(_unit_keys(client, item_id))
    _send(
        client,
        [_remove(DOSSIERS, item_id, version), *(_remove(UNITS, key, version) for key in keys)],
    )


def _unit_keys(client: Elasticsearch, item_id: int) -> set[str]:
    """Return the keys of a dossier's passages the engine holds, however fresh."""
    client.indices.refresh(index=UNITS.write_alias)
    answer = client.search(
        index=UNITS.write_alias,
        query={"term": {"dossier_id": item_id}},
        size=MOST_UNITS,
        source=False,
    )
    return {hit["_id"] for hit in answer["hits"]["hits"]}


def _send(client: Elasticsearch, actions: list[dict[str, Any]]) -> None:
    """Send writes; what something newer already did, or removed, needs nothing more.

    Raises:
        RefusedError: the engine refused a write for another reason.

    """
    outcomes = streaming_bulk(
        client, actions, chunk_size=BULK_SIZE, raise_on_error=False, require_alias=True
    )
    refused = [
        outcome
        for done, outcome in outcomes
        if not (done or _is_settled(*next(iter(outcome.items()))))
    ]
    if refused:
        raise RefusedError(str(refused[:3]))


def _is_settled(operation: str, outcome: dict[str, Any]) -> bool:
    if outcome["status"] == CONFLICT:
        return True
    return operation == "delete" and outcome["status"] == NOT_FOUND and "error" not in outcome
