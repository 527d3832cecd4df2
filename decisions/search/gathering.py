"""Reading public dossiers from the database, many at once in a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Left
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing

from consultations.lifecycle import Stage, official_date
from consultations.models import (
    CataloguePage,
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
    Hearing,
    InterpretationPage,
    OpinionPoint,
    PastDecisionsPage,
)
from consultations.querysets import MATTER_DEPTH, MATTER_PATH
from decisions.models import ArchiveDossier, DecisionPage, EvaluationPage, UnitKind
from decisions.search.attached import attachment_units
from decisions.search.documents import DossierSource, RoundDays, UnitSource
from decisions.search.heard import announced_hearings, hearing_units, told_on
from decisions.search.said import adopted_counts, answer_units, opinion_counts, opinion_units
from portal.accounts.models import Unit
from portal.core.blocks import Article, Heading, articles_of, parts_of

# Read at once: so many matters, and of more than one of them so many points of opinions.
BATCH = 20
MOST_POINTS = 5_000


def public_item_ids() -> Iterator[list[int]]:
    """Yield the ids of all public matters in batches whose texts fit into memory."""
    said = _points_by_matter()
    batch: list[int] = []
    points = 0
    items = DecisionItemPage.objects.live().public().order_by("pk")
    for pk, path in items.values_list("pk", "path"):
        if batch and (len(batch) == BATCH or points + said[path] > MOST_POINTS):
            yield batch
            batch, points = [], 0
        batch.append(pk)
        points += said[path]
    if batch:
        yield batch


def _points_by_matter() -> Counter[str]:
    """Return how many points stand in the public lists of each matter, by its path."""
    shown = OpinionPoint.objects.filter(shown_in__isnull=False).order_by()
    by_matter = Counter[str]()
    for path, number in shown.values_list("shown_in__path").annotate(n=Count("pk")):
        by_matter[path[:MATTER_PATH]] += number
    return by_matter


def no_longer_public() -> Iterator[list[int]]:
    """Yield the ids of copied dossiers whose matters are not public."""
    public = DecisionItemPage.objects.live().public().values("pk")
    left = ArchiveDossier.objects.exclude(pk__in=public).order_by("pk")
    ids = list(left.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


@dataclass(frozen=True)
class Parts:
    """What is public of one matter.

    Attributes:
        item: the matter.
        catalogue: the one it stands in.
        co_units: the units that draft it beside the leading one, by code.
        rounds: its rounds before the decision, by number.
        decisions: its decision, if there is one.
        calls: rounds about the effects of its decision, in the order of their opening.
        reports: adoption summaries of its rounds and calls.
        evaluations: of its decision.
        interpretations: of its rounds, its decision and its calls.
        hearings: on it, announced ones.

    """

    item: DecisionItemPage
    catalogue: CataloguePage | PastDecisionsPage
    co_units: list[Unit]
    rounds: list[ConsultationPage]
    decisions: list[DecisionPage]
    calls: list[ConsultationPage]
    reports: list[FeedbackReportPage]
    evaluations: list[EvaluationPage]
    interpretations: list[InterpretationPage]
    hearings: list[Hearing]

    @property
    def consultations(self) -> list[ConsultationPage]:
        """All in which people spoke: the rounds, then the calls."""
        return [*self.rounds, *self.calls]

    @property
    def with_attachments(self) -> list[Page]:
        """Those of its pages that can have attachments, as they come one after the other."""
        return [*self.consultations, *self.reports, *self.decisions, *self.evaluations]


@dataclass(frozen=True)
class Material:
    """What belongs to the pages that are read together; by primary key of the page.

    Attributes:
        opinions: as the public lists of rounds have them.
        answers: as the public summaries of rounds have them.
        attachments: as pages give them to everyone.
        opinion_counts: opinions on rounds that count.
        adopted_counts: those of them that were adopted, where a summary is public.

    """

    opinions: Mapping[int, list[UnitSource]]
    answers: Mapping[int, list[UnitSource]]
    attachments: Mapping[int, list[UnitSource]]
    opinion_counts: Mapping[int, int]
    adopted_counts: Mapping[int, int]


def gather(item_ids: Sequence[int]) -> list[DossierSource]:
    """Return the dossiers among these matters that are public, in no order."""
    parts = public_parts(item_ids)
    material = _material(parts)
    return [_source(one, material) for one in parts]


def public_parts(item_ids: Sequence[int]) -> list[Parts]:
    """Return the public pages of these matters."""
    # What is closed to the public is the same for pages of every kind.
    closed = Page.objects.all().private_q()
    items = (
        DecisionItemPage.objects.live()
        .exclude(closed)
        .filter(pk__in=item_ids)
        .select_related("lead_unit", "category")
    )
    by_path = {item.path: item for item in items}
    if not by_path:
        return []
    catalogues = _catalogues(by_path)
    public_ids = [item.pk for item in items]
    co_units, hearings = _co_units(public_ids), announced_hearings(public_ids)
    below = partial(_below, item_paths=by_path, closed=closed)
    consultations = below(ConsultationPage)
    reports = below(FeedbackReportPage)
    decisions = below(DecisionPage)
    evaluations = below(EvaluationPage)
    interpretations = below(InterpretationPage)
    return [
        Parts(
            item,
            catalogues[_parent(path)],
            co_units[item.pk],
            _rounds(consultations.get(path, [])),
            decisions.get(path, []),
            _calls(consultations.get(path, [])),
            reports.get(path, []),
            evaluations.get(path, []),
            interpretations.get(path, []),
            hearings[item.pk],
        )
        for path, item in by_path.items()
    ]


def _rounds(consultations: Iterable[ConsultationPage]) -> list[ConsultationPage]:
    """Return those held before the decision, first to last."""
    rounds = (one for one in consultations if one.depth == MATTER_DEPTH + 1)
    return sorted(rounds, key=lambda one: one.round)


def _calls(consultations: Iterable[ConsultationPage]) -> list[ConsultationPage]:
    """Return those about the effects of the decision, below which they stand, first to last."""
    calls = (one for one in consultations if one.depth > MATTER_DEPTH + 1)
    return sorted(calls, key=lambda one: (one.opens_on or date.max, one.pk))


def _material(parts: Sequence[Parts]) -> Material:
    rounds = [one for part in parts for one in part.consultations]
    reports = {report.path: report for part in parts for report in reversed(part.reports)}
    by_round = {_parent(path): report for path, report in reports.items()}
    reported = {one.pk: by_round[one.path] for one in rounds if one.path in by_round}
    return Material(
        opinion_units(rounds),
        answer_units(reported, rounds),
        attachment_units(page for part in parts for page in part.with_attachments),
        opinion_counts(one.pk for one in rounds),
        adopted_counts(reported),
    )


def _parent(path: str) -> str:
    return path[: -Page.steplen]


def _catalogues(item_paths: Iterable[str]) -> dict[str, CataloguePage | PastDecisionsPage]:
    """Return what the matters stand in, each with its `year` and `published_on`."""
    above = {_parent(path) for path in item_paths}
    found = {page.path: page for page in CataloguePage.objects.filter(path__in=above)}
    if len(found) < len(above):
        past = PastDecisionsPage.objects.filter(path__in=above)
        return {**found, **{page.path: page for page in past}}
    return {**found}


def _co_units(item_ids: Iterable[int]) -> dict[int, list[Unit]]:
    """Return the units that draft these matters beside the leading ones, by code."""
    helping = DecisionItemPage.co_units.through.objects.filter(decisionitempage__in=list(item_ids))
    found: dict[int, list[Unit]] = defaultdict(list)
    for one in helping.select_related("unit").order_by("unit__code"):
        found[one.decisionitempage_id].append(one.unit)
    return found


def _below(model: type[Page], *, item_paths: Iterable[str], closed: Q) -> dict[str, list[Any]]:
    """Return the public pages of a kind below the matters, by the matter's path."""
    pages = (
        model.objects.live()
        .exclude(closed)
        .annotate(item_path=Left("path", MATTER_PATH))
        .filter(item_path__in=list(item_paths))
        .order_by("path")
    )
    found: dict[str, list[Any]] = {}
    for page in pages:
        found.setdefault(page.path[:MATTER_PATH], []).append(page)
    return found


def _source(parts: Parts, material: Material) -> DossierSource:
    item, decisions = parts.item, parts.decisions
    decision = decisions[-1] if decisions else None
    last = max(
        (one for one in parts.rounds if one.closes_on), key=lambda one: one.closes_on, default=None
    )
    published = [parts.catalogue.published_on, *map(_announced_on, parts.consultations)]
    later = (*parts.reports, *decisions, *parts.evaluations, *parts.interpretations)
    published += [one.published_on for one in later]
    published += [day for one in parts.hearings for day in told_on(one)]
    year = parts.catalogue.year
    return DossierSource(
        item_id=item.pk,
        title=item.title,
        summary=item.summary,
        texts=tuple(_texts(parts)),
        url=_address(item),
        document_no=decision.document_no if decision else "",
        year=year,
        stage=Stage(item.stage),
        opens_on=last.opens_on if last else None,
        closes_on=last.closes_on if last else None,
        unit=item.lead_unit.code if item.lead_unit else "",
        topic=item.topic,
        category=item.category.number if item.category else None,
        latest_on=max((day for day in published if day), default=date(year, 1, 1)),
        decided_on=decision.published_on if decision else None,
        effective_on=decision.effective_on if decision else None,
        units=tuple(_units(parts, material)),
        opinion_count=sum(material.opinion_counts.get(one.pk, 0) for one in parts.consultations),
        adopted_count=sum(material.adopted_counts.get(one.pk, 0) for one in parts.consultations),
        co_units=tuple(unit.code for unit in parts.co_units),
        rounds=tuple(RoundDays(one.opens_on, one.closes_on) for one in parts.rounds),
    )


def _announced_on(page: ConsultationPage) -> date | None:
    """Return the day on which the public was told of a consultation; no later than it opened.

    An opening day may lie ahead, and the copies do not follow the clock.
    """
    known = page.first_published_at and official_date(page.first_published_at)
    return min((day for day in (known, page.opens_on) if day), default=None)


def _texts(parts: Parts) -> Iterator[str]:
    item = parts.item
    yield from (item.legal_basis, item.lead_unit.name if item.lead_unit else "")
    yield from (unit.name for unit in parts.co_units)
    for one in parts.consultations:
        yield from (one.title, one.summary, one.consultation_no, one.shortened_reason)
        yield from (one.glance_what, one.glance_who, one.glance_ask)
        yield get_text_for_indexing(one.notice)
    for one in parts.rounds:
        yield from _headings(one.draft)
    for report in parts.reports:
        yield from (report.title, report.summary, report.introduction, report.next_step)
    for decision in parts.decisions:
        yield from (decision.title, decision.summary, decision.index_no, decision.issuer)
        yield decision.introduction
        yield from _headings(decision.text)
    for evaluation in parts.evaluations:
        yield from (evaluation.title, evaluation.summary, evaluation.evaluator)
        yield from (evaluation.methods, evaluation.outcome_reason)
        yield get_text_for_indexing(evaluation.report)
    for interpretation in parts.interpretations:
        yield from (interpretation.title, interpretation.summary, interpretation.author)


def _headings(text: Any) -> Iterator[str]:
    """Yield the names of chapters and sections, as printed between the articles."""
    return (part.text for part in parts_of(text) if isinstance(part, Heading))


def _address(page: Page) -> str:
    return str(page.url or "")


def _units(parts: Parts, material: Material) -> Iterator[UnitSource]:
    for one in parts.rounds:
        yield from _articles(one, UnitKind.DRAFT, one.articles)
        yield from _said(one, material)
    yield from hearing_units(parts.hearings, _address(parts.item))
    for decision in parts.decisions:
        yield from _articles(decision, UnitKind.DECISION, articles_of(decision.text))
    for call in parts.calls:
        # Its draft is the text of the decision, which is there already.
        yield from _said(call, material)
    for interpretation in parts.interpretations:
        yield from _explanations(interpretation)
    for page in parts.with_attachments:
        yield from material.attachments.get(page.pk, ())


def _said(page: ConsultationPage, material: Material) -> Iterator[UnitSource]:
    """Yield what a consultation says beside the text it is about, and what was said in it."""
    yield from _sections(page)
    yield from material.opinions.get(page.pk, ())
    yield from material.answers.get(page.pk, ())


def _explanations(page: InterpretationPage) -> Iterator[UnitSource]:
    """Yield the parts of an interpretation that have words; it has no article numbers."""
    address = _address(page)
    for number, part in enumerate(page.parts, start=1):
        if part.text:
            yield UnitSource(
                key=f"{page.pk}-{number}",
                kind=UnitKind.INTERPRETATION.value,
                ordinal=0,
                label="",
                url=f"{address}#{part.anchor}",
                text=part.text,
            )


def _sections(page: ConsultationPage) -> Iterator[UnitSource]:
    """Yield the texts beside the draft; each stands in a section of its page named for it."""
    for kind, html in (
        (UnitKind.EXPLANATION, page.explanation),
        (UnitKind.BACKGROUND, page.background),
    ):
        text = get_text_for_indexing(html).strip()
        if text:
            yield UnitSource(
                key=f"{page.pk}-{kind.value}",
                kind=kind.value,
                ordinal=0,
                label="",
                url=f"{_address(page)}#{kind.value}",
                text=text,
            )


def _articles(page: Page, kind: UnitKind, articles: Iterable[Article]) -> Iterator[UnitSource]:
    address = _address(page)
    for article in articles:
        yield UnitSource(
            key=f"{page.pk}-{article.number}",
            kind=kind.value,
            ordinal=article.number,
            label=article.label,
            url=f"{address}#{article.anchor}",
            text=article.text,
        )
