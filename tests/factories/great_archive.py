"""An archive of any size, written straight into both copies: what ten years of a province hold.

Its passages are made of clauses of the real texts and of the demo city's drafts, each dossier of
a few of them, so that words are as rare and as clustered as in real ones. The same numbers give
the same archive.
"""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import count, islice
from typing import TypeVar
from uuid import UUID

from django.db import connection
from elasticsearch import Elasticsearch
from wagtail.models import Page

from consultations.lifecycle import Outcome, Stage
from consultations.models import DecisionItemPage
from consultations.models.topic import Topic
from decisions.models import ArchiveDossier, ArchiveDrafter, ArchiveRound, ArchiveUnit, UnitKind
from decisions.search import index, writing
from decisions.search.documents import DossierSource, RoundDays, UnitSource
from decisions.search.indexing import dossier_row, drafter_rows, round_rows, unit_row
from home.demo.material import matters
from portal.core.numerals import chinese_numeral
from tests.factories.library import TEXTS
from tests.factories.pages import a_matter

Thing = TypeVar("Thing")
SEED = 713
BATCH = 2_000
FIRST_DAY = date(2016, 1, 1)
DAYS = 3_900
UNITS = tuple(f"unit-{number}" for number in range(30))
PLACES = ("澜川市", "青岚区", "临江县", "北山区", "东湖区", "石桥县", "南渡区", "云溪县", "平原区")
FORMS = ("管理办法", "实施办法", "规划", "建设方案", "条例", "若干规定", "实施细则")
# What passages a dossier has, in turns: about as in the demo city.
KINDS = (
    *[UnitKind.DRAFT] * 5,
    *[UnitKind.DECISION] * 6,
    *[UnitKind.OPINION] * 5,
    *[UnitKind.ANSWER] * 2,
    UnitKind.EXPLANATION,
    UnitKind.INTERPRETATION,
)
CLAUSES_OF_A_PASSAGE = (5, 14)
TEXTS_OF_A_DOSSIER = 3


@cache
def clauses() -> tuple[tuple[str, ...], ...]:
    """Return the clauses of every text there is, text by text."""
    texts = [path.read_text(encoding="utf-8").partition("<!-- INFO END -->")[2] for path in TEXTS]
    for matter in matters():
        said = [matter.summary, matter.decision.text if matter.decision else ""]
        for one in matter.rounds:
            said += [one.draft, one.background, one.explanation]
            said += [voice.text for voice in one.opinions]
        texts.append("\n".join(said))
    found = (re.findall(r"[\w、“”]{5,40}", text) for text in texts)
    return tuple(text for text in map(tuple, found) if len(text) > TEXTS_OF_A_DOSSIER)


@cache
def subjects() -> tuple[str, ...]:
    """Return what titles may be about: titles of the demo city and of the real texts, cut short."""
    titles = [matter.title for matter in matters()] + [
        path.stem.partition("(")[0] for path in TEXTS
    ]
    forms = r"(管理|实施|试行|责任|暂行)?(办法|方案|规划|条例|规范)(（修订）)?$"
    return tuple(dict.fromkeys(re.sub(forms, "", title) for title in titles))


def great_sources(item_ids: Iterable[int], *, passages: int) -> Iterator[DossierSource]:
    """Yield one dossier for each id, with so many passages each."""
    chance = random.Random(SEED)
    for number, item_id in enumerate(item_ids, start=1):
        yield _source(number, item_id, passages, chance)


def _source(number: int, item_id: int, passages: int, chance: random.Random) -> DossierSource:
    texts = chance.sample(clauses(), TEXTS_OF_A_DOSSIER)
    opens = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    is_decided = chance.random() < 0.7
    decided = opens + timedelta(days=120) if is_decided else None
    subject = chance.choice(subjects())
    return DossierSource(
        item_id=item_id,
        title=f"{chance.choice(PLACES)}{subject}{chance.choice(FORMS)}",
        summary=_said(texts, chance, 2),
        texts=(_said(texts, chance, 4), _said(texts, chance, 4)),
        url=f"/catalogue/{opens.year}/{number}/",
        document_no=f"澜政示〔{decided.year}〕{number}号" if decided else "",
        year=opens.year,
        stage=Stage.PUBLISHED if is_decided else chance.choice(list(Stage)),
        opens_on=opens,
        closes_on=opens + timedelta(days=30),
        unit=chance.choice(UNITS),
        topic=chance.choice(Topic.values),
        category=chance.randint(1, 5),
        latest_on=decided or opens,
        decided_on=decided,
        effective_on=decided and decided + timedelta(days=30),
        units=tuple(
            _unit(item_id, place, KINDS[(place - 1) % len(KINDS)], texts, chance)
            for place in range(1, passages + 1)
        ),
        opinion_count=chance.randrange(200),
        adopted_count=chance.randrange(20),
        rounds=(RoundDays(opens, opens + timedelta(days=30)),),
    )


def _said(texts: Sequence[tuple[str, ...]], chance: random.Random, number: int) -> str:
    return "，".join(chance.choice(chance.choice(texts)) for _ in range(number)) + "。"


def _unit(
    item_id: int,
    place: int,
    kind: UnitKind,
    texts: Sequence[tuple[str, ...]],
    chance: random.Random,
) -> UnitSource:
    is_article = kind in {UnitKind.DRAFT, UnitKind.DECISION}
    return UnitSource(
        key=f"{item_id}-{place}",
        kind=kind.value,
        ordinal=place if is_article else 0,
        label=f"第{chinese_numeral(place)}条" if is_article else "",
        url=f"/{item_id}/#a-{place}",
        text=_said(texts, chance, chance.randint(*CLAUSES_OF_A_PASSAGE)),
        outcome=chance.choice(Outcome.values) if kind is UnitKind.ANSWER else "",
    )


def fill_engine(client: Elasticsearch, name: str, sources: Iterable[DossierSource]) -> None:
    """Write dossiers into new indices, `name` telling their versions, and put them into use."""
    versions = {kind: f"{kind.base}_{name}" for kind in index.KINDS}
    for kind, version in versions.items():
        index.create(client, kind, version)
    writing.fill(
        client, versions, (one for source in sources for one in writing.writes_of(source, 1))
    )
    for kind, version in versions.items():
        index.open_for_use(client, kind, version)
    index.delete(client, index.swap(client, versions))


def fill_database(sources: Iterable[DossierSource]) -> None:
    """Write the database's copy of dossiers whose matters are there."""
    for some in _portions(sources):
        dossiers = ArchiveDossier.objects.bulk_create(map(dossier_row, some))
        made = list(zip(dossiers, some, strict=True))
        ArchiveDrafter.objects.bulk_create(
            row for dossier, source in made for row in drafter_rows(dossier, source)
        )
        ArchiveRound.objects.bulk_create(
            row for dossier, source in made for row in round_rows(dossier, source)
        )
        ArchiveUnit.objects.bulk_create(
            unit_row(dossier, unit) for dossier, source in made for unit in source.units
        )


def _portions(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    left = iter(things)
    return iter(lambda: list(islice(left, BATCH)), [])


def great_many_matters(number: int) -> list[int]:
    """Add public matters beside one that was made the usual way; return their ids.

    Only what the archive reads of a matter varies; Wagtail's indexes do not know of them.
    """
    origin = a_matter()
    catalogue = origin.get_parent()
    chance = random.Random(SEED)
    said = {
        field.attname: getattr(origin, field.attname)
        for field in Page._meta.concrete_fields
        if not field.primary_key
    }
    places = count(catalogue.get_children_count() + 1)
    pages = (
        Page(
            **said
            | {
                "path": Page._get_path(catalogue.path, origin.depth, place),
                "slug": f"great-{place}",
                "url_path": f"{catalogue.url_path}great-{place}/",
                "translation_key": UUID(int=chance.getrandbits(128), version=4),
            }
        )
        for place, _ in zip(places, range(number), strict=False)
    )
    for some in _portions(pages):
        Page.objects.bulk_create(some)
    Page.objects.filter(pk=catalogue.pk).update(numchild=catalogue.numchild + number)
    _give_matters(origin)
    added = DecisionItemPage.objects.child_of(catalogue).exclude(pk=origin.pk)
    return list(added.filter(slug__startswith="great-").order_by("pk").values_list("pk", flat=True))


def _give_matters(origin: DecisionItemPage) -> None:
    """Give every page without one the row of a matter, a copy of that of `origin`."""
    table = DecisionItemPage._meta.db_table
    columns = [field.column for field in DecisionItemPage._meta.local_concrete_fields]
    key, *rest = (connection.ops.quote_name(column) for column in columns)
    copied = "".join(f", t.{column}" for column in rest)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({key}{''.join(f', {column}' for column in rest)})"
            f" SELECT p.id{copied} FROM wagtailcore_page p, {table} t"
            f" WHERE t.{key} = %s AND p.slug LIKE 'great-%%'"
            f" AND NOT EXISTS (SELECT 1 FROM {table} o WHERE o.{key} = p.id)",
            [origin.pk],
        )
