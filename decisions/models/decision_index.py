"""The list of decisions: what is in force today, on another day, or everything."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel

from decisions.lifecycle import Validity
from decisions.models.as_of import PARAMETER, AskedAsOf, AsOf
from decisions.models.cleanup import CleanupPage
from decisions.models.decision import DecisionPage
from portal.core.pages import BasePage

if TYPE_CHECKING:
    from django.http import HttpRequest

ALL = "all"
DECISIONS_A_PAGE = 100


@dataclass(frozen=True)
class Filter:
    """A link to the decisions of one validity, and how many there are."""

    value: str
    label: str
    count: int
    query: str
    is_current: bool


class DecisionIndexPage(AskedAsOf, BasePage):
    """All published decisions, newest first; at first those in force."""

    introduction = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar[list[Panel]] = [*BasePage.content_panels, FieldPanel("introduction")]
    subpage_types: ClassVar[list[str]] = ["decisions.CleanupPage"]
    max_count = 1

    class Meta:
        verbose_name = _("decisions")

    def is_refused(self, request: "HttpRequest") -> bool:
        """Tell whether the address names no day or no validity that there is."""
        return super().is_refused(request) or not _is_known(request.GET.get("validity", ""))

    def get_context(self, request: "HttpRequest", *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what was published by the day that is asked about.

        Context: `as_of`, a page of `decisions` as chosen (each with `standing`), `filters`,
        `chosen`, `error` (a sentence when the address cannot be answered), and `cleanups`.
        Parameter: `p`, the number of the page.
        """
        context = super().get_context(request, *args, **kwargs)
        as_of = AsOf.read(request, at=timezone.now())
        asked = request.GET.get("validity", "")
        chosen = asked if asked and _is_known(asked) else Validity.IN_FORCE.value
        pages = DecisionPage.objects.live().public().with_acts().without_text()
        decisions = list(pages.filter(published_on__lte=as_of.day).order_by("-published_on", "-pk"))
        for one in decisions:
            one.standing = one.validity(on=as_of.day)
        error = as_of.error
        if not error and not _is_known(asked):
            error = _t("There is no such state of a decision. Choose one of those below.")
        context.update(
            as_of=as_of,
            chosen=chosen,
            error=error,
            filters=_filters(decisions, chosen, as_of),
            decisions=Paginator(
                [one for one in decisions if chosen in {ALL, one.standing}], DECISIONS_A_PAGE
            ).get_page(request.GET.get("p")),
            cleanups=CleanupPage.objects.child_of(self).live().order_by("-published_on", "-pk"),
        )
        return context


def _is_known(validity: str) -> bool:
    return validity in {"", ALL, *Validity.values}


def _filters(decisions: list[Any], chosen: str, as_of: AsOf) -> list[Filter]:
    """Return a link for each validity that occurs or is chosen, in force first, all last."""
    counts = Counter(one.standing for one in decisions)
    kept = {PARAMETER: as_of.day.isoformat()} if as_of.is_asked else {}
    states = [Validity.IN_FORCE, *(one for one in Validity if one is not Validity.IN_FORCE)]
    offered = [
        (one.value, str(one.label), counts[one])
        for one in states
        if counts[one] or one is Validity.IN_FORCE or one == chosen
    ]
    return [
        Filter(value, label, n, f"?{urlencode(kept | {'validity': value})}", value == chosen)
        for value, label, n in [*offered, (ALL, _t("All"), len(decisions))]
    ]
