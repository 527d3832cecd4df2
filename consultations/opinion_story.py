"""What happened to one opinion and what is still to come: one list in order of time; pure.

Facts in, events out. The same list stands on the receipt, its paper, and the two status pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.compliance.opinion import outcome_of_opinion
from consultations.lifecycle import (
    SET_ASIDE,
    SHOWN,
    THAT_COUNT,
    Channel,
    Display,
    Intake,
    Outcome,
    Stage,
    WithheldReason,
    closing_instant,
    intake_of,
    official_date,
)
from portal.core.dates import day_in_words, deadline_in_words, minute_in_words

DONE, NOW, LATER = "done", "now", "later"

Link = tuple[str, str]


@dataclass(frozen=True)
class Moderation:
    """The last thing that staff decided about showing an opinion.

    Attributes:
        display: what they decided.
        at: when; None where no record of it is left.
        reason: why it is not shown, one of `WithheldReason`.

    """

    display: str
    at: datetime | None
    reason: str = ""


@dataclass(frozen=True)
class Answer:
    """An issue that an opinion is grouped under, with the public answer to it.

    Attributes:
        number: of the issue in its round.
        question: the issue.
        outcome: what became of it.
        answered_at: when the office decided so.
        reason: may be empty.
        change: what changes in the draft, in words; may be empty.
        spoke_to: (label, address) of the articles that the opinion spoke to.
        changed: (label, address) of the article that it changed, where it changed one.
        place: its address in the adoption summary.

    """

    number: int
    question: str
    outcome: Outcome
    answered_at: datetime | None
    reason: str = ""
    change: str = ""
    spoke_to: tuple[Link, ...] = ()
    changed: Link | None = None
    place: str = ""


@dataclass(frozen=True)
class OpinionFacts:
    """What the story of one opinion is made from.

    Attributes:
        channel: the way it came.
        received_at: when it reached us.
        confirmed_at: when its author confirmed it, or a clerk entered it.
        confirm_by: until when that was asked; None when there was nobody to ask.
        is_private: whether its author never wished it to be shown.
        moderation: what staff decided about showing it.
        shown_as: the name it is shown under; empty for readers who may not learn it.
        shown_at: the address where it is shown, or of the list that it stands in.
        withdrawn_at: when its author took it back from the public.
        erased_at: when its text and its author's data were erased.
        closes_on: last day of the round.
        moderation_workdays: working days within which it is read.
        feedback_due_on: day by which the adoption summary is promised.
        summary: (day, address) of the public adoption summary.
        answers: the public answers; none before the summary is public.
        stage: where its matter stands.
        stage_since: day on which the matter came there; None while that was not recorded.
        stage_reason: why, where the matter was set aside.
        matter: address of the matter.
        is_about_effects: whether the round asked about the effects of a decision.
        evaluated: (day, address) of the public evaluation report that followed.

    """

    channel: str
    received_at: datetime
    confirmed_at: datetime | None
    confirm_by: datetime | None
    closes_on: date | None
    feedback_due_on: date | None
    moderation_workdays: int
    stage: Stage
    matter: str
    is_private: bool = False
    moderation: Moderation | None = None
    shown_as: str = ""
    shown_at: str = ""
    withdrawn_at: datetime | None = None
    erased_at: datetime | None = None
    summary: tuple[date | None, str] | None = None
    answers: tuple[Answer, ...] = ()
    stage_since: date | None = None
    stage_reason: str = ""
    is_about_effects: bool = False
    evaluated: tuple[date, str] | None = None

    def intake(self, *, at: datetime) -> Intake:
        """Return whether it counts at an instant."""
        return intake_of(self.confirmed_at, self.confirm_by, at=at)

    def is_closed(self, *, at: datetime) -> bool:
        """Tell whether the round is over."""
        return self.closes_on is not None and at >= closing_instant(self.closes_on)


@dataclass(frozen=True)
class OpinionEvent:
    """One line of the story.

    Attributes:
        title: what happened or will, as a short sentence.
        state: done, now or later.
        when: the time in words; empty where it is not known.
        on: the day for machines; None where `when` is no day.
        text: what is worth knowing about it.
        links: (label, address).

    """

    title: str
    state: str = DONE
    when: str = ""
    on: date | None = None
    text: str = ""
    links: tuple[Link, ...] = ()


# An event with the instant it is put in order by.
_Dated = tuple[datetime, OpinionEvent]


def story(facts: OpinionFacts, *, at: datetime) -> list[OpinionEvent]:
    """Return what has happened by an instant, oldest first, then what is still to come."""
    past = sorted(_past(facts, at=at), key=lambda dated: dated[0])
    coming = [replace(event, state=LATER) for event in _coming(facts, at=at)]
    if coming:
        coming[0] = replace(coming[0], state=NOW)
    return [event for _instant, event in past] + coming


def headline(facts: OpinionFacts, *, at: datetime) -> str:
    """Return in one sentence where an opinion stands."""
    intake = facts.intake(at=at)
    if intake is Intake.SUBMITTED:
        return _("Your opinion waits for your confirmation")
    if intake is Intake.EXPIRED:
        return _("Your opinion was not confirmed in time")
    if facts.summary is None:
        return _("Your opinion has been received and counts")
    outcome = outcome_of_opinion([str(answer.outcome) for answer in facts.answers])
    return _headline_of(outcome)


def _headline_of(outcome: Outcome | None) -> str:
    if outcome is None:
        return _("Your opinion has been answered")
    return {
        Outcome.ADOPTED: _("Your opinion was adopted"),
        Outcome.PARTLY_ADOPTED: _("Your opinion was partly adopted"),
        Outcome.NOT_ADOPTED: _("Your opinion was not adopted"),
        Outcome.NOTED: _("Your opinion was noted for reference"),
        Outcome.OUT_OF_SCOPE: _("Your opinion is outside this consultation"),
    }[outcome]


def _past(facts: OpinionFacts, *, at: datetime) -> Iterator[_Dated]:
    """Yield what has happened; of two at one instant the earlier step comes first."""
    intake = facts.intake(at=at)
    yield facts.received_at, _received(facts, at=at)
    if intake is Intake.EXPIRED and facts.confirm_by is not None:
        title = _("Not confirmed in time; it does not count")
        yield facts.confirm_by, _on(title, facts.confirm_by, at=at)
    if intake in THAT_COUNT:
        yield from _counted(facts, at=at)
    yield from _acts_of_author(facts, at=at)
    if intake is not Intake.EXPIRED:
        yield from _procedure(facts, at=at)


def _received(facts: OpinionFacts, *, at: datetime) -> OpinionEvent:
    title = _("Received: %(channel)s") % {"channel": Channel(facts.channel).label}
    online = facts.channel == Channel.ONLINE
    text = "" if online else _("Our staff entered it; it counts.")
    return _on(title, facts.received_at, at=at, text=text)


def _counted(facts: OpinionFacts, *, at: datetime) -> Iterator[_Dated]:
    """Yield why it counts, and whether it is shown."""
    since = facts.confirmed_at or facts.received_at
    if facts.confirmed_at is None:
        yield (
            since,
            OpinionEvent(
                _("It counts; no e-mail address was given"),
                text=_("There is nothing to confirm. Our staff see that it is unconfirmed."),
            ),
        )
    elif facts.channel == Channel.ONLINE:
        yield since, _on(_("Confirmed; it counts"), since, at=at)
    if facts.moderation is not None:
        yield facts.moderation.at or since, _moderated(facts, facts.moderation, at=at)
    elif facts.is_private:
        yield since, OpinionEvent(_("Counted, not shown"))


def _moderated(facts: OpinionFacts, moderation: Moderation, *, at: datetime) -> OpinionEvent:
    if moderation.display not in SHOWN:
        reason = WithheldReason(moderation.reason).label
        return _on(
            str(Display.WITHHELD.label),
            moderation.at,
            at=at,
            text=_("Reason: %(reason)s. It is counted and answered all the same.")
            % {"reason": reason},
        )
    title = str(Display(moderation.display).label)
    if facts.shown_as:
        title = _("%(shown)s, as “%(name)s”") % {"shown": title, "name": facts.shown_as}
    links = ((_("See the opinions shown"), facts.shown_at),) if facts.shown_at else ()
    return _on(title, moderation.at, at=at, links=links)


def _acts_of_author(facts: OpinionFacts, *, at: datetime) -> Iterator[_Dated]:
    if facts.withdrawn_at is not None:
        title = _("Its author took it back from the public; it still counts")
        yield facts.withdrawn_at, _on(title, facts.withdrawn_at, at=at)
    if facts.erased_at is not None:
        title = _("Text, name and e-mail address were erased at the author's wish")
        yield facts.erased_at, _on(title, facts.erased_at, at=at)


def _procedure(facts: OpinionFacts, *, at: datetime) -> Iterator[_Dated]:
    """Yield what happened to the round and the matter."""
    if facts.closes_on is not None and facts.is_closed(at=at):
        closed = _on(_("The consultation closed"), facts.closes_on, at=at)
        yield closing_instant(facts.closes_on), closed
    if facts.summary is not None:
        yield from _answered(facts, facts.summary, at=at)
    if facts.is_about_effects:
        if facts.evaluated is not None:
            day, address = facts.evaluated
            title = _("The evaluation report was published")
            links = ((_("Evaluation report"), address),)
            yield closing_instant(day), _on(title, day, at=at, links=links)
        return
    if facts.stage is Stage.PUBLISHED or facts.stage in SET_ASIDE:
        since = facts.stage_since or official_date(at)
        title = (
            _("The decision was published")
            if facts.stage is Stage.PUBLISHED
            else _("The matter was set aside: %(stage)s") % {"stage": facts.stage.label}
        )
        event = _on(
            title,
            facts.stage_since,
            at=at,
            text=facts.stage_reason,
            links=((_("The whole dossier"), facts.matter),),
        )
        yield closing_instant(since), event


def _answered(
    facts: OpinionFacts, summary: tuple[date | None, str], *, at: datetime
) -> Iterator[_Dated]:
    """Yield for each issue how it was grouped and answered, and the adoption summary."""
    published_on, address = summary
    public_at = closing_instant(published_on) if published_on else at
    for answer in facts.answers:
        # The summary is the last to come, whatever was corrected on its day.
        answered_at = min(answer.answered_at or public_at, public_at)
        grouped = _("Grouped under the question “%(question)s”") % {"question": answer.question}
        yield answered_at, OpinionEvent(grouped)
        yield (
            answered_at,
            _on(
                _("Answered: %(outcome)s") % {"outcome": answer.outcome.label},
                answer.answered_at,
                at=at,
                text=_("What changes in the draft: %(change)s") % {"change": answer.change}
                if answer.change
                else "",
                links=(answer.changed,) if answer.changed else (),
            ),
        )
    title = _("The adoption summary was published")
    links = ((_("Adoption summary"), address),)
    yield public_at, _on(title, published_on, at=at, links=links)


def _coming(facts: OpinionFacts, *, at: datetime) -> Iterator[OpinionEvent]:
    """Yield what is still to come, in the order of the procedure."""
    intake = facts.intake(at=at)
    if intake is Intake.EXPIRED:
        return
    if intake is Intake.SUBMITTED:
        end = minute_in_words(facts.confirm_by)
        yield OpinionEvent(
            _("You confirm by the link in our mail"), when=_("before %(end)s") % {"end": end}
        )
    yield from _coming_display(facts, at=at)
    if not facts.is_closed(at=at):
        deadline = deadline_in_words(facts.closes_on, at)
        yield OpinionEvent(_("The consultation closes"), when=deadline, on=facts.closes_on)
    if facts.stage in SET_ASIDE:
        return
    if facts.summary is None:
        yield OpinionEvent(
            _("What became of it is published"),
            when=_("by %(day)s") % {"day": day_in_words(facts.feedback_due_on, at)},
            on=facts.feedback_due_on,
            text=_(
                "Your opinion is grouped with like ones as an issue; each issue gets an outcome "
                "and a reason."
            ),
        )
    if facts.is_about_effects and facts.evaluated is None:
        yield OpinionEvent(_("The evaluation report is published"), when=_("after that"))
    if facts.stage is not Stage.PUBLISHED:
        yield OpinionEvent(_("The decision is published"), when=_("after that"))


def _coming_display(facts: OpinionFacts, *, at: datetime) -> Iterator[OpinionEvent]:
    """Yield whether it will be shown, while that is open."""
    if facts.moderation or facts.withdrawn_at or facts.erased_at:
        return
    if facts.is_private:
        if facts.intake(at=at) is Intake.SUBMITTED:
            yield OpinionEvent(_("Counted, not shown"))
        return
    days = facts.moderation_workdays
    if facts.confirm_by is None:
        within = ngettext("within %(n)s working day", "within %(n)s working days", days)
    else:
        within = ngettext(
            "within %(n)s working day after that", "within %(n)s working days after that", days
        )
    yield OpinionEvent(
        _("Checked, then shown"),
        when=within % {"n": days},
        text=_("Staff read it, remove personal information, and show it on the page of the draft."),
    )


def _on(
    title: str,
    day: date | datetime | None,
    *,
    at: datetime,
    text: str = "",
    links: tuple[Link, ...] = (),
) -> OpinionEvent:
    """Return an event of a day, told beside the present year."""
    on = official_date(day) if isinstance(day, datetime) else day
    return OpinionEvent(title, when=day_in_words(day, at), on=on, text=text, links=links)
