"""The smallest valid page tree in every state of a matter, built through models and services.

Functions are named for the state they give: `a_matter()`, `an_open_round()`, `a_decided_matter()`.
Each builds what it stands on. `at` is the moment the state holds at; what led there lies before.
"""

import uuid
from datetime import date, datetime, timedelta

from django.utils import timezone
from wagtail.models import Page, Site

from consultations import services
from consultations.blocks import Way, stream_of_ways
from consultations.lifecycle import AdjustmentKind, Channel, official_date
from consultations.models import (
    CatalogueIndexPage,
    CataloguePage,
    ConsultationIndexPage,
    ConsultationPage,
    DecisionCategory,
    DecisionItemPage,
    FeedbackReportPage,
    InterpretationPage,
)
from consultations.models.topic import Topic
from decisions import services as decision_services
from decisions.lifecycle import ReviewKind, ReviewResult
from decisions.models import DecisionIndexPage, DecisionPage
from home.models import HomePage
from portal.core.pages import BasePage
from tests.factories import acts
from tests.factories.interpretations import a_draft_interpretation
from tests.factories.people import a_publisher, a_unit
from tests.factories.ready import may_stand_ready

DRAFT = (
    "为了规范电动自行车停放、充电行为，预防火灾事故，制定本办法。",
    "新建住宅小区应当按照不低于每两户一个的标准配建充电端口。",
    "禁止在建筑物门厅、楼梯间、走道等公共区域停放电动自行车或者为其充电。",
)
TITLE = "电动自行车停放充电安全管理办法"
LIVED = timedelta(days=60)  # how long before `at` the catalogue was published


def the_home_page() -> HomePage:
    """The root of the site; takes the place of Wagtail's welcome page."""
    home = HomePage.objects.first()
    if home is None:
        Page.objects.filter(depth=2).delete()
        root = Page.objects.get(depth=1)
        home = root.add_child(instance=HomePage(title="重大行政决策公众参与", slug="home"))
        site, _created = Site.objects.get_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "root_page": home}
        )
        site.root_page = home
        site.save()
    return home


def _one_of(page_class: type[BasePage], title: str, slug: str) -> BasePage:
    page = page_class.objects.first()
    return page or the_home_page().add_child(instance=page_class(title=title, slug=slug))


def the_catalogue_index() -> CatalogueIndexPage:
    """The list of catalogues."""
    return _one_of(CatalogueIndexPage, "决策目录", "catalogue")


def the_consultation_index() -> ConsultationIndexPage:
    """The list of consultations."""
    return _one_of(ConsultationIndexPage, "征求意见", "consultations")


def the_decision_index() -> DecisionIndexPage:
    """The list of decisions."""
    return _one_of(DecisionIndexPage, "决策公布", "decisions")


def a_category() -> DecisionCategory:
    """The first category of Order 713."""
    category, _created = DecisionCategory.objects.get_or_create(
        number=1, defaults={"name": "重大公共政策和措施"}
    )
    return category


def a_draft_catalogue(year: int = 2026, **fields: object) -> CataloguePage:
    """A catalogue without entries that is not public."""
    values = {
        "title": f"{year}年度重大行政决策事项目录",
        "slug": str(year),
        "year": year,
        "decision_organ": "澜川市人民政府",
        "party_consent_on": date(year, 3, 20),
        "live": False,
    }
    return the_catalogue_index().add_child(instance=CataloguePage(**(values | fields)))


def a_draft_matter(catalogue: CataloguePage | None = None, **fields: object) -> DecisionItemPage:
    """A complete entry of a catalogue (a draft one unless given) that is not public."""
    catalogue = catalogue or a_draft_catalogue()
    number = fields.pop("number", None) or catalogue.get_children_count() + 1
    values = {
        "title": TITLE,
        "slug": f"{number:02}",
        "number": number,
        "category": a_category(),
        "lead_unit": a_unit(),
        "topic": Topic.CONSTRUCTION,
        "planned_by": date(catalogue.year, 12, 31),
        "hearing_required": False,
        "live": False,
    }
    return catalogue.add_child(instance=DecisionItemPage(**(values | fields)))


@may_stand_ready
def a_catalogue(*, at: datetime | None = None, entries: int = 1, **fields: object) -> CataloguePage:
    """A published catalogue."""
    at = at or timezone.now()
    catalogue = a_draft_catalogue(**fields)
    for number in range(1, entries + 1):
        a_draft_matter(catalogue, number=number)
    catalogue.refresh_from_db()
    acts.publish_catalogue(page=catalogue, by=a_publisher(), at=at - LIVED)
    return catalogue


@may_stand_ready
def a_matter(*, at: datetime | None = None, **fields: object) -> DecisionItemPage:
    """A public matter of a published catalogue; a second one stands in the same catalogue."""
    at = at or timezone.now()
    catalogue = CataloguePage.objects.live().first()
    if catalogue is None:
        draft = a_draft_catalogue()
        item = a_draft_matter(draft, **fields)
        draft.refresh_from_db()
        acts.publish_catalogue(page=draft, by=a_publisher(), at=at - LIVED)
    else:
        item = a_draft_matter(catalogue, **fields)
        services.adjust(
            item=item,
            kind=AdjustmentKind.ADD,
            reason="年中增补。",
            approved_on=official_date(at - LIVED),
            by=a_publisher(),
            at=at - LIVED,
        )
        acts.publish_item(page=item, by=a_publisher(), at=at - LIVED)
    return DecisionItemPage.objects.get(pk=item.pk)


def articles(*texts: str) -> list[dict[str, object]]:
    """The value of a draft or decision text with one article for each of `texts`."""
    return [
        {"type": "article", "id": str(uuid.uuid4()), "value": {"label": "", "text": text}}
        for text in texts
    ]


def a_draft_round(
    item: DecisionItemPage | None = None, *, at: datetime | None = None, **fields: object
) -> ConsultationPage:
    """A round that lacks nothing but is not public; it would open on the day of `at`."""
    at = at or timezone.now()
    item = item or a_matter(at=at)
    number = fields.pop("round", None) or item.get_children_count() + 1
    opens_on = fields.pop("opens_on", official_date(at))
    values = {
        "title": f"关于《{item.title}（征求意见稿）》公开征求意见的公告",
        "slug": f"consultation-{number}",
        "round": number,
        "opens_on": opens_on,
        "closes_on": opens_on + timedelta(days=30),
        "notice": "<p>现向社会公开征求意见。</p>",
        "draft": articles(*DRAFT),
        "explanation": "<p>围绕有地方停、有地方充、有人管三个问题起草。</p>",
        "background": "<p>老旧小区充电设施不足。</p>",
        "channels": stream_of_ways([Way(Channel.POST, "澜川市人民路1号")]),
        "contact_unit": "住建局物业科",
        "contact_person": "周工",
        "contact_phone": "0000-1234501",
        "live": False,
    }
    page = ConsultationPage(**(values | fields))
    item.refresh_from_db()
    item.add_child(instance=page)
    a_draft_interpretation(page)
    return page


def a_round(
    item: DecisionItemPage | None = None, *, opened_at: datetime, **fields: object
) -> ConsultationPage:
    """A published round that opened at `opened_at`."""
    page = a_draft_round(item, at=opened_at, **fields)
    acts.open_round(page=page, by=a_publisher(), at=opened_at)
    return ConsultationPage.objects.get(pk=page.pk)


def a_scheduled_round(
    item: DecisionItemPage | None = None, *, at: datetime | None = None, **fields: object
) -> ConsultationPage:
    """A published round that opens in ten days."""
    at = at or timezone.now()
    opens_on = official_date(at) + timedelta(days=10)
    return a_round(item, opened_at=at, opens_on=opens_on, **fields)


@may_stand_ready
def an_open_round(
    item: DecisionItemPage | None = None, *, at: datetime | None = None, **fields: object
) -> ConsultationPage:
    """A round open since ten days, with twenty to go."""
    at = at or timezone.now()
    return a_round(item, opened_at=at - timedelta(days=10), **fields)


@may_stand_ready
def a_closed_round(
    item: DecisionItemPage | None = None, *, at: datetime | None = None, **fields: object
) -> ConsultationPage:
    """A round that closed ten days ago; the matter stands at the study of opinions."""
    at = at or timezone.now()
    page = a_round(item, opened_at=at - timedelta(days=40), **fields)
    services.close_ended_rounds(at=at)
    return ConsultationPage.objects.get(pk=page.pk)


def a_draft_summary(
    consultation: ConsultationPage | None = None, *, at: datetime | None = None, **fields: object
) -> FeedbackReportPage:
    """An adoption summary that is not public."""
    consultation = consultation or a_closed_round(at=at)
    values = {"title": "意见采纳情况反馈", "slug": "feedback", "live": False}
    consultation.refresh_from_db()
    return consultation.add_child(instance=FeedbackReportPage(**(values | fields)))


@may_stand_ready
def a_summary(
    consultation: ConsultationPage | None = None, *, at: datetime | None = None, **fields: object
) -> FeedbackReportPage:
    """A published adoption summary; every opinion given has to be answered before."""
    at = at or timezone.now()
    page = a_draft_summary(consultation, at=at, **fields)
    acts.publish_feedback(page=page, by=a_publisher(), at=at)
    return FeedbackReportPage.objects.get(pk=page.pk)


def a_reviewed_matter(
    item: DecisionItemPage | None = None, *, at: datetime | None = None
) -> DecisionItemPage:
    """A matter with a published summary (a new one unless given) that passed legality review."""
    at = at or timezone.now()
    item = item or a_summary(at=at).consultation.item
    item = DecisionItemPage.objects.get(pk=item.pk)
    decision_services.record_review(
        item=item,
        kind=ReviewKind.LEGALITY,
        result=ReviewResult.PASSED,
        number="澜司审示〔2026〕12号",
        sent_on=official_date(at - LIVED),
        concluded_on=official_date(at),
        by=a_publisher(),
        at=at,
    )
    return DecisionItemPage.objects.get(pk=item.pk)


def a_decided_matter(
    item: DecisionItemPage | None = None, *, at: datetime | None = None
) -> DecisionItemPage:
    """A reviewed matter (a new one unless given) that a meeting decided on."""
    at = at or timezone.now()
    item = item or a_reviewed_matter(at=at)
    decision_services.decide(
        item=item,
        meeting_name="市政府第31次常务会议",
        held_on=official_date(at),
        party_report_on=official_date(at),
        by=a_publisher(),
        at=at,
    )
    return DecisionItemPage.objects.get(pk=item.pk)


def a_draft_decision(
    item: DecisionItemPage | None = None, *, at: datetime | None = None, **fields: object
) -> DecisionPage:
    """A complete decision that is not public."""
    at = at or timezone.now()
    item = item or a_decided_matter(at=at)
    today = official_date(at)
    serial = DecisionPage.objects.count() + 1
    values = {
        "title": f"澜川市{item.title}",
        "slug": "decision",
        "document_no": f"澜政示〔{today.year}〕{serial}号",
        "index_no": f"990100-{today.year}-{serial:05}",
        "issuer": "澜川市人民政府",
        "topic": item.topic,
        "signed_on": today,
        "effective_on": today + timedelta(days=30),
        "text": articles(*DRAFT),
        "live": False,
    }
    item.refresh_from_db()
    page = item.add_child(instance=DecisionPage(**(values | fields)))
    a_draft_interpretation(page)
    return page


def an_interpretation(
    subject: ConsultationPage | DecisionPage, *, at: datetime | None = None, **fields: object
) -> InterpretationPage:
    """A published interpretation, besides the one that is prepared."""
    subject.refresh_from_db()
    page = a_draft_interpretation(subject, **fields)
    acts.publish_interpretation(page=page, by=a_publisher(), at=at or timezone.now())
    return InterpretationPage.objects.get(pk=page.pk)


@may_stand_ready
def a_decision(
    item: DecisionItemPage | None = None, *, at: datetime | None = None, **fields: object
) -> DecisionPage:
    """A published decision."""
    at = at or timezone.now()
    page = a_draft_decision(item, at=at, **fields)
    acts.publish_decision(page=page, by=a_publisher(), at=at)
    return DecisionPage.objects.get(pk=page.pk)
