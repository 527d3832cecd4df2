"""Named questions to the database about decisions and what led to them."""

from collections.abc import Iterable
from typing import Any, Self

from django.db.models import Exists, QuerySet, Subquery
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
        matters = matter_above().order_by()
        # As a condition of its own: the matter of every other decision is not even looked for.
        below = self.filter(Exists(matters.filter(pk__in=list(item_ids))))
        return below.annotate(item_id=Subquery(matters.values("pk")[:1]))

    def with_acts(self) -> Self:
        """Read along all acts from which validity follows, in two statements for any number."""
        return self.select_related("superseded_by").prefetch_related(
            "suspensions", "cleanup_entries"
        )

    def without_text(self) -> Self:
        """Leave out what a list does not show."""
        return self.defer("text", "attachments", "introduction", "superseded_by__text")


class ArchiveDossierQuerySet(QuerySet):
    """Public matters as the archive lists them."""

    def listed(self) -> Self:
        """Leave out what only searching needs: all that was ever said about a matter is long.

        A matter that was taken down is not listed, though its copy waits to follow.
        """
        return self.filter(item__live=True).defer(
            "title_folded", "title_sound", "title_initials", "body_folded"
        )
