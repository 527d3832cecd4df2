"""Writing to the engine's two indices, by versions: an older text never replaces a newer one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan, streaming_bulk

from decisions.models import ArchiveClock
from decisions.search.documents import DossierSource, dossier_document, unit_document
from decisions.search.index import DOSSIERS, KINDS, UNITS, Kind, RefusedError
from portal.core.outbox import UndeliverableError

BULK_SIZE = 500
BULK_BYTES = 10 * 1024 * 1024
SCAN_SIZE = 10_000
BAD_REQUEST, NOT_FOUND, CONFLICT = 400, 404, 409


class UnfitError(UndeliverableError):
    """The engine refused documents for what is in them; another time will not help."""


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
    """Remove a document, unless it has a higher version."""
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
    for unit in source.units:
        yield _write(UNITS, unit.key, unit_document(source, unit), version)


def fill(
    client: Elasticsearch, versions: dict[Kind, str], actions: Iterable[dict[str, Any]]
) -> dict[Kind, int]:
    """Write into new versions instead of the named ones; return how many each holds then.

    Raises:
        RefusedError, UnfitError: a document was refused.

    """
    held = dict.fromkeys(versions, 0)
    by_alias = {kind.write_alias: kind for kind in versions}
    by_name = {name: kind for kind, name in versions.items()}
    aimed = ({**one, "_index": versions[by_alias[one["_index"]]]} for one in actions)
    for outcome in _outcomes(client, aimed):
        # A passage that moves to another matter meanwhile is written twice.
        held[by_name[outcome["_index"]]] += outcome.get("result") == "created"
    return held


def put(client: Elasticsearch, source: DossierSource, version: int) -> bool:
    """Write one dossier, those of its passages that changed, and take away those it has no more.

    Args:
        client: a writer.
        source: what the database holds.
        version: no other write has it; an older one never replaces a newer.

    Returns:
        Whether nothing is left to do. If not, it has to be read and put again.

    Raises:
        RefusedError, UnfitError: the engine refused a document.

    """
    item_id = source.item_id
    if not _send(client, [_write(DOSSIERS, item_id, dossier_document(source), version)]):
        return not _outran([_version_of(client, item_id)])
    held = _held_units(client, item_id)
    gone = held.keys() - {unit.key for unit in source.units}
    changed = [
        unit
        for unit in source.units
        if unit.key not in held or held[unit.key].digest != unit.digest
    ]
    writes = chain(
        (_write(UNITS, unit.key, unit_document(source, unit), version) for unit in changed),
        (_remove(UNITS, key, held[key].version) for key in sorted(gone)),
    )
    return _finish(client, item_id, writes, held, version=version)


def take_away(client: Elasticsearch, item_id: int, version: int) -> bool:
    """Remove a dossier and all its passages; return whether nothing is left to do, as `put` does.

    Raises:
        RefusedError: the engine refused to.

    """
    if not _send(client, [_remove(DOSSIERS, item_id, version)]):
        return not _outran([_version_of(client, item_id)])
    held = _held_units(client, item_id)
    writes = (_remove(UNITS, key, held[key].version) for key in sorted(held))
    return _finish(client, item_id, writes, held, version=None)


def _finish(
    client: Elasticsearch,
    item_id: int,
    writes: Iterable[dict[str, Any]],
    held: Mapping[str, "_Held"],
    *,
    version: int | None,
) -> bool:
    """Write the passages of a dossier that was just written itself; tell whether that was all.

    Two may write the same dossier at once. Each writes the dossier before it looks what passages
    there are, and looks at the dossier again after it has written its own. So the newer one sees
    what the older one wrote, or the older one sees that there is a newer. That it has to go again
    then, although the newer one stays, is because the newer one left alone what it found fitting.

    A passage may meanwhile have moved to another matter, whose versions say nothing about ours. So
    it is removed only as it was seen: who moved it writes a higher version, which stays and has us
    go again.

    Args:
        client: a writer.
        item_id: of the dossier.
        writes: of its passages.
        held: the passages that were seen.
        version: that the dossier was written with; None where it was removed.

    """
    is_whole = _send(client, writes)
    if not is_whole:
        _outran(one.version for one in held.values())
    client.indices.refresh(index=[kind.write_alias for kind in KINDS])
    return is_whole and _version_of(client, item_id) == version


def _outran(versions: Iterable[int | None]) -> bool:
    """Tell whether one of these versions was never given out; have the clock go on behind it.

    So it is where the database was restored and the index not made anew. What was written from
    readings that the database knows nothing of is no newer, and would stay for ever.
    """
    highest = max((one for one in versions if one is not None), default=0)
    return bool(ArchiveClock.objects.filter(readings__lt=highest).update(readings=highest))


def _version_of(client: Elasticsearch, item_id: int) -> int | None:
    """Return the version of a dossier as it was written last; None where there is none."""
    answer = client.options(ignore_status=NOT_FOUND).get(
        index=DOSSIERS.write_alias, id=str(item_id), source=False
    )
    return answer["_version"] if answer.get("found") else None


@dataclass(frozen=True)
class _Held:
    """A passage as the engine holds it: what it was made from, and with which version."""

    digest: str
    version: int


def _held_units(client: Elasticsearch, item_id: int) -> dict[str, _Held]:
    """Return a dossier's passages that the engine holds, by key, however fresh."""
    client.indices.refresh(index=UNITS.write_alias)
    passages = scan(
        client,
        index=UNITS.write_alias,
        query={
            "query": {"term": {"dossier_id": item_id}},
            "_source": ["digest"],
            "version": True,
        },
        size=SCAN_SIZE,
    )
    return {
        hit["_id"]: _Held(hit["_source"].get("digest", ""), hit["_version"]) for hit in passages
    }


def _send(client: Elasticsearch, actions: Iterable[dict[str, Any]]) -> bool:
    """Send writes; return whether none of them met something newer, which then stays.

    Raises:
        RefusedError, UnfitError: the engine refused a write for another reason.

    """
    statuses = {outcome["status"] for outcome in _outcomes(client, actions, require_alias=True)}
    return CONFLICT not in statuses


def _outcomes(
    client: Elasticsearch, actions: Iterable[dict[str, Any]], **options: Any
) -> Iterator[dict[str, Any]]:
    """Yield what came of each write; something newer, or nothing to remove, is no refusal.

    Raises:
        RefusedError, UnfitError: the engine refused writes for another reason.

    """
    refused: list[dict[str, Any]] = []
    for done, outcome in streaming_bulk(
        client,
        actions,
        chunk_size=BULK_SIZE,
        max_chunk_bytes=BULK_BYTES,
        raise_on_error=False,
        **options,
    ):
        [(operation, came)] = outcome.items()
        if done or came["status"] == CONFLICT or _had_nothing(operation, came):
            yield came
        else:
            refused.append(came)
    if refused:
        is_unfit = all(came["status"] == BAD_REQUEST for came in refused)
        raise (UnfitError if is_unfit else RefusedError)(str(refused[:3]))


def _had_nothing(operation: str, came: dict[str, Any]) -> bool:
    return operation == "delete" and came["status"] == NOT_FOUND and "error" not in came
