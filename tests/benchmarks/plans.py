"""What PostgreSQL did for the statements of a piece of work, read from its own account of them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

Asked = list[tuple[str, Any]]


@dataclass(frozen=True)
class Account:
    """What the statements of a piece of work took.

    Attributes:
        statements: how many were sent.
        buffers: pages of 8 KiB that those which read had to look at, in memory or not.
        scanned: most rows that one of them met in a sequential scan.

    """

    statements: int
    buffers: int
    scanned: float


def account_of(work: Callable[[], object]) -> Account:
    """Do a piece of work, then let PostgreSQL explain each of its statements that read."""
    asked: Asked = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    plans = [_explained(sql, params) for sql, params in asked if sql.startswith("SELECT")]
    nodes = [node for plan in plans for node in _nodes(plan)]
    return Account(
        statements=len(asked),
        buffers=sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans),
        scanned=max((_met(node) for node in nodes if node["Node Type"] == "Seq Scan"), default=0),
    )


def _explained(sql: str, params: Any) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        (answer,) = cursor.fetchone()
    found = answer if isinstance(answer, list) else json.loads(answer)
    plan: dict[str, Any] = found[0]["Plan"]
    return plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _met(node: dict[str, Any]) -> float:
    passed = node.get("Rows Removed by Filter", 0)
    return float(node["Actual Loops"] * (node["Actual Rows"] + passed))
