"""How stages, phases and outcomes look: a shape, a word and a tint, never colour alone."""

from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consultations.lifecycle import Channel, Outcome, Phase, Stage, Stance
from consultations.masking import masked_name
from consultations.models import ConsultationPage, Opinion
from portal.core.dates import day_in_words, official_day

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


@register.simple_tag
def said_by(opinion: Opinion, at: datetime) -> SafeString:
    """Say who gave an opinion, which way and on what day; a page shows very many of these."""
    day = official_day(opinion.submit_date)
    return format_html(
        '<b>{}</b> <span>{}</span> <time datetime="{}">{}</time>',
        opinion.shown_name,
        opinion.channel_label,
        day.isoformat(),
        day_in_words(day, at),
    )


@register.filter
def article_label(page: ConsultationPage, article_id: str) -> str:
    """Return the number of an article of a draft, or nothing when the draft has it no more."""
    return next((one.label for one in page.articles if one.id == article_id), "")


@register.filter
def stance_label(stance: str) -> str:
    """Return a stance in words."""
    return str(Stance(stance).label)


@register.filter
def chosen_label(field: BoundField) -> str:
    """Return what was typed or chosen in a field, as the form words it."""
    value = field.value() or ""
    choices = dict(getattr(field.field, "choices", ()))
    return str(choices.get(value, value))


register.filter("masked", masked_name)


@register.filter
def channel_icon(channel: str) -> str:
    """Return the icon of a way to answer."""
    return _CHANNEL_ICONS[channel]
