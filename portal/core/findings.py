"""What a legal rule is and how rules are asked; pure, no database.

A rule is a function of facts and limits that returns a plain sentence when it is not met.
One list of rules feeds the publish guard, the editor's checklist, the unit's dashboard and the
public strip.
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from portal.core.limits import Limits


class Level(Enum):
    """How much a finding weighs: forbids, asks for a reason, or is only shown."""

    BLOCK = "block"
    WARN = "warn"
    SHOW = "show"


@dataclass(frozen=True)
class Due:
    """What a check returns that knows the day on which its rule had, or has, to be met."""

    message: str
    on: date


Check = Callable[[Any, Limits], str | Due | None]


@dataclass(frozen=True)
class Finding:
    """One rule that is not met: its id, weight, plain sentence and source of law.

    Attributes:
        due_on: the day by which it had, or has, to be met, where the rule has one.

    """

    id: str
    level: Level
    message: str
    source: str
    due_on: date | None = None


@dataclass(frozen=True)
class Rule:
    """A named check with the acts at which it is asked.

    Attributes:
        title: what it asks for, in a few translated words.
        public_reason: whether the reason of who goes past its warning is published.

    """

    id: str
    level: Level
    source: str
    acts: frozenset[Hashable]
    check: Check
    title: Any = ""
    public_reason: bool = False

    def finding(self, facts: Any, limits: Limits) -> Finding | None:
        """Return the finding for these facts, or None when the rule is met."""
        told = self.check(facts, limits)
        if told is None:
            return None
        if isinstance(told, Due):
            return Finding(self.id, self.level, str(told.message), self.source, told.on)
        return Finding(self.id, self.level, str(told), self.source)


@dataclass(frozen=True)
class Checked:
    """One rule and what it found; None when it is met."""

    rule: Rule
    finding: Finding | None


class Refused(Exception):
    """An act that the rules do not allow; carries the findings that say why."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Keep the findings and make their sentences the exception's text."""
        self.findings = list(findings)
        super().__init__("; ".join(f"{f.id}: {f.message}" for f in self.findings))

    @property
    def asks_for_reasons(self) -> bool:
        """Whether nothing forbids the act, and whoever gives reasons may go on."""
        return all(one.level is Level.WARN for one in self.findings)


RULES: dict[str, Rule] = {}


def rule(
    rule_id: str,
    level: Level,
    *,
    source: str,
    acts: Iterable[Hashable],
    title: Any = "",
    public_reason: bool = False,
) -> Callable[[Check], Check]:
    """Register the decorated check as rule `rule_id`, asked at each of `acts`.

    Args:
        rule_id: its id in the checklist of the law.
        level: how much it weighs.
        source: the article it comes from.
        acts: when it is asked.
        title: what it asks for, in a few words, lazily translated.
        public_reason: whether the reason of who goes past its warning is published.

    """

    def register(check: Check) -> Check:
        if rule_id in RULES:
            raise ValueError(f"Rule {rule_id} is defined twice")
        RULES[rule_id] = Rule(rule_id, level, source, frozenset(acts), check, title, public_reason)
        return check

    return register


def checklist(act: Hashable, facts: Any, limits: Limits) -> list[Checked]:
    """Return every rule asked at `act` with what it found, ordered by rule id."""
    asked = sorted((one for one in RULES.values() if act in one.acts), key=lambda one: one.id)
    return [Checked(one, one.finding(facts, limits)) for one in asked]


def findings(act: Hashable, facts: Any, limits: Limits) -> list[Finding]:
    """Return every finding of the rules asked at `act`, ordered by rule id."""
    return [one.finding for one in checklist(act, facts, limits) if one.finding is not None]


def blockers(act: Hashable, facts: Any, limits: Limits) -> list[Finding]:
    """Return the findings that forbid `act`."""
    return [one for one in findings(act, facts, limits) if one.level is Level.BLOCK]


class Ruled:
    """A page whose publication the rules guard; it says which of them, in `checklist`."""

    def checklist(self) -> list[Checked]:
        """Return the rules asked when it is published, and what each finds now."""
        raise NotImplementedError

    def findings(self) -> list[Finding]:
        """Return what the rules still ask before it is published."""
        return [one.finding for one in self.checklist() if one.finding is not None]


def require(act: Hashable, facts: Any, limits: Limits, *, waived: Collection[str] = ()) -> None:
    """Raise Refused when a rule forbids `act` on these facts, or warns and nobody gave a reason.

    Args:
        act: what is about to be done.
        facts: what the rules read.
        limits: the thresholds.
        waived: ids of the rules whose warnings somebody went past with a reason.

    """
    against = [
        one
        for one in findings(act, facts, limits)
        if one.level is Level.BLOCK or (one.level is Level.WARN and one.id not in waived)
    ]
    if against:
        raise Refused(against)
