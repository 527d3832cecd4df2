"""How the validity of a decision looks, never by colour alone, and what machines read of it."""

from datetime import date
from typing import Any

from django import template
from django.utils.safestring import SafeString

from decisions.legislation import as_json_ld
from decisions.lifecycle import CleanupOutcome, Validity
from decisions.models import DecisionPage
from decisions.models.describing import described

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


@register.simple_tag
def json_ld(decision: DecisionPage, today: date) -> SafeString:
    """Return a decision as linked data for a `script` element, which no browser runs."""
    return SafeString(as_json_ld(described(decision, on=today)))  # escaped for that place
