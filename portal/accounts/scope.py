"""How far a person's duty reaches: whose matters they see and act on.

The disclosure office, the legality and the secrecy reviewers work on the matters of every unit;
everyone else on those of their own unit and of the units below it. What else a scope holds follows
from its matters, through one queryset method, `in_scope_of`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page
from wagtail.query import PageQuerySet

from portal.accounts.models import Unit
from portal.accounts.roles import OFFICE_WIDE


@dataclass(frozen=True)
class Scope:
    """The units whose matters somebody works on.

    Attributes:
        everywhere: whether it is every unit.
        units: primary keys of the units, when it is not.

    """

    everywhere: bool
    units: frozenset[int] = frozenset()

    def covers(self, units: frozenset[int]) -> bool:
        """Tell whether one of these units is in it."""
        return self.everywhere or bool(self.units & units)


@dataclass(frozen=True)
class Branches:
    """What branches of the page tree scopes consist of.

    Attributes:
        of: returns the topmost pages of the branches that somebody works on.
        units_of: returns the units whose branch a page stands in, None outside every branch; a
            scope that covers one of them holds the page.

    """

    of: Callable[[Any], PageQuerySet]
    units_of: Callable[[Page], frozenset[int] | None]


NOWHERE = Scope(everywhere=False)
EVERYWHERE = Scope(everywhere=True)


def scope_of(user: Any) -> Scope:
    """Return the scope of a member of staff, read once for each user object."""
    known: Scope | None = getattr(user, "_scope", None)
    if known is None:
        known = user._scope = _read_scope(user)
    return known


def _read_scope(user: Any) -> Scope:
    if not user.is_active or user.is_anonymous:
        return NOWHERE
    if user.is_superuser or user.groups.filter(name__in=OFFICE_WIDE).exists():
        return EVERYWHERE
    if user.unit_id is None:
        return NOWHERE
    return Scope(everywhere=False, units=with_units_below(user.unit_id))


_branches: list[Branches] = []


def work_on(branches: Branches) -> None:
    """Let scopes consist of these branches; the app that knows the matters says so, once."""
    _branches[:] = [branches]


def tops_of(user: Any) -> PageQuerySet:
    """Return the topmost pages of the branches that somebody works on."""
    return _branches[0].of(user) if _branches else Page.objects.none()


def units_of(page: Page) -> frozenset[int] | None:
    """Return the units whose branch a page stands in, None outside every branch."""
    return _branches[0].units_of(page) if _branches else None


def with_units_above(units: frozenset[int]) -> frozenset[int]:
    """Return some units and every unit above them, by primary key: those whose scope covers one."""
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    found: set[int] = set()
    for start in units:
        unit: int | None = start
        while unit is not None and unit not in found:
            found.add(unit)
            unit = parents.get(unit)
    return frozenset(found)


def with_units_below(unit: int) -> frozenset[int]:
    """Return a unit and every unit below it, by primary key."""
    children: dict[int | None, list[int]] = {}
    for pk, parent in Unit.objects.values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    found = {unit}
    waiting = [unit]
    while waiting:
        below = [pk for pk in children.get(waiting.pop(), []) if pk not in found]
        found.update(below)
        waiting.extend(below)
    return frozenset(found)
