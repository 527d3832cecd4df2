"""The questions to the engine, word by word, without an engine."""

import json
import re
from datetime import date

import pytest

from consultations.lifecycle import Outcome, Stage
from decisions.models import UnitKind
from decisions.search.criteria import LONGEST_QUESTION, Criteria, Sort
from decisions.search.language import read_question
from decisions.search.query import (
    MOST_FACET_VALUES,
    dossier_search,
    nearest_search,
    node_query,
    stage_filter,
    text_query,
    unit_search,
)
from decisions.search.question import Alike, AnyWords, DateField, Words
from decisions.search.synonyms import widened

TODAY = date(2026, 11, 24)
NEWEST_FIRST = [
    {"latest_on": {"order": "desc", "format": "strict_date"}},
    {"dossier_id": "desc"},
]


def _body(**asked):
    criteria = Criteria(**asked)
    return dossier_search(criteria, criteria.question, today=TODAY).to_dict()


def test_words_are_looked_for_as_phrase_and_as_pairs():
    assert text_query("电动自行车").to_dict() == {
        "bool": {
            "minimum_should_match": 1,
            "should": [
                {"match_phrase": {"title.zh_uni": {"query": "电动自行车", "boost": 20}}},
                {
                    "multi_match": {
                        "query": "电动自行车",
                        "type": "best_fields",
                        "fields": ["title^6", "summary^2", "body"],
                        "minimum_should_match": "2<75%",
                    }
                },
                {"match_phrase": {"body.zh_uni": {"query": "电动自行车", "boost": 3}}},
            ],
        }
    }


def test_words_of_which_any_will_do_are_looked_for_as_pairs_and_by_their_characters():
    found = nearest_search(Criteria(), AnyWords("下雪天的门口"), today=TODAY, most=5).to_dict()
    signs = {"query": "下雪天 门口", "boost": 0.5}
    assert found["query"] == {
        "bool": {
            "minimum_should_match": 1,
            "should": [
                {"match": {"body": "下雪天的门口"}},
                {"match": {"body.zh_uni": signs}},
            ],
        }
    }
    assert (found["size"], found["track_total_hits"]) == (5, False)
    assert "aggs" not in found
    passages = unit_search(AnyWords("下雪天的门口"), [1]).to_dict()["query"]["bool"]["must"]
    assert passages[0]["bool"]["should"] == [
        {"match": {"text": "下雪天的门口"}},
        {"match": {"text.zh_uni": signs}},
    ]


def test_words_of_a_question_are_looked_for_without_its_little_words():
    (title, words, body) = text_query("电瓶车能不能在楼道里充电").to_dict()["bool"]["should"]
    assert words["multi_match"]["query"] == "电瓶车 楼道 充电"
    assert title["match_phrase"]["title.zh_uni"]["query"] == "电瓶车能不能在楼道里充电"
    assert body["match_phrase"]["body.zh_uni"]["query"] == "电瓶车能不能在楼道里充电"


def test_a_lone_character_has_to_occur_beside_longer_words():
    words = text_query("梯 充电 充电").to_dict()["bool"]["should"][1]["bool"]["must"]
    assert words[0]["multi_match"]["query"] == "充电"
    assert words[1:] == [{"match_phrase": {"body.zh_uni": "梯"}}]


def test_several_ways_to_say_the_same_count_by_the_best_of_them():
    plainly, otherwise = text_query("停车位").to_dict(), text_query("车位").to_dict()
    assert _query(widened(Words("停车位"), (("停车位", "车位"),))) == {
        "dis_max": {"queries": [plainly, otherwise]}
    }


def test_what_letters_may_be_typed_for_counts_next_to_nothing_beside_them():
    typed, meant = text_query("tingche").to_dict(), text_query("停车").to_dict()
    assert _query(Alike((Words("tingche"), Words("停车")), 0.01)) == {
        "dis_max": {"queries": [typed, {"bool": {"must": [meant], "boost": 0.01}}]}
    }


def test_no_question_asks_for_a_pattern_or_for_more_than_one_may():
    for sign in ("电瓶车", "电瓶车 ", "a* ", "?", "/.*/ ", "～~2 "):
        text = (sign * LONGEST_QUESTION)[:LONGEST_QUESTION]
        body = json.dumps(
            _query(widened(read_question(text), (("电瓶车", "电动自行车", "电单车"),)))
        )
        assert not {"wildcard", "regexp", "fuzzy", "query_string", "script"} & set(_keys(body))
        assert len(body) < 40_000


def _keys(body):
    return re.findall(r'"(\w+)":', body)


def _query(node):
    return node_query(node, today=TODAY).to_dict()


def test_a_document_number_outweighs_all_words():
    first = text_query("澜政示[2026]第003号").to_dict()["bool"]["should"][0]
    assert first == {
        "constant_score": {"filter": {"term": {"document_no": "澜政示|2026|3"}}, "boost": 1000}
    }


def test_without_words_everything_is_listed_by_date():
    body = _body()
    assert body["query"] == {"match_all": {}}
    assert body["sort"] == NEWEST_FIRST
    assert "post_filter" not in body


def test_a_page_is_cut_out_and_counted_exactly():
    body = _body(text="补偿", page=3)
    assert (body["from"], body["size"], body["track_total_hits"]) == (40, 20, True)
    assert body["timeout"] == "2s"
    assert body["_source"] is False
    assert body["sort"] == ["_score", *NEWEST_FIRST]
    assert "highlight" not in body, "titles are marked without the engine"


def test_a_page_that_follows_a_position_begins_there_and_asks_for_one_more():
    criteria = Criteria(text="补偿", page=3)
    position = ("score", 1.5, "2026-03-01", 7)
    search = dossier_search(criteria, criteria.question, today=TODAY, after=position)
    body = search.to_dict()
    assert (body["search_after"], body["size"]) == ([1.5, "2026-03-01", 7], 21)
    assert "from" not in body


def test_results_can_be_asked_for_by_date():
    assert _body(text="补偿", sort=Sort.DATE)["sort"] == NEWEST_FIRST


def test_results_can_be_asked_for_by_number_of_opinions():
    most_first = [{"opinion_count": "desc"}, *NEWEST_FIRST]
    assert _body(text="补偿", sort=Sort.OPINIONS)["sort"] == most_first
    assert _body(sort=Sort.OPINIONS)["sort"] == most_first


def test_matters_can_be_asked_for_by_what_they_hold():
    body = _body(kind=(UnitKind.OPINION,), outcome=(Outcome.ADOPTED,))
    kind, outcome = {"terms": {"kind": ["opinion"]}}, {"terms": {"outcome": ["adopted"]}}
    assert body["post_filter"] == {"bool": {"filter": [kind, outcome]}}
    assert body["aggs"]["kind"]["filter"] == {"bool": {"filter": [outcome]}}


def test_passages_of_chosen_kinds_are_asked_for_alone():
    body = unit_search(Words("补偿"), [3], kinds=(UnitKind.OPINION, UnitKind.ANSWER)).to_dict()
    assert body["query"]["bool"]["filter"] == [
        {"terms": {"dossier_id": [3]}},
        {"terms": {"kind": ["opinion", "answer"]}},
    ]


def test_a_choice_filters_results_but_not_its_own_counts():
    body = _body(text="补偿", year=(2026,), unit=("zjj", "swj"))
    year, unit = {"terms": {"year": [2026]}}, {"terms": {"unit": ["zjj", "swj"]}}
    assert body["post_filter"] == {"bool": {"filter": [year, unit]}}
    filters = {name: facet["filter"] for name, facet in body["aggs"].items()}
    assert filters == {
        "year": {"bool": {"filter": [unit]}},
        "stage": {"bool": {"filter": [year, unit]}},
        "unit": {"bool": {"filter": [year]}},
        "topic": {"bool": {"filter": [year, unit]}},
        "category": {"bool": {"filter": [year, unit]}},
        "kind": {"bool": {"filter": [year, unit]}},
        "outcome": {"bool": {"filter": [year, unit]}},
    }
    assert body["aggs"]["year"]["aggs"]["values"] == {
        "terms": {"field": "year", "size": MOST_FACET_VALUES}
    }


def test_stages_follow_the_clock():
    over = {"range": {"last_closes_on": {"lt": "2026-11-24"}}}
    ahead = {"range": {"last_opens_on": {"gt": "2026-11-24"}}}
    open_ = {"term": {"stage": "consulting"}}
    assert stage_filter(Stage.CONSULTING, today=TODAY).to_dict() == {
        "bool": {"filter": [open_], "must_not": [over, ahead]}
    }
    moved_by_the_clock = {Stage.CONSULTATION_CLOSED: over, Stage.DRAFTING: ahead}
    for stage, when in moved_by_the_clock.items():
        assert stage_filter(stage, today=TODAY).to_dict() == {
            "bool": {
                "minimum_should_match": 1,
                "should": [{"term": {"stage": stage}}, {"bool": {"filter": [open_, when]}}],
            }
        }
    assert stage_filter(Stage.PUBLISHED, today=TODAY).to_dict() == {"term": {"stage": "published"}}


def test_every_stage_is_counted():
    counted = _body()["aggs"]["stage"]["aggs"]["values"]["filters"]["filters"]
    assert set(counted) == {str(stage) for stage in Stage}


def test_articles_are_asked_for_only_below_the_dossiers_on_the_page():
    body = unit_search(Words("补偿"), [3, 1]).to_dict()
    assert body["size"] == 0
    assert body["query"]["bool"]["filter"] == [{"terms": {"dossier_id": [3, 1]}}]
    assert body["query"]["bool"]["should"] == [
        {"term": {"kind": {"value": "decision", "boost": 0.1}}}
    ]
    best = body["aggs"]["dossier"]["aggs"]["best"]["top_hits"]
    assert body["aggs"]["dossier"]["terms"] == {"field": "dossier_id", "size": 20}
    assert (best["size"], best["_source"]) == (6, False)
    assert best["highlight"]["fields"] == {"text": {"number_of_fragments": 1, "fragment_size": 160}}


def _asked(text):
    return _body(text=text)["query"]


def test_a_phrase_is_asked_for_to_the_letter_and_counts_more_in_the_title():
    assert _asked("“公共停车”") == {
        "bool": {
            "must": [{"match_phrase": {"body.zh_uni": "公共停车"}}],
            "should": [{"match_phrase": {"title.zh_uni": {"query": "公共停车", "boost": 20}}}],
        }
    }


def test_operators_become_conditions():
    title = {"match_phrase": {"title.zh_uni": "停车"}}
    years = {"bool": {"filter": [{"range": {"year": {"gte": "2020", "lte": "2026"}}}]}}
    assert _asked("标题:停车 年份:2020..2026") == {"bool": {"must": [title, years]}}
    assert _asked("标题:停车 OR 年份:2020..2026") == {
        "bool": {"should": [title, years], "minimum_should_match": 1}
    }
    assert _asked("-标题:停车") == {"bool": {"must_not": [title], "filter": [{"match_all": {}}]}}


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("文号:澜政示[2026]第003号", {"term": {"document_no": "澜政示|2026|3"}}),
        ("文号:澜政示", {"prefix": {"document_no": "澜政示|"}}),
        ("主题:交通", {"terms": {"topic": ["industry"]}}),
        ("截止:2026-03", {"range": {"closes_on": {"gte": "2026-03-01", "lte": "2026-03-31"}}}),
        ("施行:..2026", {"range": {"effective_on": {"lte": "2026-12-31"}}}),
    ],
)
def test_fields_become_conditions(text, condition):
    assert _asked(text) == {"bool": {"filter": [condition]}}


def test_without_words_that_rank_results_come_by_date():
    body = _body(text="年份:2026")
    assert body["sort"] == NEWEST_FIRST


def test_spans_of_days_narrow_results_and_counts():
    march = (date(2026, 3, 1), None)
    body = _body(text="补偿", days=((DateField.CLOSES, march),))
    assert body["query"]["bool"]["filter"] == [{"range": {"closes_on": {"gte": "2026-03-01"}}}]


def test_only_what_is_asked_for_is_looked_up_in_passages():
    node = Criteria(text="“停车” AND 收费 NOT 听证 年份:2026").question
    ways = unit_search(node, [1]).to_dict()["query"]["bool"]["must"][0]["bool"]["should"]
    assert [way["match_phrase"]["text.zh_uni"]["query"] for way in ways] == ["停车", "收费"]
