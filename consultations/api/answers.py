"""What is told of catalogues, matters, rounds and opinions; the words name each field's meaning."""

from datetime import date

from django.utils.translation import gettext_noop as _
from pydantic import Field

from consultations.lifecycle import AdjustmentKind, Channel, Outcome, Phase, Stage, Stance
from consultations.models.topic import Topic
from portal.core.open_data.answers import Answer, ArticleAnswer, LinkAnswer, UnitAnswer
from portal.core.open_data.paging import Listing


class CatalogueAnswer(Answer):
    """The catalogue of one year."""

    id: str = Field(description=_("Lasting id, as in its address."), examples=["2026"])
    title: str = Field(description=_("Its title."))
    url: str = Field(description=_("Its address on this site."))
    year: int = Field(description=_("The year it is for."))
    decision_organ: str = Field(description=_("The organ that decides."))
    published_on: date | None = Field(description=_("The day it was published."))


class AdjustmentAnswer(Answer):
    """A published change of a catalogue."""

    kind: AdjustmentKind = Field(description=_("What was changed."))
    kind_label: str = Field(description=_("The same in words."))
    matter: str = Field(description=_("Id of the matter."), examples=["2026/07"])
    title: str = Field(description=_("Title of the matter."))
    reason: str = Field(description=_("Why."))
    approved_on: date = Field(description=_("The day it was approved."))


class CatalogueWhole(CatalogueAnswer):
    """A catalogue with what was changed in it; its entries are matters."""

    introduction: str = Field(description=_("What it says before its entries."))
    adjustments: list[AdjustmentAnswer] = Field(description=_("Its published changes."))


class CatalogueList(Listing):
    """Catalogues, the latest year first."""

    items: list[CatalogueAnswer] = Field(description=_("This page of the list."))


class CategoryAnswer(Answer):
    """A category of major decisions (State Council Order 713, article 3)."""

    number: int = Field(description=_("Its number."))
    name: str = Field(description=_("Its name."))


class MatterAnswer(Answer):
    """One matter of a catalogue."""

    id: str = Field(
        description=_("Lasting id: catalogue and number, as in its address."),
        examples=["2026/07"],
    )
    title: str = Field(description=_("Its title."))
    summary: str = Field(description=_("One plain sentence, or empty."))
    url: str = Field(description=_("Its address on this site."))
    catalogue: str = Field(
        description=_("Id of its catalogue, or year of past decisions, like past-2013.")
    )
    number: int = Field(description=_("Its number in the catalogue."))
    category: CategoryAnswer | None = Field(description=_("Its category by law."))
    topic: Topic | None = Field(description=_("Its class of the State Council's library."))
    topic_label: str = Field(description=_("The same in words."))
    unit: UnitAnswer | None = Field(description=_("The unit that drafts it."))
    stage: Stage = Field(description=_("Where it stands now, opening and closing by the clock."))
    stage_label: str = Field(description=_("The same in words."))
    planned_quarter: str = Field(description=_("When the decision is planned, or empty."))
    listed_on: date | None = Field(description=_("The day it came into the catalogue."))


class RoundLink(LinkAnswer):
    """A round of consultation."""

    id: int = Field(description=_("Lasting id of the round."))


class MatterWhole(MatterAnswer):
    """A matter with its particulars and its rounds."""

    co_units: list[UnitAnswer] = Field(description=_("The units that draft it, too."))
    legal_basis: str = Field(description=_("The laws it rests on."))
    hearing_required: bool | None = Field(description=_("Whether it needs a hearing."))
    procedures: list[str] = Field(description=_("The procedures it goes through, in words."))
    consultations: list[RoundLink] = Field(description=_("Its public rounds, first to last."))


class MatterList(Listing):
    """Matters, the last recorded first."""

    items: list[MatterAnswer] = Field(description=_("This page of the list."))


class RoundAnswer(Answer):
    """One round of open consultation."""

    id: int = Field(description=_("Lasting id of the round."))
    title: str = Field(description=_("Its title."))
    summary: str = Field(description=_("One plain sentence, or empty."))
    url: str = Field(description=_("Its address on this site."))
    matter: str = Field(description=_("Id of its matter."), examples=["2026/07"])
    consultation_no: str = Field(description=_("Its number as printed, or empty."))
    round: int = Field(description=_("Which round it is, counted from 1."))
    is_evaluation: bool = Field(
        description=_("Whether it asks about the effects of a decision in place.")
    )
    unit: UnitAnswer | None = Field(description=_("The unit that drafts it."))
    opens_on: date | None = Field(description=_("First day on which opinions are taken."))
    closes_on: date | None = Field(
        description=_("Last day on which opinions are taken, to 24:00 Beijing time.")
    )
    phase: Phase | None = Field(description=_("Where it stands now by the clock."))
    phase_label: str = Field(description=_("The same in words."))
    opinions_shown: int = Field(description=_("How many opinions are public."))


class OutcomeCount(Answer):
    """How many opinions met an outcome."""

    outcome: Outcome = Field(description=_("What became of them."))
    outcome_label: str = Field(description=_("The same in words."))
    opinions: int = Field(description=_("How many opinions."))


class SummaryAnswer(LinkAnswer):
    """The published adoption summary of a round."""

    published_on: date | None = Field(description=_("The day it was published."))
    opinions: int = Field(description=_("How many opinions it counts."))
    outcomes: list[OutcomeCount] = Field(description=_("How many met each outcome."))


class RoundWhole(RoundAnswer):
    """A round with its draft and, after it, its adoption summary."""

    what: str = Field(description=_("In one minute: what is planned."))
    who: str = Field(description=_("In one minute: whom it concerns."))
    ask: str = Field(description=_("In one minute: what people are asked."))
    shortened_reason: str = Field(
        description=_("Why the period is shorter than 30 days, or empty.")
    )
    opinions_received: int = Field(description=_("How many opinions count, shown or not."))
    articles: list[ArticleAnswer] = Field(description=_("The articles of the draft."))
    adoption_summary: SummaryAnswer | None = Field(
        description=_("What became of the opinions, once that is public.")
    )


class RoundList(Listing):
    """Rounds, the newest first."""

    items: list[RoundAnswer] = Field(description=_("This page of the list."))


class PointAnswer(Answer):
    """The part of an opinion that speaks to one article, or to the whole draft."""

    article: str | None = Field(
        description=_("Id of the article it speaks to; null for the whole draft.")
    )
    stance: Stance | None = Field(description=_("What its author holds of it, if told."))
    stance_label: str = Field(description=_("The same in words."))
    text: str | None = Field(
        description=_("Its words; null where the opinion is shown with parts hidden.")
    )


class OpinionAnswer(Answer):
    """An opinion as the public sees it."""

    id: int = Field(description=_("Lasting public id; no receipt number."))
    url: str = Field(description=_("Its address on this site."))
    name: str = Field(description=_("Its author as shown: masked unless they agreed."))
    channel: Channel = Field(description=_("How it came."))
    channel_label: str = Field(description=_("The same in words."))
    received_on: date = Field(description=_("The day it came."))
    is_redacted: bool = Field(description=_("Whether parts of its text are hidden."))
    text: str = Field(description=_("All its words, as shown."))
    points: list[PointAnswer] = Field(description=_("What it speaks to, as its author cut it."))
    issues: list[int] = Field(
        description=_("Numbers of the issues that answer it, once the summary is public.")
    )


class OpinionList(Listing):
    """Published opinions of a round, the newest first."""

    items: list[OpinionAnswer] = Field(description=_("This page of the list."))


class IssueAnswer(Answer):
    """A question that many raised, and the answer to it."""

    number: int = Field(description=_("Its lasting number within the round."))
    title: str = Field(description=_("The question."))
    url: str = Field(description=_("Its address on this site."))
    article: str | None = Field(
        description=_("Id of the article it is about; null for the whole draft.")
    )
    outcome: Outcome = Field(description=_("What became of them."))
    outcome_label: str = Field(description=_("The same in words."))
    reason: str = Field(description=_("Why."))
    change: str = Field(description=_("What changes in the draft, or empty."))
    answered_on: date | None = Field(description=_("The day it was answered."))
    opinions: int = Field(description=_("How many opinions that count raise it."))


class IssueList(Listing):
    """Answered issues of a round, by number; none before its summary is public."""

    items: list[IssueAnswer] = Field(description=_("This page of the list."))
