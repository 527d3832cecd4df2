"""Reading public dossiers from the database, many at once in a fixed number of queries."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Left, Length
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing

from consultations.lifecycle import Stage
from consultations.models import (
    CataloguePage,
    ConsultationPage,
    DecisionItemPage,
    FeedbackReportPage,
    InterpretationPage,
)
from decisions.models import ArchiveDossier, DecisionPage, EvaluationPage, UnitKind
from decisions.search.documents import DossierSource, UnitSource
from portal.core.blocks import articles_of

BATCH = 100


def public_item_ids() -> Iterator[list[int]]:
    """Yield the ids of all public matters in batches."""
    yield from _batches(DecisionItemPage.objects.live().public().order_by("pk"))


def no_longer_public() -> Iterator[list[int]]:
    """Yield the ids of copied dossiers whose matters are not public."""
    public = DecisionItemPage.objects.live().public().values("pk")
    yield from _batches(ArchiveDossier.objects.exclude(pk__in=public).order_by("pk"))


def _batches(rows: QuerySet[Any]) -> Iterator[list[int]]:
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def gather(item_ids: Sequence[int]) -> list[DossierSource]:
    """Return the dossiers among these matters that are public, in no order."""
    items = (
        DecisionItemPage.objects.live()
        .public()
        .filter(pk__in=item_ids)
        .select_related("lead_unit", "category")
    )
    by_path = {item.path: item for item in items}
    if not by_path:
        return []
    catalogues = _catalogues(by_path)
    # What is closed to the public is the same for pages of every kind.
    closed = Page.objects.all().private_q()
    below = partial(_below, item_paths=by_path, closed=closed)
    rounds = below(ConsultationPage, steps=1)
    reports = below(FeedbackReportPage, steps=2)
    decisions = below(DecisionPage, steps=1)
    evaluations = below(EvaluationPage, steps=2)
    interpretations = below(InterpretationPage, steps=2)
    return [
        _source(
            item,
            catalogues[_parent(path)],
            sorted(rounds.get(path, []), key=lambda one: one.round),
            reports.get(path, []),
            decisions.get(path, []),
            evaluations=evaluations.get(path, []),
            interpretations=interpretations.get(path, []),
        )
        for path, item in by_path.items()
    ]


def _parent(path: str, steps: int = 1) -> str:
    return path[: -steps * Page.steplen]


def _catalogues(item_paths: Iterable[str]) -> dict[str, CataloguePage]:
    pages = CataloguePage.objects.filter(path__in={_parent(path) for path in item_paths})
    return {page.path: page for page in pages}


def _below(
    model: type[Page], *, item_paths: Iterable[str], closed: Q, steps: int
) -> dict[str, list[Any]]:
    """Return the public pages `steps` levels below the matters, by the matter's path."""
    pages = (
        model.objects.live()
        .exclude(closed)
        .annotate(item_path=Left("path", Length(F("path")) - Value(steps * Page.steplen)))
        .filter(item_path__in=list(item_paths))
        .order_by("path")
    )
    found: dict[str, list[Any]] = {}
    for page in pages:
        found.setdefault(_parent(page.path, steps), []).append(page)
    return found


def _source(
    item: DecisionItemPage,
    catalogue: CataloguePage,
    rounds: list[ConsultationPage],
    reports: list[FeedbackReportPage],
    decisions: list[DecisionPage],
    *,
    evaluations: list[EvaluationPage],
    interpretations: list[InterpretationPage],
) -> DossierSource:
    decision = decisions[-1] if decisions else None
    last = max(
        (one for one in rounds if one.closes_on), key=lambda one: one.closes_on, default=None
    )
    published = [catalogue.published_on, *(one.opens_on for one in rounds)]
    later = (*reports, *decisions, *evaluations, *interpretations)
    published += [one.published_on for one in later]
    return DossierSource(
        item_id=item.pk,
        title=item.title,
        summary=item.summary,
        texts=tuple(
            _texts(
                item,
                rounds,
                reports,
                decisions,
                evaluations=evaluations,
                interpretations=interpretations,
            )
        ),
        url=_address(item),
        document_no=decision.document_no if decision else "",
        year=catalogue.year,
        stage=Stage(item.stage),
        opens_on=last.opens_on if last else None,
        closes_on=last.closes_on if last else None,
        unit=item.lead_unit.code if item.lead_unit else "",
        topic=item.topic,
        category=item.category.number if item.category else None,
        latest_on=max((day for day in published if day), default=date(catalogue.year, 1, 1)),
        decided_on=decision.published_on if decision else None,
        effective_on=decision.effective_on if decision else None,
        units=tuple(_units(rounds, decisions, interpretations)),
    )


def _texts(
    item: DecisionItemPage,
    rounds: list[ConsultationPage],
    reports: list[FeedbackReportPage],
    decisions: list[DecisionPage],
    *,
    evaluations: list[EvaluationPage],
    interpretations: list[InterpretationPage],
) -> Iterator[str]:
    yield from (item.legal_basis, item.lead_unit.name if item.lead_unit else "")
    for one in rounds:
        yield from (one.title, one.glance_what, one.glance_who, one.glance_ask)
        yield get_text_for_indexing(one.notice)
    for report in reports:
        yield from (report.introduction, report.next_step)
    for decision in decisions:
        yield from (decision.title, decision.issuer, decision.introduction)
    for evaluation in evaluations:
        yield from (evaluation.title, evaluation.evaluator, evaluation.outcome_reason)
        yield get_text_for_indexing(evaluation.report)
    for interpretation in interpretations:
        yield from (interpretation.title, interpretation.author)


def _address(page: Page) -> str:
    return str(page.url or "")


def _units(
    rounds: list[ConsultationPage],
    decisions: list[DecisionPage],
    interpretations: list[InterpretationPage],
) -> Iterator[UnitSource]:
    for one in rounds:
        yield from _articles(one, UnitKind.DRAFT, one.draft)
        yield from _sections(one)
    for decision in decisions:
        yield from _articles(decision, UnitKind.DECISION, decision.text)
    for interpretation in interpretations:
        yield from _explanations(interpretation)


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


def _articles(page: Page, kind: UnitKind, text: Any) -> Iterator[UnitSource]:
    address = _address(page)
    for article in articles_of(text):
        yield UnitSource(
            key=f"{page.pk}-{article.number}",
            kind=kind.value,
            ordinal=article.number,
            label=article.label,
            url=f"{address}#{article.anchor}",
            text=article.text,
        )
