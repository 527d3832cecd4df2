"""What programs are told of each thing: what its page shows, and no more."""

from datetime import timedelta

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from consultations.models import ConsultationPage, FeedbackReportPage
from decisions.lifecycle import Supersession
from decisions.models import DecisionPage
from tests import factories
from tests.integration.open_data.conftest import NOW


def ids(listing):
    return [one["id"] for one in listing["items"]]


def test_a_catalogue_tells_its_published_changes(city, read):
    (listed,) = read("/catalogues/")["items"]
    whole = read("/catalogues/2026/")
    assert listed.items() <= whole.items()
    assert (listed["id"], listed["year"]) == ("2026", 2026)
    assert listed["url"] == "http://testserver/catalogue/2026/"
    assert [one["matter"] for one in whole["adjustments"]] == ["2026/02", "2026/03", "2026/04"]
    assert whole["adjustments"][0]["kind"] == "add"


def test_a_change_of_a_matter_that_some_may_not_read_is_not_told(city, read):
    PageViewRestriction.objects.filter(page=city.private).update(page=city.private.item)
    assert "内部事项" not in str(read("/catalogues/2026/"))


def test_a_matter_is_named_by_its_catalogue_and_number(city, read):
    listed = {one["id"]: one for one in read("/matters/")["items"]}
    whole = read("/matters/2026/01/")
    assert listed["2026/01"].items() <= whole.items()
    assert whole["title"] == city.decided.title
    assert [one["id"] for one in whole["consultations"]] == [city.closed.pk]
    assert whole["unit"]["name"] == "市住房和城乡建设局"


def test_the_stage_of_a_matter_follows_the_clock(city, read, time_machine_at):
    assert read("/matters/2026/02/")["stage"] == "consulting"
    time_machine_at(NOW + timedelta(days=21))
    assert read("/matters/2026/02/")["stage"] == "consultation_closed"
    assert read(f"/consultations/{city.parking.pk}/")["phase"] == "closed"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"unit": "jtj"}, ["2026/02"]),
        ({"topic": "defence"}, []),
        ({"catalogue": "2025"}, []),
        ({"catalogue": "2026", "unit": "jtj", "topic": "construction"}, ["2026/02"]),
    ],
)
def test_matters_are_narrowed_by_everything_that_is_asked(city, read, asked, found):
    assert ids(read("/matters/", **asked)) == found


def test_a_round_tells_its_draft_and_what_became_of_the_opinions(city, read):
    whole = read(f"/consultations/{city.closed.pk}/")
    assert [one["number"] for one in whole["articles"]] == ["第一条", "第二条", "第三条"]
    assert whole["articles"][1]["url"] == f"{whole['url']}#{city.closed.articles[1].anchor}"
    assert (whole["opinions_shown"], whole["opinions_received"]) == (2, 3)
    assert whole["adoption_summary"]["opinions"] == 3
    assert whole["adoption_summary"]["outcomes"][0] == {
        "outcome": "adopted",
        "outcome_label": "采纳",
        "opinions": 3,
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["parking", "closed"]),
        ({"phase": "open"}, ["parking"]),
        ({"phase": "closed"}, ["closed"]),
        ({"phase": "scheduled"}, []),
        ({"matter": "2026/01"}, ["closed"]),
        ({"matter": "2026/04"}, []),
        ({"matter": "6/01"}, []),
        ({"unit": "jtj"}, ["parking"]),
    ],
)
def test_rounds_are_narrowed_by_everything_that_is_asked(city, read, asked, found):
    assert ids(read("/consultations/", **asked)) == [getattr(city, one).pk for one in found]


def test_an_opinion_is_told_as_it_is_shown(city, read):
    hidden, named = read(f"/consultations/{city.closed.pk}/opinions/")["items"]
    assert (named["id"], named["name"], named["text"]) == (
        city.shown.pk,
        "李雷",
        "建议增加夜间巡查。",
    )
    assert named["points"][0]["article"] == city.closed.articles[1].id
    assert (hidden["name"], hidden["is_redacted"]) == ("王**", True)
    assert "和平路" not in str(hidden)
    assert hidden["points"][0]["text"] is None
    assert named["issues"] == hidden["issues"] == [city.issue.number]
    path = named["url"].removeprefix("http://testserver")
    assert f'id="o-{city.shown.pk}"' in Client().get(path.split("#")[0]).content.decode()


def test_opinions_are_narrowed_by_article_and_stance(city, read):
    path = f"/consultations/{city.parking.pk}/opinions/"
    article = city.parking.articles[0].id
    assert len(read(path, article=article)["items"]) == 4
    assert len(read(path, article="whole")["items"]) == 4
    assert read(path, article="no-such-article")["items"] == []
    assert read(path, stance="support")["items"] == []


def test_an_answer_is_told_only_once_the_summary_is_public(city, read):
    issues, opinions = (f"/consultations/{city.closed.pk}/{one}/" for one in ("issues", "opinions"))
    (issue,) = read(issues)["items"]
    assert (issue["outcome"], issue["reason"], issue["opinions"]) == (
        "adopted",
        "已改为十二个月。",
        3,
    )
    assert issue["url"].endswith("/consultation-1/feedback/#issue-1")
    FeedbackReportPage.objects.update(live=False)
    assert read(issues)["items"] == []
    assert [one["issues"] for one in read(opinions)["items"]] == [[], []]
    assert read(f"/consultations/{city.closed.pk}/")["adoption_summary"] is None


def test_a_decision_is_found_by_its_number_however_written(city, read):
    for spelling in ("澜政示〔2026〕1号", "澜政示[2026]1号", "澜政示（2026）第01號"):
        assert ids(read("/decisions/", document_no=spelling)) == [city.decision.pk]
    assert ids(read("/decisions/", index_no=city.decision.index_no)) == [city.decision.pk]
    assert ids(read("/decisions/", matter="2026/01", unit="unit-1")) == [city.decision.pk]
    assert ids(read("/decisions/", matter="2026/02")) == []


@pytest.mark.parametrize(
    "asked",
    [{"document_no": "第九号"}, {"document_no": ""}, {"index_no": ""}, {"index_no": "\x00"}],
)
def test_a_number_that_cannot_be_is_refused_and_never_left_out(city, read, asked):
    problem = read("/decisions/", status=422, **asked)
    assert [one["parameter"] for one in problem["errors"]] == list(asked)


def test_a_decision_tells_its_articles_and_where_the_changes_are(city, read):
    whole = read(f"/decisions/{city.decision.pk}/")
    assert len(whole["articles"]) == 3
    assert whole["matter"] == "2026/01"
    changes = Client().get(whole["changes_url"].removeprefix("http://testserver"))
    assert changes.json()["document_number"] == whole["document_no"]
    assert whole["superseded_by"] is None


def test_validity_is_told_for_the_day_that_is_asked_about(city, read):
    path = f"/decisions/{city.decision.pk}/"
    assert read(path)["validity"] == "not_yet_effective"
    told = read(path, on="2026-12-24")
    assert (told["validity"], told["validity_on"]) == ("in_force", "2026-12-24")
    assert read("/decisions/", on="2026-12-24")["items"][0]["validity"] == "in_force"
    assert read("/decisions/", on="2026-11-01")["items"] == []


def test_a_later_decision_is_told_only_while_it_is_public(city, read):
    later = factories.a_draft_decision(city.parking.item, at=NOW, effective_on=NOW.date())
    DecisionPage.objects.filter(pk=city.decision.pk).update(
        superseded_by=later, supersession=Supersession.REPEALED
    )
    path = f"/decisions/{city.decision.pk}/"
    assert read(path)["superseded_by"] is None
    DecisionPage.objects.filter(pk=later.pk).update(live=True)
    told = read(path)
    assert (told["superseded_by"]["id"], told["superseded_by"]["did"]) == (later.pk, "repealed")


def test_a_search_tells_hits_passages_and_exact_counts(city, read):
    found = read("/search/", q="电动自行车停放充电安全管理办法")
    assert found["total"] == 1
    (hit,) = found["items"]
    assert (hit["matter"], hit["document_no"]) == ("2026/01", "澜政示〔2026〕1号")
    assert hit["url"] == "http://testserver/catalogue/2026/01/"
    passages = [
        one for hit in read("/search/", q="配建充电端口")["items"] for one in hit["passages"]
    ]
    assert any(piece["is_match"] for one in passages for piece in one["segments"])
    assert all(one["url"].startswith("http://testserver/catalogue/") for one in passages)
    counts = {one["name"]: one["values"] for one in found["facets"]}
    assert counts["unit"] == [{"value": "unit-1", "label": "市住房和城乡建设局", "count": 1}]
    assert counts["stage"] == [{"value": "published", "label": "决策已公布", "count": 1}]


def test_a_search_is_narrowed_like_the_page_of_the_archive(city, read):
    found = read("/search/", unit=["jtj", "unit-1"], stage="consulting", sort="date")
    assert {one["matter"] for one in found["items"]} == {"2026/02", "2026/04"}
    assert read("/search/", decided_from="2026-11-24", decided_to="2026-11-24")["total"] == 1


@pytest.mark.parametrize("kind", ["private", "draft"])
@pytest.mark.parametrize("below", ["", "opinions/", "issues/"])
def test_what_is_not_public_is_not_there(city, read, kind, below):
    problem = read(f"/consultations/{getattr(city, kind).pk}/{below}", status=404)
    assert problem["title"] == "Not Found"
    assert problem["errors"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/matters/2026/99/",
        "/matters/2025/01/",
        "/catalogues/2025/",
        "/decisions/2147483647/",
        "/consultations/99999/",
        "/no/such/thing/",
        "/",
    ],
)
def test_what_is_not_there_is_told_as_data(city, read, path):
    assert read(path, status=404)["status"] == 404


def test_what_was_taken_down_is_gone(city, read):
    ConsultationPage.objects.get(pk=city.parking.pk).unpublish(user=factories.a_publisher())
    for below in ("", "opinions/", "issues/"):
        assert read(f"/consultations/{city.parking.pk}/{below}", status=410)["title"] == "Gone"
    assert ids(read("/consultations/")) == [city.closed.pk]
    DecisionPage.objects.get(pk=city.decision.pk).unpublish(user=factories.a_publisher())
    assert read(f"/decisions/{city.decision.pk}/", status=410)
    city.parking.item.unpublish(user=factories.a_publisher())
    assert read("/matters/2026/02/", status=410)
