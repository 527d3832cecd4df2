"""What is told of decisions and of what a search finds; the words name each field's meaning."""

from datetime import date

from django.utils.translation import gettext_noop as _
from pydantic import Field

from consultations.lifecycle import Stage
from consultations.models.topic import Topic
from decisions.lifecycle import Supersession, Validity
from portal.core.open_data.answers import Answer, ArticleAnswer, LinkAnswer
from portal.core.open_data.paging import Listing


class DecisionAnswer(Answer):
    """A published decision."""

    id: int = Field(description=_("Lasting id of the decision."))
    title: str = Field(description=_("Its title."))
    summary: str = Field(description=_("One plain sentence, or empty."))
    url: str = Field(description=_("Its address on this site."))
    matter: str = Field(description=_("Id of its matter."), examples=["2026/07"])
    document_no: str = Field(description=_("Its document number as printed, or empty."))
    index_no: str = Field(description=_("Its index number, or empty."))
    issuer: str = Field(description=_("The organ that issued it."))
    topic: Topic | None = Field(description=_("Its class of the State Council's library."))
    topic_label: str = Field(description=_("The same in words."))
    signed_on: date | None = Field(description=_("The day it was signed."))
    published_on: date | None = Field(description=_("The day it was published."))
    effective_on: date | None = Field(description=_("First day in force."))
    expires_on: date | None = Field(description=_("Last day in force, if it is limited."))
    validity: Validity | None = Field(description=_("Whether it is law on the day in validity_on."))
    validity_label: str = Field(description=_("The same in words."))
    validity_on: date = Field(description=_("The day its validity is told for."))


class LaterDecision(LinkAnswer):
    """The decision that amended or repealed another."""

    id: int = Field(description=_("Lasting id of the decision."))
    did: Supersession = Field(description=_("What it did."))
    did_label: str = Field(description=_("The same in words."))
    effective_on: date | None = Field(description=_("First day in force."))


class DecisionWhole(DecisionAnswer):
    """A decision with its text."""

    introduction: str = Field(description=_("What it says before its articles."))
    articles: list[ArticleAnswer] = Field(description=_("Its articles."))
    superseded_by: LaterDecision | None = Field(
        description=_("The later decision that amends or repeals it.")
    )
    redline_url: str = Field(
        description=_("The page with what was changed in the draft and why, or empty.")
    )
    changes_url: str = Field(description=_("The same changes as JSON, or empty."))


class DecisionList(Listing):
    """Decisions, the newest first."""

    items: list[DecisionAnswer] = Field(description=_("This page of the list."))


class SegmentAnswer(Answer):
    """A piece of a passage."""

    text: str = Field(description=_("Its words."))
    is_match: bool = Field(description=_("Whether they are what was searched for."))


class PassageAnswer(Answer):
    """A passage that matches."""

    kind: str = Field(description=_("What it is part of, in words."))
    label: str = Field(description=_("Its number as printed, or empty."))
    url: str = Field(description=_("Its address on this site."))
    segments: list[SegmentAnswer] = Field(description=_("Its words in pieces."))


class HitAnswer(Answer):
    """A matter that a search finds."""

    matter: str = Field(description=_("Id of the matter."), examples=["2026/07"])
    title: str = Field(description=_("Title of the matter."))
    summary: str = Field(description=_("One plain sentence, or empty."))
    url: str = Field(description=_("Its address on this site."))
    unit: str = Field(description=_("The unit that drafts it."))
    co_units: list[str] = Field(description=_("The units that draft it, too."))
    year: int = Field(
        description=_("The year of its catalogue, or in which a past decision was published.")
    )
    stage: Stage = Field(description=_("Where it stands now, opening and closing by the clock."))
    stage_label: str = Field(description=_("The same in words."))
    latest_on: date = Field(description=_("The day of the latest thing published."))
    document_no: str = Field(description=_("Document number of its decision, or empty."))
    effective_on: date | None = Field(description=_("First day in force of its decision."))
    validity: Validity | None = Field(description=_("Whether its decision is law today."))
    validity_label: str = Field(description=_("The same in words."))
    passages: list[PassageAnswer] = Field(description=_("Up to three passages that match best."))


class FacetValue(Answer):
    """How many matters a filter would leave."""

    value: str = Field(description=_("What to ask for, as a parameter writes it."))
    label: str = Field(description=_("The same in words."))
    count: int = Field(description=_("How many matters."))


class FacetAnswer(Answer):
    """The values of one filter."""

    name: str = Field(description=_("Name of the parameter."))
    values: list[FacetValue] = Field(description=_("Its values, the most frequent first."))


class SearchAnswer(Listing):
    """What a search finds, 20 at a time."""

    total: int = Field(description=_("How many matters there are on all pages."))
    items: list[HitAnswer] = Field(description=_("This page of the list."))
    facets: list[FacetAnswer] = Field(
        description=_("Filters with exact counts; each disregards its own choice.")
    )
