"""How stages, phases and outcomes look: a shape, a word and a tint, never colour alone."""

from typing import Any

from django import template

from consultations.lifecycle import Channel, Outcome, Phase, Stage
from consultations.models import ConsultationPage

register = template.Library()

# Tint and shape.
_STAGE_LOOKS: dict[str, tuple[str, str]] = {
    Stage.CATALOGUED: ("idle", "ring"),
    Stage.DRAFTING: ("idle", "dashed"),
    Stage.CONSULTING: ("open", "target"),
    Stage.CONSULTATION_CLOSED: ("closed", "lines"),
    Stage.FEEDBACK_PUBLISHED: ("feedback", "speech"),
    Stage.UNDER_REVIEW: ("review", "half"),
    Stage.DECIDED: ("review", "full"),
    Stage.PUBLISHED: ("done", "tick"),
    Stage.DEFERRED: ("halt", "pause"),
    Stage.WITHDRAWN: ("halt", "cross"),
}
_PHASE_LOOKS: dict[str, tuple[str, str]] = {
    Phase.SCHEDULED: ("idle", "clock"),
    Phase.OPEN: ("open", "target"),
    Phase.CLOSED: ("closed", "lines"),
}
OUTCOME_LOOKS: dict[str, tuple[str, str]] = {
    Outcome.ADOPTED: ("adopted", "full"),
    Outcome.PARTLY_ADOPTED: ("partly", "half"),
    Outcome.NOT_ADOPTED: ("not", "ring"),
    Outcome.NOTED: ("noted", "diamond"),
    Outcome.OUT_OF_SCOPE: ("out", "dashed"),
}
_CHANNEL_ICONS: dict[str, str] = {
    Channel.ONLINE: "message",
    Channel.EMAIL: "mail",
    Channel.POST: "document",
    Channel.PHONE: "phone",
    Channel.FAX: "fax",
    Channel.MEETING: "users",
    Channel.HEARING: "users",
    Channel.ONSITE: "pin",
}


@register.inclusion_tag("components/tag.html")
def stage_tag(stage: str) -> dict[str, Any]:
    """Show the stage of a matter."""
    look, shape = _STAGE_LOOKS[stage]
    return {"look": look, "shape": shape, "label": Stage(stage).label}


@register.inclusion_tag("components/tag.html")
def phase_tag(phase: str) -> dict[str, Any]:
    """Show the phase of a consultation."""
    look, shape = _PHASE_LOOKS[phase]
    return {"look": look, "shape": shape, "label": Phase(phase).label}


@register.inclusion_tag("components/outcome.html")
def outcome_tag(outcome: str) -> dict[str, Any]:
    """Show what became of an opinion."""
    look, shape = OUTCOME_LOOKS[outcome]
    return {"look": look, "shape": shape, "label": Outcome(outcome).label}


@register.filter
def article_label(page: ConsultationPage, article_id: str) -> str:
    """Return the number of an article of a draft, or nothing when the draft has it no more."""
    return next((one.label for one in page.articles if one.id == article_id), "")


@register.filter
def channel_icon(channel: str) -> str:
    """Return the icon of a way to answer."""
    return _CHANNEL_ICONS[channel]
