"""How the validity of a decision looks: a shape, a word and a tint, never colour alone."""

from typing import Any

from django import template

from decisions.lifecycle import CleanupOutcome, Validity

register = template.Library()

# Tint and shape.
_LOOKS: dict[Validity, tuple[str, str]] = {
    Validity.NOT_YET_EFFECTIVE: ("feedback", "clock"),
    Validity.IN_FORCE: ("done", "tick"),
    Validity.SUSPENDED: ("closed", "pause"),
    Validity.AMENDED: ("closed", "half"),
    Validity.REPEALED: ("halt", "cross"),
    Validity.EXPIRED: ("halt", "cross"),
}

_CLEANUP_LOOKS: dict[CleanupOutcome, tuple[str, str]] = {
    CleanupOutcome.KEEP: ("done", "tick"),
    CleanupOutcome.AMEND: ("closed", "half"),
    CleanupOutcome.REPEAL: ("halt", "cross"),
}


@register.inclusion_tag("components/tag.html")
def cleanup_tag(outcome: str) -> dict[str, Any]:
    """Show what a clean-up said of a decision."""
    if not outcome:
        return {}
    chosen = CleanupOutcome(outcome)
    look, shape = _CLEANUP_LOOKS[chosen]
    return {"look": look, "shape": shape, "label": chosen.label}


@register.inclusion_tag("components/tag.html")
def validity_tag(validity: Validity | None) -> dict[str, Any]:
    """Show whether a decision is law."""
    if validity is None:
        return {}
    look, shape = _LOOKS[validity]
    return {"look": look, "shape": shape, "label": validity.label}
