"""What a legal rule is and how rules are asked; pure, no database.

A rule is a function of facts and limits that returns a plain sentence when it is not met.
One list of rules feeds the publish guard, the editor's checklist and the public strip.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from portal.core.limits import Limits

Check = Callable[[Any, Limits], str | None]


class Level(Enum):
    """How much a finding weighs."""

    BLOCK = "block"
    WARN = "warn"
    SHOW = "show"


@dataclass(frozen=True)
class Finding:
    """One rule that is not met: its id, weight, plain sentence and source of law."""

    id: str
    level: Level
    message: str
    source: str


@dataclass(frozen=True)
class Rule:
    """A named check with the acts at which it is asked."""

    id: str
    level: Level
    source: str
    acts: frozenset[Hashable]
    check: Check

    def finding(self, facts: Any, limits: Limits) -> Finding | None:
        """Return the finding for these facts, or None when the rule is met."""
        message = self.check(facts, limits)
        if message is None:
            return None
        return Finding(self.id, self.level, str(message), self.source)


class Refused(Exception):
    """An act that the rules do not allow; carries the findings that say why."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Keep the findings and make their sentences the exception's text."""
        self.findings = list(findings)
        super().__init__("; ".join(f"{f.id}: {f.message}" for f in self.findings))


RULES: dict[str, Rule] = {}


def rule(
    rule_id: str, level: Level, *, source: str, acts: Iterable[Hashable]
) -> Callable[[Check], Check]:
    """Register the decorated check as rule `rule_id`, asked at each of `acts`."""

    def register(check: Check) -> Check:
        if rule_id in RULES:
            raise ValueError(f"Rule {rule_id} is defined twice")
        RULES[rule_id] = Rule(rule_id, level, source, frozenset(acts), check)
        return check

    return register


def findings(act: Hashable, facts: Any, limits: Limits) -> list[Finding]:
    """Return every finding of the rules asked at `act`, ordered by rule id."""
    found = (
        one.finding(facts, limits)
        for one in sorted(RULES.values(), key=lambda one: one.id)
        if act in one.acts
    )
    return [finding for finding in found if finding is not None]


def blockers(act: Hashable, facts: Any, limits: Limits) -> list[Finding]:
    """Return the findings that forbid `act`."""
    return [one for one in findings(act, facts, limits) if one.level is Level.BLOCK]


def require(act: Hashable, facts: Any, limits: Limits) -> None:
    """Raise Refused when a rule forbids `act` on these facts."""
    found = blockers(act, facts, limits)
    if found:
        raise Refused(found)
