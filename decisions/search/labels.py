"""The values of the filters in words, for people and for programs."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import pgettext

from consultations.lifecycle import Outcome, Stage
from consultations.models import DecisionCategory
from consultations.models.topic import Topic
from decisions.models import UnitKind
from decisions.search.criteria import Criteria
from decisions.search.results import Counts
from portal.accounts.models import Unit

_CHOICES: dict[str, type[TextChoices]] = {
    "stage": Stage,
    "topic": Topic,
    "kind": UnitKind,
    "outcome": Outcome,
}


class Counted(NamedTuple):
    """A value of a filter, in words, and how many matters it would leave."""

    value: Any
    label: str
    matters: int


def counted_values(facet: str, criteria: Criteria, counts: Counts) -> list[Counted]:
    """Return the values of a filter, chosen ones among them even where nothing is left to count.

    Years come latest first, units busiest first, all others in their own order.
    """
    counted = dict.fromkeys(criteria.chosen(facet), 0) | dict(counts[facet])
    return [Counted(one, label, counted[one]) for one, label in _labels(facet, counted).items()]


def _labels(facet: str, counted: Mapping[Any, int]) -> dict[Any, str]:
    match facet:
        case "year":
            # Translators: a year as a filter; Chinese adds 年.
            words = pgettext("archive", "%(year)s")
            return {year: words % {"year": year} for year in sorted(counted, reverse=True)}
        case "unit":
            names = dict(Unit.objects.filter(code__in=counted).values_list("code", "name"))
            busiest = sorted(counted, key=lambda code: (-counted[code], code))
            return {code: names.get(code, code) for code in busiest}
        case "category":
            categories = DecisionCategory.objects.filter(number__in=counted)
            named = dict(categories.values_list("number", "name"))
            return {number: named.get(number, str(number)) for number in sorted(counted)}
    return {one.value: str(one.label) for one in _CHOICES[facet] if one in counted}
