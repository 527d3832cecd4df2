"""Named questions to the database about decisions and what led to them."""

from collections.abc import Iterable
from typing import Any, Self

from django.db.models import Exists, Subquery
from wagtail.query import PageQuerySet

from consultations.querysets import matter_above


class EvaluationQuerySet(PageQuerySet):
    """Evaluations of decisions."""

    def in_scope_of(self, user: Any) -> Self:
        """Evaluations of the decisions on matters that somebody works on."""
        return self.filter(Exists(matter_above().in_scope_of(user)))


class DecisionQuerySet(PageQuerySet):
    """Decisions."""

    def in_scope_of(self, user: Any) -> Self:
        """Decisions of the matters that somebody works on."""
        return self.filter(Exists(matter_above().in_scope_of(user)))

    def of_matters(self, item_ids: Iterable[int]) -> Self:
        """Decisions of these matters, each with the `item_id` of its own."""
        matter = matter_above().order_by().values("pk")[:1]
        return self.annotate(item_id=Subquery(matter)).filter(item_id__in=list(item_ids))

    def with_acts(self) -> Self:
        """Read along all acts from which validity follows, in two statements for any number."""
        return self.select_related("superseded_by").prefetch_related(
            "suspensions", "cleanup_entries"
        )

    def without_text(self) -> Self:
        """Leave out what a list does not show."""
        return self.defer("text", "attachments", "introduction", "superseded_by__text")
