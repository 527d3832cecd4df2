"""Catalogues: which there are, and what was changed in each."""

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from consultations.api.answers import (
    AdjustmentAnswer,
    CatalogueAnswer,
    CatalogueList,
    CatalogueWhole,
)
from consultations.api.places import matter_id
from consultations.models import CataloguePage, DecisionItemPage
from portal.core.feeds import page_address
from portal.core.gone import was_public
from portal.core.open_data.asking import Asked, slug
from portal.core.open_data.paging import page_of
from portal.core.open_data.problems import GoneError
from portal.core.open_data.service import operation

router = Router(tags=["catalogues"])


@operation(
    router,
    "/catalogues/",
    name="list_catalogues",
    answer=CatalogueList,
    summary=_("List the yearly catalogues, the latest year first"),
)
def list_catalogues(request: HttpRequest, asked: Query[Asked]) -> CatalogueList:
    pages = CataloguePage.objects.live().public()
    found, following = page_of(request, pages, ("-year", "-pk"), asked=asked, at=timezone.now())
    return CatalogueList(items=[_told(one) for one in found], next=following)


@operation(
    router,
    "/catalogues/{slug:catalogue}/",
    name="get_catalogue",
    answer=CatalogueWhole,
    summary=_("Give one catalogue with its published changes"),
)
def get_catalogue(
    request: HttpRequest, catalogue: str = slug(_("Id of the catalogue."), "2026")
) -> CatalogueWhole:
    page = CataloguePage.objects.live().public().filter(slug=catalogue).first()
    if page is None:
        if was_public(CataloguePage, data__path__endswith=f"/{catalogue}/"):
            raise GoneError
        raise Http404
    matters = DecisionItemPage.objects.live().public().order_by().values("pk")
    adjustments = page.adjustments.filter(item__in=matters).select_related("item")
    return CatalogueWhole(
        **_told(page).model_dump(),
        introduction=page.introduction,
        adjustments=[
            AdjustmentAnswer(
                kind=one.kind,
                kind_label=one.get_kind_display(),
                matter=matter_id(one.item),
                title=one.item.title,
                reason=one.reason,
                approved_on=one.approved_on,
            )
            for one in adjustments
        ],
    )


def _told(page: CataloguePage) -> CatalogueAnswer:
    return CatalogueAnswer(
        id=page.slug,
        title=page.title,
        url=page_address(page),
        year=page.year,
        decision_organ=page.decision_organ,
        published_on=page.published_on,
    )
