"""Named questions to the database; each has a predicate twin in `lifecycle` or on its model."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import Length, RowNumber, Substr, TruncDate
from wagtail.query import PageQuerySet

from consultations.lifecycle import OFFICIAL_TIME, SHOWN, Channel, Intake, official_date

if TYPE_CHECKING:
    from consultations.models import ConsultationPage


def matters_above(levels: int) -> "PageQuerySet":
    """Return, for a subquery, the matter that stands so many levels above the outer page."""
    matters = apps.get_model("consultations", "DecisionItemPage").objects
    path = OuterRef("path")
    return matters.filter(path=Substr(path, 1, Length(path) - levels * matters.model.steplen))


class ConsultationQuerySet(PageQuerySet):
    """Consultations, public ones by the phase the clock gives them."""

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

    def with_opinion_count(self) -> Self:
        """Add `opinion_count`, the confirmed opinions of each."""
        return self.annotate(
            opinion_count=Count(
                "opinions", filter=Q(opinions__confirmed_at__isnull=False), distinct=True
            )
        )

    def with_unit_name(self) -> Self:
        """Add `unit_name`, the short name of the drafting unit of each one's matter."""
        return self.annotate(
            unit_name=Subquery(matters_above(1).values("lead_unit__short_name")[:1])
        )


class DecisionItemQuerySet(PageQuerySet):
    """Matters."""

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


class OpinionQuerySet(models.QuerySet[Any]):
    """Opinions by intake and display."""

    def select_for_update(self, *args: Any, **kwargs: Any) -> Self:
        """Lock the opinion alone: the base manager joins a user, which may be absent."""
        return super().select_for_update(*args, **kwargs).select_related(None)

    def confirmed(self) -> Self:
        """Opinions that count."""
        return self.filter(confirmed_at__isnull=False)

    def in_intake(self, intake: Intake, *, at: datetime) -> Self:
        """Opinions in one intake state at an instant; twin of `intake_of`."""
        if intake is Intake.CONFIRMED:
            return self.confirmed()
        waiting = self.filter(confirmed_at__isnull=True)
        if intake is Intake.SUBMITTED:
            return waiting.filter(confirm_by__gt=at)
        return waiting.filter(confirm_by__lte=at)

    def shown(self) -> Self:
        """Opinions the public sees."""
        return self.confirmed().filter(display__in=SHOWN)

    def newest_first(self) -> Self:
        """Order for lists; the id breaks ties so that paging is stable."""
        return self.order_by("-id")

    def totals(self) -> dict[str, int]:
        """Return how many are `confirmed` and how many of them are `shown`."""
        counted: dict[str, int] = self.confirmed().aggregate(
            confirmed=Count("pk"), shown=Count("pk", filter=Q(display__in=SHOWN))
        )
        return counted

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

    def that_count(self) -> Self:
        """Points of confirmed opinions."""
        return self.filter(opinion__confirmed_at__isnull=False)

    def shown(self) -> Self:
        """Points of opinions the public sees."""
        return self.that_count().filter(opinion__display__in=SHOWN)

    def unanswered(self) -> Self:
        """Points without an issue that has an outcome."""
        return self.filter(Q(issue__isnull=True) | Q(issue__outcome=""))

    def newest_of_each_article(self, most: int) -> Self:
        """At most `most` newest points of each article, with `of_article`, how many it has."""
        article = [F("article_id")]
        place = Window(RowNumber(), partition_by=article, order_by=F("opinion_id").desc())
        return (
            self.annotate(place=place, of_article=Window(Count("pk"), partition_by=article))
            .filter(place__lte=most)
            .order_by("-opinion_id")
        )
