"""The states of a matter, a consultation and an opinion, and how they follow; no ORM.

Stored are acts. What the clock can tell (`phase_of`, `intake_of`) is a function of time.
"""

from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

OFFICIAL_TIME = ZoneInfo("Asia/Shanghai")

CONFIRMATION_HOURS = 48
LONGEST_OPINION = 5000


class Act(Enum):
    """The acts of the procedure that rules are asked about, in its order."""

    PUBLISH_CATALOGUE = "publish_catalogue"
    PUBLISH_ITEM = "publish_item"
    OPEN_ROUND = "open_round"
    ANNOUNCE_HEARING = "announce_hearing"
    PUBLISH_PARTICIPANTS = "publish_participants"
    RECORD_MATERIALS = "record_materials"
    RECORD_HEARING = "record_hearing"
    SHOW_OPINION = "show_opinion"
    PUBLISH_FEEDBACK = "publish_feedback"
    REVIEW_LEGALITY = "review_legality"
    DECIDE = "decide"
    PUBLISH_DECISION = "publish_decision"
    PUBLISH_EVALUATION = "publish_evaluation"
    PUBLISH_INTERPRETATION = "publish_interpretation"
    PUBLISH_CLEANUP = "publish_cleanup"
    # Of a decision made before this portal, whose procedure is not kept here.
    CONFIRM_PAST_IMPORT = "confirm_past_import"
    RECORD_PAST_DECISION = "record_past_decision"
    CORRECT_PAST_DECISION = "correct_past_decision"
    # No act of anybody's: what the passing of time makes due or late, asked every day.
    WATCH_MATTER = "watch_matter"
    WATCH_HEARING = "watch_hearing"
    WATCH_DECISION = "watch_decision"
    WATCH_PAST_DECISION = "watch_past_decision"
    WATCH_SITE = "watch_site"


class Stage(TextChoices):
    """Where a matter stands: domain brief §3."""

    CATALOGUED = "catalogued", _("In the catalogue")
    DRAFTING = "drafting", _("Being drafted")
    CONSULTING = "consulting", _("Open for opinions")
    CONSULTATION_CLOSED = "consultation_closed", _("Opinions being studied")
    FEEDBACK_PUBLISHED = "feedback_published", _("Adoption published")
    UNDER_REVIEW = "under_review", _("Under review")
    DECIDED = "decided", _("Decided")
    PUBLISHED = "published", _("Decision published")
    DEFERRED = "deferred", _("Deferred")
    WITHDRAWN = "withdrawn", _("Removed from the catalogue")


BEFORE_DECISION = frozenset(
    {
        Stage.CATALOGUED,
        Stage.DRAFTING,
        Stage.CONSULTING,
        Stage.CONSULTATION_CLOSED,
        Stage.FEEDBACK_PUBLISHED,
        Stage.UNDER_REVIEW,
        Stage.DEFERRED,
    }
)

SET_ASIDE = frozenset({Stage.DEFERRED, Stage.WITHDRAWN})

_DEFERRABLE = frozenset(
    {Stage.CATALOGUED, Stage.DRAFTING, Stage.CONSULTATION_CLOSED, Stage.FEEDBACK_PUBLISHED}
)

_FORWARD: dict[Stage, frozenset[Stage]] = {
    Stage.CATALOGUED: frozenset({Stage.DRAFTING, Stage.CONSULTING, Stage.UNDER_REVIEW}),
    Stage.DRAFTING: frozenset({Stage.CONSULTING, Stage.UNDER_REVIEW}),
    Stage.CONSULTING: frozenset({Stage.CONSULTATION_CLOSED}),
    # Straight under review only where the adoption summary may come with the decision (FEE-2).
    Stage.CONSULTATION_CLOSED: frozenset(
        {Stage.FEEDBACK_PUBLISHED, Stage.CONSULTING, Stage.UNDER_REVIEW}
    ),
    Stage.FEEDBACK_PUBLISHED: frozenset({Stage.UNDER_REVIEW, Stage.CONSULTING}),
    Stage.UNDER_REVIEW: frozenset({Stage.DECIDED, Stage.CONSULTING}),
    Stage.DECIDED: frozenset({Stage.PUBLISHED}),
    Stage.PUBLISHED: frozenset(),
    Stage.DEFERRED: frozenset({Stage.DRAFTING}),
    Stage.WITHDRAWN: frozenset(),
}

TRANSITIONS: dict[Stage, frozenset[Stage]] = {
    stage: following
    | ({Stage.DEFERRED} if stage in _DEFERRABLE else frozenset())
    | ({Stage.WITHDRAWN} if stage in BEFORE_DECISION else frozenset())
    for stage, following in _FORWARD.items()
}


def may_follow(stage: Stage, to: Stage) -> bool:
    """Tell whether a matter may move from `stage` to `to`."""
    return to in TRANSITIONS[stage]


class Step(IntegerChoices):
    """The five steps the public sees on every matter."""

    CATALOGUE = 1, _("Catalogue")
    CONSULTATION = 2, _("Consultation")
    FEEDBACK = 3, _("Adoption")
    DECISION = 4, _("Decision")
    EVALUATION = 5, _("Evaluation")


class AdjustmentKind(TextChoices):
    """How a published catalogue may change."""

    ADD = "add", _("Added")
    CHANGE = "change", _("Changed")
    DEFER = "defer", _("Deferred")
    REMOVE = "remove", _("Removed")
    RESUME = "resume", _("Resumed")


class Phase(TextChoices):
    """Where a published consultation stands by the clock; never stored."""

    SCHEDULED = "scheduled", _("Not open yet")
    OPEN = "open", _("Open for opinions")
    CLOSED = "closed", _("Closed")


def opening_instant(opens_on: date) -> datetime:
    """Return the first moment of the opening day, official time."""
    return datetime.combine(opens_on, time.min, tzinfo=OFFICIAL_TIME)


def closing_instant(closes_on: date) -> datetime:
    """Return the moment after the closing day's last, 24:00 official time."""
    return datetime.combine(closes_on + timedelta(days=1), time.min, tzinfo=OFFICIAL_TIME)


def phase_of(opens_on: date, closes_on: date, *, at: datetime) -> Phase:
    """Return the phase of a published consultation at an instant."""
    if at < opening_instant(opens_on):
        return Phase.SCHEDULED
    return Phase.OPEN if at < closing_instant(closes_on) else Phase.CLOSED


def standing(
    stage: Stage, closes_on: date | None, *, at: datetime, opens_on: date | None = None
) -> Stage:
    """Return the stage as the clock has it: a round opens and closes by itself.

    Args:
        stage: the stored stage.
        closes_on: last closing day of the matter's public rounds.
        at: the instant.
        opens_on: opening day of the round that closes last, where it may lie ahead.

    """
    if stage is not Stage.CONSULTING:
        return stage
    if closes_on is not None and at >= closing_instant(closes_on):
        return Stage.CONSULTATION_CLOSED
    if opens_on is not None and at < opening_instant(opens_on):
        return Stage.DRAFTING
    return stage


def official_date(at: datetime) -> date:
    """Return the calendar day of an instant in official time."""
    return at.astimezone(OFFICIAL_TIME).date()


class InterpretationKind(TextChoices):
    """How an interpretation 政策解读 of a draft or a decision explains it."""

    TEXT = "text", pgettext_lazy("interpretation", "In words")
    GRAPHIC = "graphic", pgettext_lazy("interpretation", "In pictures")
    QUESTIONS = "questions", pgettext_lazy("interpretation", "Questions and answers")
    VIDEO = "video", pgettext_lazy("interpretation", "Video")
    EXPERT = "expert", pgettext_lazy("interpretation", "By an expert")


class HearingState(TextChoices):
    """Where a hearing stands; follows from its acts, never stored."""

    PLANNED = "planned", _("Planned, not announced")
    ANNOUNCED = "announced", _("Announced")
    HELD = "held", _("Held, result published")
    CANCELLED = "cancelled", _("Will not be held")


def hearing_state_of(
    notice_on: date | None, concluded_at: datetime | None, cancelled_reason: str
) -> HearingState:
    """Return the state of a hearing by its acts."""
    if cancelled_reason:
        return HearingState.CANCELLED
    if concluded_at is not None:
        return HearingState.HELD
    return HearingState.ANNOUNCED if notice_on is not None else HearingState.PLANNED


class Channel(TextChoices):
    """The way an opinion reached us."""

    ONLINE = "online", pgettext_lazy("channel", "Website")
    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    POST = "post", pgettext_lazy("channel", "Letter")
    PHONE = "phone", pgettext_lazy("channel", "Telephone")
    FAX = "fax", pgettext_lazy("channel", "Fax")
    MEETING = "meeting", pgettext_lazy("channel", "Symposium")
    HEARING = "hearing", pgettext_lazy("channel", "Hearing")
    ONSITE = "onsite", pgettext_lazy("channel", "In person")


OFFLINE_CHANNELS = frozenset(set(Channel) - {Channel.ONLINE, Channel.EMAIL})


class Stance(TextChoices):
    """What an author holds of the article, or of the draft, that a point speaks to."""

    SUPPORT = "support", pgettext_lazy("stance", "For it")
    AMEND = "amend", pgettext_lazy("stance", "For it, if changed")
    OPPOSE = "oppose", pgettext_lazy("stance", "Against it")
    OTHER = "other", pgettext_lazy("stance", "Something else")


class AuthorKind(TextChoices):
    """For whom an author speaks."""

    INDIVIDUAL = "individual", _("Myself")
    ENTERPRISE = "enterprise", _("An enterprise")
    ORGANISATION = "organisation", _("A social organisation")
    DELEGATE = "delegate", _("A deputy or a CPPCC member")


class Region(TextChoices):
    """Where an author stands to the place that the decision is for; no address is asked."""

    RESIDENT = "resident", _("I live here")
    WORKING = "working", _("I work or study here")
    ELSEWHERE = "elsewhere", _("I live elsewhere")


class Intake(TextChoices):
    """Whether an opinion counts; follows from its acts and the clock, never stored."""

    SUBMITTED = "submitted", _("Waiting for confirmation")
    CONFIRMED = "confirmed", _("Confirmed by its author")
    UNCONFIRMED = "unconfirmed", _("Counts; nobody could confirm it")
    EXPIRED = "expired", _("Not confirmed in time")


THAT_COUNT = frozenset({Intake.CONFIRMED, Intake.UNCONFIRMED})


def intake_of(
    confirmed_at: datetime | None, confirm_by: datetime | None, *, at: datetime
) -> Intake:
    """Return the intake state of an opinion at an instant.

    Args:
        confirmed_at: when its author, or a clerk who saw the paper, confirmed it.
        confirm_by: until when that was asked; None when no address was given to ask at.
        at: the instant.

    """
    if confirmed_at is not None:
        return Intake.CONFIRMED
    if confirm_by is None:
        return Intake.UNCONFIRMED
    return Intake.SUBMITTED if at < confirm_by else Intake.EXPIRED


class Display(TextChoices):
    """Whether the public sees an opinion; independent of its being counted and answered."""

    PENDING = "pending", _("Waiting for a moderator")
    PUBLISHED = "published", _("Shown")
    PUBLISHED_REDACTED = "published_redacted", _("Shown with parts removed")
    WITHHELD = "withheld", _("Not shown")
    AUTHOR_PRIVATE = "author_private", _("Not shown at the author's wish")


SHOWN = frozenset({Display.PUBLISHED, Display.PUBLISHED_REDACTED})


class WithheldReason(TextChoices):
    """Why an opinion is not shown."""

    PERSONAL_INFO = "personal_info", _("It contains personal information")
    UNLAWFUL = "unlawful", _("Its content is unlawful")
    ABUSE = "abuse", _("It is abusive")
    ADVERTISING = "advertising", _("It is advertising")
    SPAM_DUPLICATE = "spam_duplicate", _("It repeats another opinion word for word")
    SECRET_SENSITIVE = "secret_sensitive", _("It touches state secrets or public safety")
    OFF_TOPIC = "off_topic", _("It is not about this matter")
    AUTHOR_REQUEST = "author_request", _("The author asked for it")
    MINOR = "minor", _("The author is a minor")


class RedactionReason(TextChoices):
    """Why a passage of an opinion is not shown."""

    PERSONAL_INFO = "personal_info", _("Personal information")
    THIRD_PARTY = "third_party", _("The privacy of somebody else")
    TRADE_SECRET = "trade_secret", _("A trade secret")
    SECRET_SENSITIVE = "secret_sensitive", _("State secrets or public safety")
    ABUSE = "abuse", _("Abuse")
    UNLAWFUL = "unlawful", _("Unlawful content")
    ADVERTISING = "advertising", _("Advertising")


class AnswerState(TextChoices):
    """How far the answer to an issue has come; follows from its acts, never stored."""

    OPEN = "open", _("Not answered yet")
    DRAFT = "draft", _("Drafted")
    REVIEWED = "reviewed", _("Reviewed")
    FINAL = "final", _("Final")


# An answer is drafted, read by a second person, then made final; a changed draft is read again.
ANSWER_TRANSITIONS: dict[AnswerState, frozenset[AnswerState]] = {
    AnswerState.OPEN: frozenset({AnswerState.DRAFT}),
    AnswerState.DRAFT: frozenset({AnswerState.DRAFT, AnswerState.REVIEWED}),
    AnswerState.REVIEWED: frozenset({AnswerState.DRAFT, AnswerState.FINAL}),
    AnswerState.FINAL: frozenset({AnswerState.DRAFT}),
}


class Outcome(TextChoices):
    """What became of an issue and of every opinion grouped under it."""

    ADOPTED = "adopted", _("Adopted")
    PARTLY_ADOPTED = "partly_adopted", _("Partly adopted")
    NOT_ADOPTED = "not_adopted", _("Not adopted")
    NOTED = "noted", _("Noted for reference")
    OUT_OF_SCOPE = "out_of_scope", _("Outside this consultation")


ADOPTED = frozenset({Outcome.ADOPTED, Outcome.PARTLY_ADOPTED})
REASON_REQUIRED = frozenset({Outcome.PARTLY_ADOPTED, Outcome.NOT_ADOPTED, Outcome.OUT_OF_SCOPE})
