"""What a question means: words, exact phrases, fields and how they are joined; pure.

A question without operators is `Words`, which both copies answer generously. Everything else is
answered to the letter: a word or phrase has to occur as it is written, apart from script, width,
case and signs; without quotation marks a word of equal meaning will do in place of one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DateField(StrEnum):
    """The days of a matter that can be asked for; the values are the names in both copies."""

    OPENS = "opens_on"
    CLOSES = "closes_on"
    DECIDED = "decided_on"
    EFFECTIVE = "effective_on"


@dataclass(frozen=True)
class Words:
    """Plain words, as most people ask."""

    text: str


@dataclass(frozen=True)
class AnyWords:
    """Words of which any will do, the more of them the nearer; no reader can write this."""

    text: str


@dataclass(frozen=True)
class Term:
    """A word or phrase that has to occur as written; in quotation marks no synonym will do."""

    text: str
    in_title: bool = False
    is_quoted: bool = False


@dataclass(frozen=True)
class Number:
    """A document number in its canonical form, or only the agency's sign before it."""

    key: str
    is_whole: bool = True


@dataclass(frozen=True)
class OfUnit:
    """Drafted by a unit whose name holds `text`; becomes `Has` once the units are looked up."""

    text: str


@dataclass(frozen=True)
class Has:
    """With one of these values in a field that both copies call the same."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Between:
    """With a year or a day from `first` to `last`, both included; None has no end there."""

    field: str
    first: int | date | None
    last: int | date | None


@dataclass(frozen=True)
class Among:
    """One of these matters, by the primary keys of their pages; no reader can write this."""

    item_ids: tuple[int, ...]


@dataclass(frozen=True)
class Not:
    """Everything else."""

    node: "Node"


@dataclass(frozen=True)
class AllOf:
    """What fits each of these."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True)
class AnyOf:
    """What fits one of these at least."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True)
class Alike:
    """The same said in several ways, of which one is enough.

    Attributes:
        nodes: the ways; the first is as it was asked.
        weight: how much the other ways count for the order, beside 1 for the first.

    """

    nodes: "tuple[Node, ...]"
    weight: float = 1.0


Leaf = Words | AnyWords | Term | Number | OfUnit | Has | Between | Among
Node = Leaf | Not | AllOf | AnyOf | Alike


def leaves(node: Node | None, *, wanted: bool = True) -> Iterator[tuple[Leaf, bool]]:
    """Yield every condition of a question, and whether it is asked for or ruled out."""
    match node:
        case None:
            return
        case Not(inner):
            yield from leaves(inner, wanted=not wanted)
        case AllOf(nodes) | AnyOf(nodes) | Alike(nodes):
            for one in nodes:
                yield from leaves(one, wanted=wanted)
        case _:
            yield node, wanted


def spoken(node: Node | None) -> tuple[str, ...]:
    """Return the words and phrases that are asked for, to be marked where they are found."""
    return tuple(
        leaf.text for leaf, wanted in leaves(node) if wanted and isinstance(leaf, (Words, Term))
    )


def other_ways(node: Node | None) -> tuple[str, ...]:
    """Return what is looked for besides the words as they were asked."""
    match node:
        case AllOf(nodes) | AnyOf(nodes):
            return tuple(text for one in nodes for text in other_ways(one))
        case Alike((first, *others)):
            said = (text for one in others for text in spoken(one))
            return tuple(dict.fromkeys((*other_ways(first), *said)))
    return ()
