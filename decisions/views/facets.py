"""The filters of the archive page: every value that occurs, named, counted and linked."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from decisions.models import UnitKind
from decisions.search.criteria import Criteria
from decisions.search.labels import counted_values
from decisions.search.results import Counts
from decisions.views.links import Link

# Of the kinds of material those that say what sort of matters were found.
_TOLD_KINDS = (UnitKind.DRAFT, UnitKind.OPINION, UnitKind.ANSWER, UnitKind.DECISION)


@dataclass(frozen=True)
class Facet:
    """One group of filters; `is_active` when something in it is chosen."""

    name: str
    label: str
    links: tuple[Link, ...]

    @property
    def is_active(self) -> bool:
        """Tell whether one of its values is chosen."""
        return any(link.is_current for link in self.links)


def facets_of(criteria: Criteria, counts: Counts) -> list[Facet]:
    """Return the filters, chosen values among them even where nothing is left to count."""
    # In the order of the page.
    titles = {
        "year": _("Year"),
        "kind": _("Contains material"),
        "unit": _("Drafting unit"),
        "outcome": _("Answers given"),
        "stage": _("Stage"),
        "topic": _("Topic"),
        "category": _("Category"),
    }
    facets = []
    for name, title in titles.items():
        links = tuple(
            Link(
                label=label,
                url=criteria.toggled(name, value).query_string(),
                is_current=value in criteria.chosen(name),
                count=count,
            )
            for value, label, count in counted_values(name, criteria, counts)
        )
        facets.append(Facet(name, title, links))
    return facets


def held(criteria: Criteria, counts: Counts) -> str:
    """Say how many of the matters found hold which material, once no kind narrows them."""
    counted = counts["kind"]
    if criteria.kind:
        return ""
    # Translators: joins the items of a list; Chinese uses 、.
    return pgettext("list", ", ").join(
        _("%(kind)s %(count)s") % {"kind": kind.label, "count": counted[kind]}
        for kind in _TOLD_KINDS
        if counted.get(kind)
    )
