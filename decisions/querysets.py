"""Named questions to the database about decisions and what led to them."""

from typing import Any, Self

from django.db.models import Exists
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
