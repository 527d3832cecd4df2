"""The archive on a real Elasticsearch: found, counted, marked, kept up to date, rebuilt."""

from datetime import timedelta

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.utils import timezone
from elasticsearch import ConnectionTimeout, Elasticsearch

from consultations.lifecycle import Stage
from decisions.models import ArchiveDossier, ArchiveUnit
from decisions.search import index, indexing, rebuilding, writing
from decisions.search.archive import search_archive
from decisions.search.connection import FAILURES_TO_OPEN
from decisions.search.criteria import Criteria
from decisions.search.rebuilding import (
    REBUILD_LOCK,
    TOPIC_CATCH_UP,
    RebuildFailedError,
    promise_to_catch_up,
    rebuild,
)
from decisions.search.text import Segment, plain
from portal.core.models import OutboxMessage
from portal.core.outbox import deliver_due
from tests import factories
from tests.integration.search.conftest import NOW
from tests.integration.together import where_the_database_is

LATER = NOW + timedelta(hours=1)

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


@pytest.fixture
def engine():
    with Elasticsearch(django_settings.TEST_ELASTICSEARCH_URL) as client:
        yield client


def _refresh(engine):
    for kind in index.KINDS:
        engine.indices.refresh(index=kind.write_alias)


def _versions(engine):
    return set(engine.indices.get(index=f"{django_settings.ELASTICSEARCH_INDEX_PREFIX}-*"))


def _ask(text="", **asked):
    results = search_archive(Criteria(text=text, **asked), at=NOW)
    assert results.mode == "elasticsearch"
    return results


def _titles(results):
    return [plain(hit.title) for hit in results.hits]


@pytest.fixture
def indexed(dossiers, engine):
    rebuild(at=NOW)
    return dossiers


def test_the_right_matter_comes_first_with_its_articles(indexed):
    results = _ask("电动自行车")
    assert _titles(results)[0] == factories.pages.TITLE
    hit = results.hits[0]
    assert hit.title[0] == Segment("电动自行车", is_match=True)
    assert hit.document_no == "澜政示〔2026〕1号"
    assert {passage.label for passage in hit.passages} == {"第一条", "第三条"}
    for passage in hit.passages:
        assert Segment("电动自行车", is_match=True) in passage.segments
        assert "/decision/#a-" in passage.url


def test_words_are_found_wherever_and_however_they_are_written(indexed):
    for words in (
        "電動自行車",
        "电动自行车",
        "【电动自行车】",
        "停放充电",
        "动自",
        "楼梯间",
        "梯",
    ):
        assert _titles(_ask(words))[0] == factories.pages.TITLE


def test_all_pairs_of_a_short_question_have_to_occur(indexed):
    assert _ask("核电").total == 0
    assert _titles(_ask("绿地 规划")) == ["城市绿地系统规划"]
    assert _ask("绿地 电动").total == 0


def test_words_of_one_dossier_may_stand_in_different_texts(indexed):
    assert _titles(_ask("三年 收费")) == ["公共停车设施建设三年行动方案"]


def test_a_document_number_is_found_in_every_spelling(indexed):
    for number in (
        "澜政示〔2026〕1号",
        "澜政示[2026]1号",
        "瀾政示（２０２６）第001號",
        "澜政示2026年1号",
    ):
        assert _titles(_ask(number))[0] == factories.pages.TITLE


def test_filters_count_dossiers_and_keep_their_other_values(indexed):
    everything = _ask()
    assert everything.total == 3
    assert _titles(everything)[0] == factories.pages.TITLE  # the latest
    assert everything.counts["stage"] == {"published": 1, "consulting": 1, "catalogued": 1}
    assert everything.counts["year"] == {2026: 3}
    assert everything.counts["category"] == {1: 3}
    narrowed = _ask(unit=("jtj",))
    assert narrowed.total == 1
    assert narrowed.counts["unit"] == everything.counts["unit"]
    assert narrowed.counts["stage"] == {"consulting": 1}
    assert _ask(stage=(Stage.CONSULTING, Stage.PUBLISHED)).total == 2


@pytest.mark.parametrize("days", [0, 60])
def test_both_copies_count_the_same(indexed, settings, days):
    at = NOW + timedelta(days=days)
    questions = (
        Criteria(),
        Criteria(text="充电"),
        Criteria(text="停车"),
        Criteria(year=(2026,)),
        Criteria(stage=(Stage.CONSULTING,)),
        Criteria(stage=(Stage.CONSULTATION_CLOSED, Stage.PUBLISHED), category=(1,)),
        Criteria(text="充电", unit=("jtj", "nobody")),
    )
    by_engine = [search_archive(criteria, at=at) for criteria in questions]
    settings.ELASTICSEARCH_URL = ""
    by_database = [search_archive(criteria, at=at) for criteria in questions]
    for engine_says, database_says in zip(by_engine, by_database, strict=True):
        assert engine_says.mode == "elasticsearch"
        assert database_says.mode == "database"
        assert engine_says.total == database_says.total
        assert engine_says.counts == database_says.counts
        found = {hit.item_id for hit in engine_says.hits}
        assert found == {hit.item_id for hit in database_says.hits}


def test_markup_in_a_text_stays_text(indexed):
    [hit] = _ask("另行加价").hits
    assert Segment("另行加价", is_match=True) in hit.passages[0].segments
    assert "<i>不得</i>" in plain(hit.passages[0].segments)


def test_special_characters_are_only_characters(indexed):
    for words in (
        "。",
        "%",
        "*",
        "电*",
        '"',
        "AND",
        "(",
        "title:电动",
        "\\",
        "/.*/",
        "\ue000",
        "字" * 512,
    ):
        _ask(words)


def test_the_page_names_the_engine(indexed, archive_page, client):
    response = client.get(archive_page.url, {"q": "电动自行车"})
    assert response.status_code == 200
    assert response.headers["X-Search-Mode"] == "elasticsearch"
    assert response.context["notice"] == ""
    assert "<mark>电动自行车</mark>" in response.content.decode()


def test_the_last_page_that_can_be_asked_for_is_not_an_error(indexed, archive_page, client):
    assert client.get(archive_page.url, {"page": 500}).status_code == 404


def test_a_publication_reaches_the_engine(indexed, engine, deliver):
    factories.a_matter(at=NOW, title="智慧灯杆统一建设方案")
    assert _ask("灯杆").total == 0
    deliver()
    _refresh(engine)
    assert _titles(_ask("灯杆")) == ["智慧灯杆统一建设方案"]


def test_a_withdrawn_part_takes_its_articles_along(indexed, engine, deliver):
    indexed["parking"].rounds().get().unpublish()
    deliver()
    _refresh(engine)
    assert _ask("另行加价").total == 0
    held = engine.count(
        index=index.UNITS.read_alias, query={"term": {"dossier_id": indexed["parking"].pk}}
    )
    assert held["count"] == 0


def test_a_withdrawn_matter_is_not_shown_even_before_the_engine_knows(indexed, engine, deliver):
    indexed["green"].unpublish()
    OutboxMessage.objects.filter(topic=indexing.TOPIC_INDEX).delete()
    deliver()
    assert _titles(_ask("绿地")) == []


def test_a_withdrawn_matter_leaves_the_engine(indexed, engine, deliver):
    indexed["decided"].unpublish()
    deliver()
    _refresh(engine)
    assert engine.count(index=index.DOSSIERS.read_alias)["count"] == 2
    assert engine.count(index=index.UNITS.read_alias)["count"] == 4


def test_text_the_database_no_longer_holds_is_not_shown(indexed):
    units = ArchiveUnit.objects.filter(dossier_id=indexed["parking"].pk, ordinal=2)
    units.update(text="停车收费应当公示。", text_folded="停车收费应当公示。")
    [hit] = _ask("另行加价").hits
    assert [plain(passage.segments) for passage in hit.passages] == ["停车收费应当公示。"]


def test_an_older_write_never_replaces_a_newer_one(indexed, engine):
    [source] = indexing.gather([indexed["green"].pk])
    with index.writer(5) as client:
        writing.put(client, source, 1_000_000)
        writing.put(client, source, 5)
        writing.take_away(client, source.item_id, 5)
    _refresh(engine)
    held = engine.get(index=index.DOSSIERS.read_alias, id=str(source.item_id))
    assert held["_version"] == 1_000_000


def test_a_message_that_comes_twice_does_no_harm(indexed, engine, deliver):
    deliver()
    OutboxMessage.objects.update(done_at=None, due_at=NOW)
    deliver()
    assert not OutboxMessage.objects.filter(done_at__isnull=True).exists()
    _refresh(engine)
    assert engine.count(index=index.UNITS.read_alias)["count"] == 12


def test_without_an_index_a_message_has_nothing_to_correct(dossiers, deliver, engine):
    deliver()
    assert not OutboxMessage.objects.filter(done_at__isnull=True).exists()
    assert _versions(engine) == set()
    results = search_archive(Criteria(text="充电"), at=NOW)
    assert (results.mode, results.total) == ("degraded", 2)
    for _ in range(FAILURES_TO_OPEN):
        search_archive(Criteria(text="充电"), at=NOW)
    rebuild(at=NOW)
    assert _ask("充电").total == 2


def test_a_rebuild_replaces_both_indices_and_leaves_no_other(indexed, engine):
    before = _versions(engine)
    assert len(before) == 2
    call_command("rebuild_search_index")
    after = _versions(engine)
    assert len(after) == 2
    assert not before & after
    for kind in index.KINDS:
        [name] = engine.indices.get_alias(name=kind.read_alias)
        assert name in after
        assert set(engine.indices.get_alias(name=kind.write_alias)) == {name}
        described = engine.indices.get(index=name)[name]
        assert described["settings"]["index"].get("refresh_interval") is None
        assert described["mappings"]["dynamic"] == "strict"


def test_a_failed_rebuild_leaves_what_was_there(indexed, engine, monkeypatch):
    before = _versions(engine)
    monkeypatch.setattr(index, "open_for_use", lambda *_: -1)
    with pytest.raises(RebuildFailedError):
        rebuild(at=LATER)
    assert _versions(engine) == before
    assert _ask("电动自行车").total == 1


def test_a_name_that_is_taken_costs_no_index(indexed, engine):
    before = _versions(engine)
    with pytest.raises(RebuildFailedError):
        rebuild(at=NOW)
    assert _versions(engine) == before


def test_an_interrupted_rebuild_leaves_what_was_there(indexed, engine, monkeypatch):
    before = _versions(engine)

    def interrupted():
        yield from ()
        raise KeyboardInterrupt

    monkeypatch.setattr(rebuilding, "_all_writes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        rebuild(at=LATER)
    assert _versions(engine) == before


def test_a_swap_whose_answer_is_lost_costs_no_index_that_is_in_use(indexed, engine, monkeypatch):
    swap = index.swap

    def swap_and_hear_nothing(client, versions):
        swap(client, versions)
        raise ConnectionTimeout("no answer")

    monkeypatch.setattr(index, "swap", swap_and_hear_nothing)
    with pytest.raises(RebuildFailedError):
        rebuild(at=LATER)
    assert _ask("电动自行车").total == 1
    assert _ask("电动自行车").mode == "elasticsearch"


def test_a_document_that_does_not_fit_fails_the_rebuild(indexed, engine, monkeypatch):
    before = _versions(engine)
    fitting = writing.dossier_document
    monkeypatch.setattr(
        writing, "dossier_document", lambda source: {**fitting(source), "colour": "red"}
    )
    with pytest.raises(RebuildFailedError, match="UnfitError"):
        rebuild(at=LATER)
    assert _versions(engine) == before


def test_what_changes_during_a_rebuild_is_in_the_new_index(indexed, engine, deliver, monkeypatch):
    swap = index.swap

    def swap_late(client, versions):
        item = factories.a_matter(at=NOW, title="智慧灯杆统一建设方案")
        deliver()  # goes to the old index, after the new one was filled
        assert ArchiveDossier.objects.filter(item=item).exists()
        return swap(client, versions)

    monkeypatch.setattr(index, "swap", swap_late)
    rebuild(at=LATER)
    _refresh(engine)
    assert _titles(_ask("灯杆")) == ["智慧灯杆统一建设方案"]
    # The catch-up was due at once here and met no lock: one session holds its own.
    deliver()
    assert not OutboxMessage.objects.filter(done_at=None).exists()


def test_what_changed_during_a_rebuild_that_was_killed_follows(
    indexed, engine, deliver, monkeypatch
):
    swap = index.swap

    def swap_and_die(client, versions):
        factories.a_matter(at=NOW, title="智慧灯杆统一建设方案")
        deliver()
        swap(client, versions)
        monkeypatch.setattr(index, "delete", lambda client, names: None)
        raise KeyboardInterrupt

    begun = timezone.now()
    with monkeypatch.context() as deadly:
        deadly.setattr(index, "swap", swap_and_die)
        with pytest.raises(KeyboardInterrupt):
            rebuild(at=begun)
    monkeypatch.undo()  # the old index is still there, as after a kill
    for minutes in (4, 6, 7):
        assert _titles(_ask("灯杆")) == []
        deliver_due(at=begun + timedelta(minutes=minutes))
    _refresh(engine)
    assert _titles(_ask("灯杆")) == ["智慧灯杆统一建设方案"]


@pytest.mark.postgresql
def test_who_is_to_catch_up_waits_for_a_rebuild_that_goes_on(indexed, deliver):
    deliver()
    begun = timezone.now()
    promise_to_catch_up(since=begun, at=begun)
    with psycopg.connect(**where_the_database_is()) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [REBUILD_LOCK])
        assert deliver_due(at=begun + timedelta(minutes=6)) == 1
        again = OutboxMessage.objects.get(done_at=None)
        assert again.payload == {"since": begun.isoformat()}
        assert again.due_at == begun + timedelta(minutes=11)
    assert deliver_due(at=begun + timedelta(minutes=11)) == 1
    assert not OutboxMessage.objects.filter(topic=TOPIC_CATCH_UP, done_at=None).exists()


def test_a_question_can_be_asked_among_some_matters_alone(indexed):
    parking, green = indexed["parking"].pk, indexed["green"].pk
    for text, found in (("停车", {parking}), ("", {parking, green}), ("电动自行车", set())):
        results = search_archive(Criteria(text=text), at=NOW, among=(parking, green))
        assert results.mode == "elasticsearch"
        assert {hit.item_id for hit in results.hits} == found
        assert results.total == len(found)
