"""How a matter and the unit that drafts it are named by those who ask, and found by that name."""

from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Left
from wagtail.models import Page
from wagtail.query import PageQuerySet

from consultations.querysets import MATTER_DEPTH, MATTER_PATH, matter_above
from portal.core.open_data.answers import UnitAnswer

Pages = TypeVar("Pages", bound=PageQuerySet)


def matter_id(page: Page) -> str:
    """Return the id of the matter that a page is or belongs to, read from its address."""
    # The root has no part of its own; the last two are catalogue and matter.
    parts = page.url_path.strip("/").split("/")
    return "/".join(parts[MATTER_DEPTH - 3 : MATTER_DEPTH - 1])


def of_catalogue(matters: Pages, catalogue: str) -> Pages:
    """Return those of `matters` that stand in a catalogue, or a year of past decisions."""
    above = Left(OuterRef("path"), MATTER_PATH - Page.steplen)
    return matters.filter(Exists(Page.objects.filter(slug=catalogue, path=above)))


def of_matter(pages: Pages, matter: str) -> Pages:
    """Return those of `pages` that stand in the dossier of the matter with an id."""
    return pages.filter(Exists(matter_above().filter(url_path__endswith=f"/{matter}/")))


def of_unit(pages: Pages, code: str) -> Pages:
    """Return those of `pages` that stand in the dossier of a matter that a unit drafts."""
    return pages.filter(Exists(matter_above().filter(lead_unit__code=code)))


def with_unit(pages: Pages) -> Pages:
    """Add `unit_code` and `unit_name` of the unit that drafts each one's matter."""
    return pages.annotate(
        unit_code=Subquery(matter_above().values("lead_unit__code")[:1]),
        unit_name=Subquery(matter_above().values("lead_unit__name")[:1]),
    )


def unit_above(page: Any) -> UnitAnswer | None:
    """Return the unit that `with_unit` has read."""
    return UnitAnswer(code=page.unit_code, name=page.unit_name) if page.unit_code else None
