"""The engine's two indices: each a dated version behind a name to read and a name to write."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan
from elasticsearch_dsl import Document, Index

from decisions.search.connection import client_of
from decisions.search.documents import (
    INDEX_SETTINGS,
    DossierDocument,
    UnitDocument,
)

# Seconds; writing has time, no reader waits for it.
PATIENCE_FOR_ONE = 3.0
PATIENCE_FOR_MANY = 60.0
SCAN_SIZE = 500
# Where an index says from which mapping and analysis it was made.
MADE_FROM = "made_from"


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


class RefusedError(RuntimeError):
    """The engine refused documents; the message holds the first reasons."""


class OtherIndexError(ValueError):
    """An index is there that is not made as this release makes it; a rebuild makes it anew."""


@cache
def made_from(kind: Kind) -> str:
    """Return a name of 64 signs for the mapping and analysis of a kind."""
    return sha256(json.dumps(kind.body(), sort_keys=True).encode()).hexdigest()


DOSSIERS = Kind("archive_dossier", DossierDocument)
UNITS = Kind("archive_unit", UnitDocument)
KINDS = (DOSSIERS, UNITS)


@contextmanager
def writer(patience: float) -> Iterator[Elasticsearch]:
    """Give a client for writing and close it after.

    Args:
        patience: seconds one request may take.

    """
    client = client_of(settings.ELASTICSEARCH_URL, request_timeout=patience)
    try:
        yield client
    finally:
        client.close()


def exists(client: Elasticsearch) -> bool:
    """Tell whether there is an index to write to.

    Raises:
        RefusedError: there is one of the two only.
        OtherIndexError: it is not made as this release makes it.

    """
    there = [kind for kind in KINDS if client.indices.exists_alias(name=kind.write_alias)]
    for kind in there:
        require_ours(client, kind, kind.write_alias)
    if there and len(there) < len(KINDS):
        raise RefusedError("one of the two indices is missing")
    return bool(there)


def require_ours(client: Elasticsearch, kind: Kind, alias: str) -> set[str]:
    """Return the versions that a name stands for.

    Raises:
        OtherIndexError: one of them is not made as this release makes it.

    """
    described = client.indices.get_mapping(index=alias)
    for name, one in described.items():
        if one["mappings"].get("_meta", {}).get(MADE_FROM) != made_from(kind):
            raise OtherIndexError(name)
    return set(described)


def create(client: Elasticsearch, kind: Kind, name: str) -> None:
    """Create a version set up for filling: no second copy, no refreshing."""
    body = kind.body()
    filling = {"auto_expand_replicas": False, "number_of_replicas": 0, "refresh_interval": "-1"}
    client.indices.create(
        index=name,
        mappings={**body["mappings"], "_meta": {MADE_FROM: made_from(kind)}},
        settings={**body["settings"], **filling},
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


def unnamed(client: Elasticsearch) -> list[str]:
    """Return the versions no name stands for: what rebuilds left that were killed."""
    found = client.indices.get(index=[f"{kind.base}_*" for kind in KINDS], features="aliases")
    return sorted(name for name, described in found.items() if not described["aliases"])


def _named(client: Elasticsearch, alias: str) -> list[str]:
    if not client.indices.exists_alias(name=alias):
        return []
    return sorted(client.indices.get_alias(name=alias))


def delete(client: Elasticsearch, names: Iterable[str]) -> None:
    """Delete versions, those that are not there too."""
    for name in names:
        client.indices.delete(index=name, ignore_unavailable=True)


def count(client: Elasticsearch) -> int:
    """Return how many dossiers there are."""
    return int(client.count(index=DOSSIERS.read_alias)["count"])


def held(client: Elasticsearch, kind: Kind) -> Iterator[tuple[int, str]]:
    """Yield the dossier and the digest of every document, as of one moment."""
    client.indices.refresh(index=kind.read_alias)
    everything = scan(
        client,
        index=kind.read_alias,
        query={"query": {"match_all": {}}, "_source": ["dossier_id", "digest"]},
        size=SCAN_SIZE,
    )
    for hit in everything:
        yield hit["_source"]["dossier_id"], hit["_source"].get("digest", "")
