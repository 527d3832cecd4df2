"""Many public matters at once, as only the archive sees them: entries of a few catalogues."""

import random
from collections.abc import Iterable
from datetime import date

from consultations.models import CataloguePage, DecisionItemPage
from tests.factories.pages import a_category, a_draft_catalogue
from tests.factories.people import a_unit

WORDS = ("停车", "收费", "绿地", "规划", "养老", "办法")


def many_matters(count: int, *, years: Iterable[int] = (2023, 2024, 2025)) -> list[int]:
    """Add public matters and return their ids; drawn anew they are the same ones.

    Matters of one catalogue have the same day, so that only their numbers put them in an order.
    """
    chance = random.Random(713)
    catalogues = [_a_public_catalogue(year) for year in years]
    return [
        catalogues[place % len(catalogues)]
        .add_child(
            instance=DecisionItemPage(
                title="".join(chance.sample(WORDS, 3)),
                slug=f"many-{place}",
                number=place + 1,
                category=a_category(),
                lead_unit=a_unit(),
                planned_by=date(2026, 12, 31),
                hearing_required=False,
                summary="".join(chance.sample(WORDS, 2)),
                live=True,
            )
        )
        .pk
        for place in range(count)
    ]


def _a_public_catalogue(year: int) -> CataloguePage:
    page = a_draft_catalogue(year, published_on=date(year, 4, 1))
    CataloguePage.objects.filter(pk=page.pk).update(live=True)
    return CataloguePage.objects.get(pk=page.pk)
