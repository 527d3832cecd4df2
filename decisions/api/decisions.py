"""Decisions: which there are, their texts, and whether each is law on a day."""

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from consultations.api.places import matter_id, of_matter, of_unit
from consultations.lifecycle import official_date
from consultations.models.topic import Topic
from decisions.api.answers import DecisionAnswer, DecisionList, DecisionWhole, LaterDecision
from decisions.document_number import EXAMPLE, read_document_number
from decisions.lifecycle import Supersession
from decisions.models import DecisionPage
from decisions.models.as_of import EARLIEST, LATEST
from decisions.querysets import DecisionQuerySet
from portal.core.feeds import page_address
from portal.core.gone import was_public
from portal.core.open_data.answers import articles_at, label_of
from portal.core.open_data.asking import Asked, AsWritten, Code, MatterId, lasting_id
from portal.core.open_data.paging import page_of
from portal.core.open_data.problems import GoneError, NotUnderstoodError
from portal.core.open_data.service import operation

router = Router(tags=["decisions"])

LONGEST_NUMBER = 60
LONGEST_INDEX_NO = 40

KnownDay = Annotated[date, Field(ge=EARLIEST, le=LATEST), AsWritten]
# As organs print them, like 000014349/2022-00039; no column holds NUL.
IndexNo = Annotated[str, Field(pattern=r"^[^\x00]+$", max_length=LONGEST_INDEX_NO)]


class DayAsked(Schema):
    """The day for which validity is told."""

    on: KnownDay | None = Field(
        None,
        description=_("The day that validity is told for; today unless it is given."),
        json_schema_extra={"example": "2026-05-01"},
    )


class DecisionsAsked(Asked, DayAsked):
    """What the list of decisions can be asked for."""

    document_no: str | None = Field(
        None,
        min_length=1,
        max_length=LONGEST_NUMBER,
        description=_("Only this document number, however written."),
        json_schema_extra={"example": EXAMPLE},
    )
    index_no: IndexNo | None = Field(None, description=_("Only this index number."))
    matter: MatterId | None = Field(None, description=_("Only of this matter, like 2026/07."))
    unit: Code | None = Field(None, description=_("Only drafted by the unit with this code."))
    topic: Topic | None = Field(None, description=_("Only of this topic."))


@operation(
    router,
    "/decisions/",
    name="list_decisions",
    answer=DecisionList,
    summary=_("List the published decisions, the newest first"),
)
def list_decisions(request: HttpRequest, asked: Query[DecisionsAsked]) -> DecisionList:
    at = timezone.now()
    on = asked.on or official_date(at)
    pages = _chosen(_public().without_text(), asked)
    if asked.on:
        pages = pages.filter(published_on__lte=asked.on)
    found, following = page_of(request, pages, ("-published_on", "-pk"), asked=asked, at=at)
    return DecisionList(
        items=[DecisionAnswer(**_told(one, on=on)) for one in found], next=following
    )


@operation(
    router,
    "/decisions/{int:decision}/",
    name="get_decision",
    answer=DecisionWhole,
    summary=_("Give one decision with its articles"),
)
def get_decision(
    request: HttpRequest,
    asked: Query[DayAsked],
    decision: int = lasting_id(_("Lasting id of the decision.")),
) -> DecisionWhole:
    page = _public().filter(pk=decision).first()
    if page is None:
        if was_public(DecisionPage, page_id=decision):
            raise GoneError
        raise Http404
    told = _told(page, on=asked.on or official_date(timezone.now()))
    has_draft = page.item.rounds().exists()
    redline = f"{told['url']}redline/" if has_draft else ""
    return DecisionWhole(
        **told,
        introduction=page.introduction,
        articles=articles_at(told["url"], page.articles),
        superseded_by=_later(page),
        redline_url=redline,
        changes_url=redline and f"{redline}changes.json",
    )


def _public() -> DecisionQuerySet:
    decisions: DecisionQuerySet = DecisionPage.objects.live().public()
    return decisions.with_acts()


def _chosen(pages: DecisionQuerySet, asked: DecisionsAsked) -> DecisionQuerySet:
    if asked.document_no is not None:
        number = read_document_number(asked.document_no)
        if number is None:
            message = gettext("This is no document number. Write it like %(example)s.")
            raise NotUnderstoodError("document_no", message % {"example": EXAMPLE})
        pages = pages.filter(document_no=str(number))
    plain = {"index_no": asked.index_no, "topic": asked.topic}
    pages = pages.filter(**{name: value for name, value in plain.items() if value})
    if asked.matter:
        pages = of_matter(pages, asked.matter)
    return of_unit(pages, asked.unit) if asked.unit else pages


def _told(page: DecisionPage, *, on: date) -> dict[str, Any]:
    topic = Topic(page.topic) if page.topic else None
    validity = page.validity(on=on)
    return {
        "id": page.pk,
        "title": page.title,
        "summary": page.summary,
        "url": page_address(page),
        "matter": matter_id(page),
        "document_no": page.document_no,
        "index_no": page.index_no,
        "issuer": page.issuer,
        "topic": topic,
        "topic_label": label_of(topic),
        "signed_on": page.signed_on,
        "published_on": page.published_on,
        "effective_on": page.effective_on,
        "expires_on": page.expires_on,
        "validity": validity,
        "validity_label": label_of(validity),
        "validity_on": on,
    }


def _later(page: DecisionPage) -> LaterDecision | None:
    """Return the decision that supersedes one, as far as it is public itself."""
    later = DecisionPage.objects.live().public().filter(supersedes=page).without_text().first()
    if later is None:
        return None
    did = Supersession(page.supersession)
    return LaterDecision(
        id=later.pk,
        title=later.title,
        url=page_address(later),
        did=did,
        did_label=str(did.label),
        effective_on=later.effective_on,
    )
