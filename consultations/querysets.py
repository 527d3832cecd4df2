"""Named questions to the database; each has a predicate twin in `lifecycle` or on its model."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Left, TruncDate
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet

from consultations.lifecycle import (
    BEFORE_DECISION,
    OFFICIAL_TIME,
    SET_ASIDE,
    SHOWN,
    Channel,
    Intake,
    official_date,
)
from consultations.quarters import PlannedQuarter
from portal.accounts.scope import scope_of

if TYPE_CHECKING:
    from consultations.models import ConsultationPage

# Root, home page, list of catalogues, catalogue, matter (docs/adr/0001).
MATTER_DEPTH = 5
MATTER_PATH = MATTER_DEPTH * Page.steplen

_SEEN = (
    *("opinion_id", "article_id", "stance", "text", "continues", "shown_in_id"),
    *("opinion__author_kind", "opinion__author_name", "opinion__name_consent"),
    *("opinion__channel", "opinion__submit_date"),
    *("opinion__display", "opinion__redacted_content"),
)
_WORDS = (
    *("opinion_id", "article_id", "text", "continues", "shown_in_id"),
    *("opinion__display", "opinion__redacted_content"),
)
_SEEN_OF_ANSWERS = ("issue__number", "issue__title", "issue__outcome", "issue__reason")


def counts(prefix: str = "") -> Q:
    """Return the condition that an opinion counts: confirmed, or nobody could be asked."""
    confirmed, not_asked = f"{prefix}confirmed_at__isnull", f"{prefix}confirm_by__isnull"
    return Q(**{confirmed: False}) | Q(**{not_asked: True})


def matter_above() -> PageQuerySet:
    """Return, for a subquery, the matter in whose dossier the outer page stands."""
    matters = apps.get_model("consultations", "DecisionItemPage").objects
    return matters.filter(path=Left(OuterRef("path"), MATTER_PATH))


def units_of_matter(page: Page) -> frozenset[int] | None:
    """Return the units that draft the matter a page belongs to, None when it belongs to none.

    The twin of `DecisionItemQuerySet.in_scope_of`, asked the other way round.
    """
    matters = apps.get_model("consultations", "DecisionItemPage").objects
    matter = matters.ancestor_of(page, inclusive=True).first()
    if matter is None:
        return None
    drafted_with = matter.co_units.through.objects.filter(decisionitempage=matter.pk)
    return frozenset(drafted_with.values_list("unit", flat=True)) | (
        {matter.lead_unit_id} if matter.lead_unit_id else set()
    )


class ForEverybodyQuerySet(PageQuerySet):
    """Pages by whether everybody may read them."""

    def for_everybody(self) -> Self:
        """Public ones that no restriction at them or above keeps to some readers.

        Says the same as `live().public()` without asking the database for the restrictions first.
        """
        asked = ExpressionWrapper(OuterRef("path"), output_field=models.CharField())
        kept = PageViewRestriction.objects.alias(asked=asked)
        return self.live().exclude(Exists(kept.filter(asked__startswith=F("page__path"))))


class InterpretationQuerySet(PageQuerySet):
    """Interpretations of drafts and of decisions."""

    def in_scope_of(self, user: Any) -> Self:
        """Interpretations in the matters that somebody works on."""
        return self.filter(Exists(matter_above().in_scope_of(user)))

    def public_below(self, page: "Page") -> Self:
        """Public ones of a round, a decision or a whole matter, oldest first."""
        return self.live().descendant_of(page).order_by("published_on", "pk")


class ConsultationQuerySet(ForEverybodyQuerySet):
    """Consultations, public ones by the phase the clock gives them."""

    def in_scope_of(self, user: Any) -> Self:
        """Consultations of the matters that somebody works on."""
        return self.filter(Exists(matter_above().in_scope_of(user)))

    def scheduled(self, *, at: datetime) -> Self:
        """Public but not open yet."""
        return self.live().filter(opens_on__gt=official_date(at))

    def open(self, *, at: datetime) -> Self:
        """Open for opinions now."""
        today = official_date(at)
        return self.live().filter(opens_on__lte=today, closes_on__gte=today)

    def closing_within(self, days: int, *, at: datetime) -> Self:
        """Open, and closing at most so many days after today."""
        return self.open(at=at).filter(closes_on__lte=official_date(at) + timedelta(days=days))

    def closed(self, *, at: datetime) -> Self:
        """Past their closing day."""
        return self.live().filter(opens_on__lte=official_date(at), closes_on__lt=official_date(at))

    def without_texts(self) -> Self:
        """Leave out what a list does not show."""
        return self.defer("notice", "draft", "explanation", "background", "channels")

    def with_opinion_count(self) -> Self:
        """Add `opinion_count`, the opinions of each that count."""
        return self.annotate(
            opinion_count=Count("opinions", filter=counts("opinions__"), distinct=True)
        )

    def with_unit_name(self) -> Self:
        """Add `unit_name`, the short name of the drafting unit of each one's matter."""
        return self.annotate(unit_name=Subquery(matter_above().values("lead_unit__short_name")[:1]))


class FeedbackReportQuerySet(ForEverybodyQuerySet):
    """Adoption summaries."""

    def in_scope_of(self, user: Any) -> Self:
        """Adoption summaries of the matters that somebody works on."""
        return self.filter(Exists(matter_above().in_scope_of(user)))


class DecisionItemQuerySet(PageQuerySet):
    """Matters."""

    def in_scope_of(self, user: Any) -> Self:
        """Matters that somebody works on: those that their units draft alone or with others.

        Every other scope follows from this one; see `portal.accounts.scope`.
        """
        scope = scope_of(user)
        if scope.everywhere:
            return self
        drafted_with = self.model.co_units.through.objects.filter(unit__in=scope.units)
        return self.filter(
            Q(lead_unit__in=scope.units) | Q(pk__in=drafted_with.values("decisionitempage"))
        )

    def with_procedure(self) -> Self:
        """Matters whose procedure is kept here; twin of `not is_past_record`."""
        return self.filter(record_source="")

    def past_planned_time(self, *, at: datetime) -> Self:
        """Public ones whose planned quarter is over, neither decided nor set aside (CAT-5)."""
        this_quarter = PlannedQuarter.of(official_date(at)).first_day
        return self.live().filter(
            stage__in=BEFORE_DECISION - SET_ASIDE, planned_by__lt=this_quarter
        )

    def select_for_update(self, *args: Any, **kwargs: Any) -> Self:
        """Lock the matter alone: PostgreSQL does not lock what an outer join brings along."""
        return super().select_for_update(*args, **kwargs).select_related(None)

    def only(self, *fields: Any) -> Self:
        """Read these fields alone, as the tree does when it deletes; nothing comes along then."""
        return super().only(*fields).select_related(None)

    def with_closing_day(self, rounds: "models.QuerySet[ConsultationPage]") -> Self:
        """Add `opens_on` and `closes_on` of the public one of `rounds` that closes last."""
        below = rounds.filter(live=True, path__startswith=OuterRef("path")).order_by("-closes_on")
        return self.annotate(
            opens_on=Subquery(below.values("opens_on")[:1]),
            closes_on=Subquery(below.values("closes_on")[:1]),
        )


class OfMattersQuerySet(models.QuerySet[Any]):
    """Records that hang on a matter."""

    def in_scope_of(self, user: Any) -> Self:
        """Records of the matters that somebody works on."""
        matters = apps.get_model("consultations", "DecisionItemPage").objects
        return self.filter(item__in=matters.in_scope_of(user).order_by().values("pk"))


class HearingQuerySet(OfMattersQuerySet):
    """Hearings."""

    def announced(self) -> Self:
        """Hearings whose notice is public."""
        return self.filter(notice_on__isnull=False)

    def standing(self) -> Self:
        """Hearings that were held or will be."""
        return self.filter(cancelled_reason="")


def _rounds_in_scope_of(user: Any) -> "models.QuerySet[Any]":
    """Return, for a subquery, the consultations that somebody works on."""
    rounds = apps.get_model("consultations", "ConsultationPage").objects
    return rounds.in_scope_of(user).order_by().values("pk")


class IssueQuerySet(models.QuerySet[Any]):
    """Issues."""

    def in_scope_of(self, user: Any) -> Self:
        """Issues of the consultations that somebody works on."""
        return self.filter(consultation__in=_rounds_in_scope_of(user))

    def spoken_to(self) -> Self:
        """Issues under which a point of an opinion that counts stands; each once per such point."""
        # Without asking for a point, an issue that has none would pass for one whose author nobody
        # could ask: both have no date.
        return self.filter(counts("points__opinion__"), points__isnull=False)

    def standing(self) -> Self:
        """Issues that were not merged into another."""
        return self.filter(merged_into__isnull=True)

    def overdue(self, *, on: date) -> Self:
        """Issues whose due day lies before a day and that have no final answer."""
        return self.standing().filter(outcome="", due_on__lt=on)

    def awaiting_review(self) -> Self:
        """Issues with a draft that nobody has read yet."""
        return self.filter(draft__isnull=False, draft__reviewed_at__isnull=True)

    def awaiting_the_last_word(self) -> Self:
        """Issues with a draft that a second person has read."""
        return self.filter(draft__reviewed_at__isnull=False)


class ReasonTemplateQuerySet(models.QuerySet[Any]):
    """Words for reasons."""

    def in_scope_of(self, user: Any) -> Self:
        """Those of the units of somebody's scope, and those that every unit shares."""
        scope = scope_of(user)
        if scope.everywhere:
            return self
        return self.filter(Q(unit__isnull=True) | Q(unit__in=scope.units))


class OpinionQuerySet(models.QuerySet[Any]):
    """Opinions by intake and display."""

    def in_scope_of(self, user: Any) -> Self:
        """Opinions on the consultations that somebody works on."""
        return self.filter(consultation__in=_rounds_in_scope_of(user))

    def select_for_update(self, *args: Any, **kwargs: Any) -> Self:
        """Lock the opinion alone: the base manager joins a user, which may be absent."""
        return super().select_for_update(*args, **kwargs).select_related(None)

    def that_count(self) -> Self:
        """Opinions that count; twin of `Opinion.counts`."""
        return self.filter(counts())

    def in_intake(self, intake: Intake, *, at: datetime) -> Self:
        """Opinions in one intake state at an instant; twin of `intake_of`."""
        if intake is Intake.CONFIRMED:
            return self.filter(confirmed_at__isnull=False)
        waiting = self.filter(confirmed_at__isnull=True)
        if intake is Intake.UNCONFIRMED:
            return waiting.filter(confirm_by__isnull=True)
        if intake is Intake.SUBMITTED:
            return waiting.filter(confirm_by__gt=at)
        return waiting.filter(confirm_by__lte=at)

    def shown(self) -> Self:
        """Opinions the public sees; only such as count are ever shown."""
        return self.filter(display__in=SHOWN)

    def with_contact_data(self) -> Self:
        """Opinions that hold an e-mail address, or a name its owner does not want shown."""
        emptied = Q(author_email="") & (Q(author_name="") | Q(name_consent=True))
        return self.exclude(emptied)

    def reported_before(self, day: date) -> Self:
        """Opinions on rounds whose adoption summary was published before a day."""
        reports = apps.get_model("consultations", "FeedbackReportPage")
        paths = reports.objects.live().filter(published_on__lt=day).values_list("path", flat=True)
        rounds = [path[: -reports.steplen] for path in paths]
        return self.filter(consultation__path__in=rounds)

    def count_by_channel(self) -> dict[Channel, int]:
        """Return how many came each way, only ways that were used."""
        rows = self.order_by().values_list("channel").annotate(n=Count("pk"))
        return {Channel(channel): n for channel, n in rows}

    def count_by_day(self) -> dict[date, int]:
        """Return how many came on each official day, only days that had any."""
        day = TruncDate("submit_date", tzinfo=OFFICIAL_TIME)
        return dict(self.order_by().values_list(day).annotate(n=Count("pk")))


class OpinionPointQuerySet(models.QuerySet[Any]):
    """Points, the units that are answered."""

    def in_scope_of(self, user: Any) -> Self:
        """Points of opinions on the consultations that somebody works on."""
        return self.filter(opinion__consultation__in=_rounds_in_scope_of(user))

    def that_count(self) -> Self:
        """Points of opinions that count."""
        return self.filter(counts("opinion__"))

    def in_list(
        self, consultation_id: int, article_id: str | None = None, stance: str | None = None
    ) -> Self:
        """Points in the public list of a round, newest opinion first.

        Args:
            consultation_id: the round.
            article_id: only on this article, or with the empty string on the whole draft.
            stance: only with this stance.

        """
        points = self.filter(shown_in=consultation_id).order_by("-opinion_id")
        if article_id is not None:
            points = points.filter(article_id=article_id)
        return points if stance is None else points.filter(stance=stance)

    def of_newest_opinions(self, most: int) -> Self:
        """All points of the first `most` opinions that these, newest first, belong to."""
        opinions = self.values("opinion_id").distinct()[:most]
        found = self.model.objects.filter(opinion__in=opinions)
        return found.order_by("-opinion_id", "place", "pk")

    def as_shown(self, *, answered: bool = False) -> Self:
        """Bring along what the public sees of each opinion, and nothing else of it.

        Args:
            answered: whether that includes the answers.

        """
        points = self.select_related("opinion", *(["issue"] if answered else []))
        return points.only(*_SEEN, *(_SEEN_OF_ANSWERS if answered else []))

    def as_passages(self) -> Self:
        """Bring along the words that the public sees of each opinion, and nobody's name.

        By opinion, as their author wrote them; only points that stand in a public list.
        """
        points = self.filter(shown_in__isnull=False, opinion__display__in=SHOWN)
        words = points.select_related("opinion").only(*_WORDS)
        return words.order_by("opinion_id", "place", "pk")

    def unanswered(self) -> Self:
        """Points without an issue that has an outcome."""
        return self.filter(Q(issue__isnull=True) | Q(issue__outcome=""))
