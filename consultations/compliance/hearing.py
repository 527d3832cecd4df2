"""Rules HEA-*: a hearing is announced, prepared and held as the law asks (713 art. 16, 17)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from consultations.lifecycle import Act
from portal.core.findings import Due, Level, rule
from portal.core.limits import Limits


@dataclass(frozen=True)
class HearingFacts:
    """What the rules read of one hearing that was not cancelled.

    Attributes:
        today: the day on which the rules are asked.
        held_on: its day.
        has_selection_method: whether it says how participants are selected.
        notice_on: the day its notice became public, today if it is about to; None before.
        draft_on: the day the draft and its explanation became public, or None.
        participants_on: the day the list of participants became public, or None.
        materials_on: the day the participants were given the materials, or None.
        participants: how many take part.
        affected: how many of them the decision affects.
        is_concluded: whether its result is recorded.

    """

    today: date
    held_on: date
    has_selection_method: bool = True
    notice_on: date | None = None
    draft_on: date | None = None
    participants_on: date | None = None
    materials_on: date | None = None
    participants: int = 0
    affected: int = 0
    is_concluded: bool = False


class HearingDuty(Protocol):
    """What HEA-1 reads of a matter.

    Attributes:
        hearing_required: whether the catalogue promises a hearing.
        hearing_on: the day of the last hearing whose result is recorded, or None.
        legality_on: the day of the legality review's opinion, or None while there is none.

    """

    @property
    def hearing_required(self) -> bool: ...
    @property
    def hearing_on(self) -> date | None: ...
    @property
    def legality_on(self) -> date | None: ...


@rule(
    "HEA-1",
    Level.BLOCK,
    source="713 art. 16",
    acts=[Act.REVIEW_LEGALITY, Act.DECIDE, Act.PUBLISH_DECISION],
    title=gettext_lazy("The promised hearing was held"),
)
def the_promised_hearing_was_held(facts: HearingDuty, limits: Limits) -> str | None:
    """Where the catalogue promises a hearing, it is held before the legality review."""
    if not facts.hearing_required:
        return None
    if facts.hearing_on is None:
        return _("The catalogue promises a hearing. Hold it and record its result first.")
    if facts.legality_on is not None and facts.hearing_on > facts.legality_on:
        return _("The hearing (%(hearing)s) came after the legality review (%(review)s).") % {
            "hearing": facts.hearing_on.isoformat(),
            "review": facts.legality_on.isoformat(),
        }
    return None


@rule(
    "HEA-2",
    Level.WARN,
    source="713 art. 16",
    acts=[Act.ANNOUNCE_HEARING],
    title=gettext_lazy("Notice and draft are public in good time"),
    public_reason=True,
)
def notice_and_draft_are_public_in_time(facts: HearingFacts, limits: Limits) -> Due | None:
    """Time, place, draft and explanation are public so many days before the hearing."""
    last_day = facts.held_on - timedelta(days=limits.hearing_notice_days)
    parts = (
        (facts.notice_on, _("the notice with time and place")),
        (facts.draft_on, _("the draft with its explanation")),
    )
    late = [name for on, name in parts if on is None or on > last_day]
    if not late:
        return None
    message = _(
        "Publish %(parts)s at least %(days)s days before the hearing, on %(day)s at the latest; "
        "choose a later day for the hearing, or state why that is not possible."
    ) % {
        "parts": pgettext("list", ", ").join(late),
        "days": limits.hearing_notice_days,
        "day": last_day.isoformat(),
    }
    return Due(message, last_day)


@rule(
    "HEA-3",
    Level.BLOCK,
    source="713 art. 16",
    acts=[Act.ANNOUNCE_HEARING, Act.RECORD_HEARING, Act.WATCH_HEARING],
    title=gettext_lazy("Selection method and participants are public before"),
)
def the_public_knows_who_takes_part(facts: HearingFacts, limits: Limits) -> str | Due | None:
    """How participants are selected, and then who they are, is public before the hearing."""
    if not facts.has_selection_method:
        return _("Say how the participants are selected; it is published with the notice.")
    last_day = facts.held_on - timedelta(days=1)
    if (facts.participants_on or facts.today) <= last_day:
        return None
    message = _(
        "The list of participants has to be public before the day of the hearing. "
        "If it was not, hold the hearing on another day."
    )
    return Due(message, last_day)


@rule(
    "HEA-4",
    Level.BLOCK,
    source="713 art. 16",
    acts=[Act.RECORD_MATERIALS, Act.RECORD_HEARING, Act.WATCH_HEARING],
    title=gettext_lazy("Participants have the materials in time"),
)
def participants_have_the_materials_in_time(facts: HearingFacts, limits: Limits) -> Due | None:
    """The materials are in the participants' hands seven days before the hearing."""
    last_day = facts.held_on - timedelta(days=limits.hearing_material_days)
    if (facts.materials_on or facts.today) <= last_day:
        return None
    message = _(
        "The participants need the materials %(days)s days before the hearing, by %(day)s. "
        "If they had them later, hold the hearing on another day."
    ) % {"days": limits.hearing_material_days, "day": last_day.isoformat()}
    return Due(message, last_day)


@rule(
    "HEA-5",
    Level.WARN,
    source="713 art. 16",
    acts=[Act.PUBLISH_PARTICIPANTS],
    title=gettext_lazy("Enough participants, half of them affected"),
    public_reason=True,
)
def enough_of_the_affected_take_part(facts: HearingFacts, limits: Limits) -> str | None:
    """There are enough participants, and the decision affects half of them."""
    sentences = []
    if facts.participants < limits.hearing_participants:
        sentences.append(
            _("There are %(count)s participants; invite at least %(least)s, or state the reason.")
            % {"count": facts.participants, "least": limits.hearing_participants}
        )
    if 2 * facts.affected < facts.participants:
        sentences.append(
            _(
                "The decision affects %(affected)s of %(count)s participants; "
                "invite more of those it affects, or state the reason."
            )
            % {"affected": facts.affected, "count": facts.participants}
        )
    return " ".join(sentences) or None
