"""What is built always fits the strict mapping of its index."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from consultations.lifecycle import Outcome, Stage
from consultations.models.topic import Topic
from decisions.models import UnitKind
from decisions.search import index
from decisions.search.analysis import canonical_document_no
from decisions.search.documents import (
    DossierSource,
    RoundDays,
    UnitSource,
    dossier_document,
    unit_document,
)
from decisions.search.text import MARK, UNMARK

# Control characters, signs beyond the basic plane, and a word longer than any index takes whole.
TEXT = st.text(max_size=80) | st.sampled_from("字a\x07\U0002a6a5").map(lambda sign: sign * 20_000)
DAYS = st.dates(date(1949, 1, 1), date(2100, 1, 1))
UNITS = st.builds(
    UnitSource,
    key=st.uuids().map(str),
    kind=st.sampled_from(UnitKind.values),
    ordinal=st.integers(0, 9999),
    label=st.text(max_size=20),
    url=TEXT,
    text=TEXT,
    outcome=st.just("") | st.sampled_from(Outcome.values),
)
SOURCES = st.builds(
    DossierSource,
    item_id=st.integers(1, 2**63 - 1),
    title=TEXT,
    summary=TEXT,
    texts=st.lists(TEXT, max_size=4).map(tuple),
    url=TEXT,
    document_no=st.one_of(TEXT, st.just("澜政示〔2026〕3号")),
    year=st.integers(1, 32767),
    stage=st.sampled_from(Stage),
    opens_on=st.none() | DAYS,
    closes_on=st.none() | DAYS,
    unit=st.just("") | st.text(min_size=1, max_size=50),
    topic=st.just("") | st.sampled_from(Topic.values),
    category=st.none() | st.integers(0, 32767),
    latest_on=DAYS,
    decided_on=st.none() | DAYS,
    effective_on=st.none() | DAYS,
    units=st.lists(UNITS, max_size=4, unique_by=lambda unit: unit.key).map(tuple),
    opinion_count=st.integers(0, 2**31 - 1),
    adopted_count=st.integers(0, 2**31 - 1),
    rounds=st.lists(st.builds(RoundDays, st.none() | DAYS, st.none() | DAYS), max_size=3).map(
        tuple
    ),
    co_units=st.lists(st.text(min_size=1, max_size=50), max_size=3).map(tuple),
)


def _is_text(value):
    return isinstance(value, str)


def _is_day(value):
    return isinstance(value, str) and date.fromisoformat(value) is not None


FITS = {
    "text": _is_text,
    "keyword": lambda value: _is_text(value) and len(value.encode()) <= 32766,
    "long": lambda value: type(value) is int and abs(value) < 2**63,
    "integer": lambda value: type(value) is int and abs(value) < 2**31,
    "date": _is_day,
}


def _assert_fits(kind, document):
    mapping = kind.body()["mappings"]
    assert mapping["dynamic"] == "strict"
    for name, value in document.items():
        fits = FITS[mapping["properties"][name]["type"]]
        assert all(map(fits, value if isinstance(value, list) else [value])), name


@given(SOURCES)
def test_a_dossier_fits_its_mapping(source):
    _assert_fits(index.DOSSIERS, dossier_document(source))


@given(SOURCES)
def test_every_article_fits_its_mapping(source):
    for unit in source.units:
        _assert_fits(index.UNITS, unit_document(source, unit))


@given(SOURCES, UNITS)
def test_a_dossier_has_another_digest_once_anything_of_it_differs(source, unit):
    assert replace(source).digest == source.digest
    assert replace(source, units=(*source.units, unit)).digest != source.digest
    assert replace(source, opinion_count=source.opinion_count + 1).digest != source.digest
    assert replace(unit, text=unit.text + "。").digest != unit.digest


@given(SOURCES)
def test_no_document_can_fake_a_mark(source):
    written = str(dossier_document(source)) + str(
        [unit_document(source, one) for one in source.units]
    )
    assert MARK not in written
    assert UNMARK not in written


@given(SOURCES)
def test_the_body_holds_all_words_of_a_dossier(source):
    texts = (source.title, source.summary, *(unit.text for unit in source.units))
    assert {text for text in texts if text} <= set(source.body)
    assert "" not in source.body


def test_a_document_number_is_stored_in_its_one_form():
    source = DossierSource(
        item_id=7,
        title="办法",
        summary="",
        texts=(),
        url="/7/",
        document_no="澜政示〔2026〕9号",
        year=2026,
        stage=Stage.PUBLISHED,
        opens_on=None,
        closes_on=None,
        unit="",
        topic="",
        category=None,
        latest_on=date(2026, 10, 17),
        decided_on=None,
        effective_on=None,
        units=(),
    )
    assert dossier_document(source) == {
        "digest": source.digest,
        "dossier_id": 7,
        "year": 2026,
        "stage": "published",
        "title": "办法",
        "summary": "",
        "body": ["办法", "澜政示〔2026〕9号"],
        "latest_on": "2026-10-17",
        "opinion_count": 0,
        "kind": [],
        "outcome": [],
        "document_no": canonical_document_no("澜政示〔2026〕9号"),
    }


def test_both_indices_carry_their_analysis():
    for kind in index.KINDS:
        analysis = kind.body()["settings"]["analysis"]
        assert set(analysis["analyzer"]) == {"zh", "zh_uni"}
        assert set(analysis["char_filter"]) == {"han_fold", "width_punct"}


def test_names_of_indices_begin_with_the_prefix(settings):
    settings.ELASTICSEARCH_INDEX_PREFIX = "city"
    assert index.DOSSIERS.read_alias == "city-archive_dossier_read"
    assert index.UNITS.write_alias == "city-archive_unit_write"
