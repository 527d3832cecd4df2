"""How the procedure is told to the public: five steps, and one list of events; pure.

Each app tells its own part of a matter's story through the Wagtail hook `matter_events`, so the
matter page shows decisions without this app knowing them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from consultations.lifecycle import Stage, Step, official_date

# The last step that is over and the one that is running, by stage.
_PROGRESS: dict[Stage, tuple[int, Step | None]] = {
    Stage.CATALOGUED: (Step.CATALOGUE, None),
    Stage.DRAFTING: (Step.CATALOGUE, None),
    Stage.CONSULTING: (Step.CATALOGUE, Step.CONSULTATION),
    Stage.CONSULTATION_CLOSED: (Step.CONSULTATION, Step.FEEDBACK),
    Stage.FEEDBACK_PUBLISHED: (Step.FEEDBACK, Step.DECISION),
    Stage.UNDER_REVIEW: (Step.FEEDBACK, Step.DECISION),
    Stage.DECIDED: (Step.FEEDBACK, Step.DECISION),
    Stage.PUBLISHED: (Step.DECISION, None),
    Stage.DEFERRED: (Step.CATALOGUE, None),
    Stage.WITHDRAWN: (Step.CATALOGUE, None),
}


@dataclass(frozen=True)
class Evaluation:
    """How far the evaluation of a decision 决策后评估 has come, as far as it is public.

    Attributes:
        is_running: whether people are asked, or the report on what they said is due.
        note: until when, or when it ended.
        reported_on: the day of the last report, or None.
        url: the address of that report, or the empty string.

    """

    is_running: bool
    note: str = ""
    reported_on: date | None = None
    url: str = ""


@dataclass(frozen=True)
class StepState:
    """One of the five steps as shown: `state` is done, now or later; `note` says when."""

    step: Step
    state: str
    note: str = ""

    @property
    def numeral(self) -> str:
        """The step's number in Chinese."""
        return "一二三四五"[self.step - 1]


def steps_of(
    stage: str,
    notes: Mapping[Step, str] | None = None,
    *,
    is_running: bool = True,
    evaluation: Evaluation | None = None,
) -> list[StepState]:
    """Return the five steps for a matter at `stage`, or that was set aside when it stood there."""
    done, now = _PROGRESS[Stage(stage)]
    now = now if is_running else None
    notes = dict(notes or {})
    if evaluation is not None:
        done, now = (done, Step.EVALUATION) if evaluation.is_running else (Step.EVALUATION, None)
        notes[Step.EVALUATION] = evaluation.note
    return [
        StepState(
            step,
            "done" if step <= done else "now" if step is now else "later",
            notes.get(step, ""),
        )
        for step in Step
    ]


@dataclass(frozen=True)
class MatterEvent:
    """Something that happened to a matter, or will on a day that is known.

    Attributes:
        step: the step it belongs to.
        on: its day, official time.
        title: what happened, as a short sentence.
        text: what is worth knowing about it.
        links: (label, address) of its documents.

    """

    step: Step
    on: date
    title: str
    text: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class StepStory:
    """A step with the events that belong to it, oldest first."""

    state: StepState
    events: tuple[MatterEvent, ...]


def latest_event(stories: Iterable[StepStory], *, at: datetime) -> MatterEvent | None:
    """Return the last thing that has happened by an instant."""
    today = official_date(at)
    past = [event for story in stories for event in story.events if event.on <= today]
    return max(past, key=lambda event: (event.on, event.step), default=None)


def stories(steps: Iterable[StepState], events: Iterable[MatterEvent]) -> list[StepStory]:
    """Return each step with its events in order of time."""
    ordered = sorted(events, key=lambda event: (event.step, event.on))
    by_step = {step: tuple(group) for step, group in groupby(ordered, lambda event: event.step)}
    return [StepStory(state, by_step.get(state.step, ())) for state in steps]
