"""Rules CON-*: what a round needs before it is opened."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from consultations.compliance.interpretation import Uninterpreted
from consultations.lifecycle import OFFLINE_CHANNELS, Act, Channel
from portal.core.findings import Level, rule
from portal.core.limits import Limits


@dataclass(frozen=True)
class ConsultationFacts:
    """What the rules read of a round that is being published, or published again.

    Attributes:
        published_on: the day it became public, today if it was not yet.
        was_open: whether it is public and its opening day has come.
        draft_changed: whether its draft differs from the public one.
        public_period: opening and closing day as the public knows them, or None.
        affects_operators: whether the matter touches the activity of enterprises, so that the
            catalogue asks for a fair-competition review.
        is_released: whether the release review has passed for exactly what is published.
        names_operators: whether its notice turns to enterprises or their associations.
        uninterpreted: its draft, when no interpretation of it is prepared before it is open.

    """

    articles: int
    has_explanation: bool
    has_background: bool
    opens_on: date | None
    closes_on: date | None
    shortened_reason: str
    channels: frozenset[str]
    has_contact: bool
    published_on: date
    was_open: bool = False
    draft_changed: bool = False
    public_period: tuple[date | None, date | None] | None = None
    affects_operators: bool = False
    names_operators: bool = True
    is_released: bool = False
    uninterpreted: Uninterpreted | None = None


@rule(
    "CON-1",
    Level.BLOCK,
    source="713 art. 15",
    acts=[Act.OPEN_ROUND],
    title=gettext_lazy("Draft, explanation and background are there"),
)
def draft_explanation_and_background_are_there(
    facts: ConsultationFacts, limits: Limits
) -> str | None:
    """The public gets the draft, its explanation and its background together."""
    parts = (
        (facts.articles > 0, _("the draft")),
        (facts.has_explanation, _("the drafting explanation")),
        (facts.has_background, _("the background")),
    )
    missing = [name for present, name in parts if not present]
    if not missing:
        return None
    return _("Add %(parts)s.") % {"parts": pgettext("list", ", ").join(missing)}


@rule(
    "CON-2",
    Level.BLOCK,
    source="713 art. 15",
    acts=[Act.OPEN_ROUND],
    title=gettext_lazy("The period is long enough, or its shortness is explained"),
)
def period_is_long_enough_or_explained(facts: ConsultationFacts, limits: Limits) -> str | None:
    """Thirty days, the first not counted, or a published reason for fewer."""
    if facts.opens_on is None or facts.closes_on is None:
        return None  # CON-4 asks for the dates
    days = (facts.closes_on - max(facts.opens_on, facts.published_on)).days
    if days < 1:
        return _("The closing day must come after the day on which people can first answer.")
    if days >= limits.consultation_days or facts.shortened_reason.strip():
        return None
    return ngettext(
        "The period is %(days)s day, the first not counted. "
        "Make it at least %(least)s days, or state why it is shorter.",
        "The period is %(days)s days, the first not counted. "
        "Make it at least %(least)s days, or state why it is shorter.",
        days,
    ) % {"days": days, "least": limits.consultation_days}


@rule(
    "CON-3",
    Level.WARN,
    source="713 art. 15",
    acts=[Act.OPEN_ROUND],
    title=gettext_lazy("A shortened period leaves time to answer"),
    public_reason=True,
)
def a_shortened_period_leaves_time(facts: ConsultationFacts, limits: Limits) -> str | None:
    """Even an explained period is not shorter than the floor that this office has set itself."""
    if facts.opens_on is None or facts.closes_on is None or not facts.shortened_reason.strip():
        return None  # CON-2 and CON-4 ask for what is missing
    days = (facts.closes_on - max(facts.opens_on, facts.published_on)).days
    if not 1 <= days < limits.consultation_floor:
        return None
    return ngettext(
        "The period is %(days)s day only. Make it at least %(least)s days, "
        "or state why people cannot be given more.",
        "The period is %(days)s days only. Make it at least %(least)s days, "
        "or state why people cannot be given more.",
        days,
    ) % {"days": days, "least": limits.consultation_floor}


@rule(
    "CON-4",
    Level.BLOCK,
    source="713 art. 15",
    acts=[Act.OPEN_ROUND],
    title=gettext_lazy("How to answer, until when and whom to ask"),
)
def people_know_how_until_when_and_whom_to_ask(
    facts: ConsultationFacts, limits: Limits
) -> str | None:
    """Dates, a contact, and ways to answer of which one needs no internet."""
    offline = {Channel(one) for one in facts.channels} & OFFLINE_CHANNELS
    parts = (
        (facts.opens_on is not None and facts.closes_on is not None, _("the period")),
        (facts.has_contact, _("a contact with telephone")),
        (bool(offline), _("a way to answer without the internet")),
    )
    missing = [name for present, name in parts if not present]
    if not missing:
        return None
    return _("Add %(parts)s.") % {"parts": pgettext("list", ", ").join(missing)}


@rule(
    "CON-5",
    Level.BLOCK,
    source="713 art. 15",
    acts=[Act.OPEN_ROUND],
    title=gettext_lazy("The draft stays as people read it"),
)
def the_draft_stays_as_people_read_it(facts: ConsultationFacts, limits: Limits) -> str | None:
    """What opinions speak to does not change below them; another draft is another round."""
    if not (facts.was_open and facts.draft_changed):
        return None
    return _("People already speak to this draft. To put another draft to them, open a new round.")


@rule(
    "CON-6",
    Level.BLOCK,
    source="713 art. 15",
    acts=[Act.OPEN_ROUND],
    title=gettext_lazy("A published period only grows"),
)
def a_published_period_only_grows(facts: ConsultationFacts, limits: Limits) -> str | None:
    """Once open, a round keeps its opening day, and its closing day moves later at most."""
    if not facts.was_open or facts.public_period is None:
        return None
    opens_on, closes_on = facts.public_period
    is_later = (
        facts.closes_on is not None and closes_on is not None and facts.closes_on >= closes_on
    )
    if facts.opens_on == opens_on and is_later:
        return None
    return _("The published period can be extended, but neither moved nor shortened.")


@rule(
    "CON-8",
    Level.WARN,
    source="713 art. 14; 公平竞争审查条例 art. 16; 优化营商环境条例 art. 62",
    acts=[Act.OPEN_ROUND],
    title=gettext_lazy("Enterprises and associations are invited"),
    public_reason=True,
)
def operators_are_invited(facts: ConsultationFacts, limits: Limits) -> str | None:
    """Where a matter touches the activity of enterprises, its notice turns to them."""
    if facts.names_operators or not facts.affects_operators:
        return None
    return _(
        "This matter touches enterprises. Say in the notice, or under “whom it concerns”, which "
        "enterprises or associations are asked, or state how they are heard."
    )
