"""The public list of a round's opinions: what it holds, how it is filtered, paged and cited."""

from http import HTTPStatus

import pytest
from django.core.management import call_command

from consultations import services
from consultations.lifecycle import Display, Stance, WithheldReason
from consultations.models import Opinion, OpinionPoint, OpinionTally
from tests import factories
from tests.factories.crowd import a_crowd

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]


def listed(client, page, **query):
    response = client.get(page.list_url, query)
    assert response.status_code == HTTPStatus.OK
    return response.context["listed"]


def everything_reached(client, page, **query):
    """Walk the list from its newest to its oldest opinion and return their ids."""
    seen, address = [], listed(client, page, **query).newest_url
    while address:
        one = client.get(address).context["listed"]
        seen += [opinion.pk for opinion in one.opinions]
        address = one.older_url
    return seen


def with_stance(opinion, stance):
    """Give the points of an opinion a stance, as its author would have."""
    opinion.points.update(stance=stance)
    services.recount(consultation_id=opinion.consultation_id)


def test_every_shown_opinion_is_reached_exactly_once_newest_first(client):
    page = factories.an_open_round()
    a_crowd(page, 45)
    seen = everything_reached(client, page)
    assert len(seen) == len(set(seen)) == 45 == listed(client, page).count
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    "of",
    [{"article": 1}, {"article": 0}, {"stance": "oppose"}, {"article": 2, "stance": "support"}],
)
def test_a_filtered_list_reaches_as_many_as_it_counts(client, of):
    page = factories.an_open_round()
    a_crowd(page, 200)
    names = ["whole", *(article.id for article in page.articles)]
    query = of | ({"article": names[of["article"]]} if "article" in of else {})
    seen = everything_reached(client, page, **query)
    assert 0 < len(seen) == len(set(seen)) == listed(client, page, **query).count < 200
    for opinion in Opinion.objects.filter(pk__in=seen):
        article_id = None if "article" not in of else query["article"].replace("whole", "")
        assert any(
            article_id in {None, point.article_id} and of.get("stance") in {None, point.stance}
            for point in opinion.points.all()
        )


def test_the_options_count_what_choosing_them_would_leave(client):
    page = factories.an_open_round()
    a_crowd(page, 60)
    one = listed(client, page)
    for name, options in (("article", one.article_options), ("stance", one.stance_options)):
        assert options
        for option in options:
            assert len(everything_reached(client, page, **{name: option.value})) == option.count


def test_an_opinion_on_two_articles_counts_once_in_all_and_is_shown_whole(client):
    page = factories.an_open_round()
    opinion = factories.an_opinion(page, article=1, text="第一条要写明期限。")
    OpinionPoint.objects.create(
        opinion=opinion, article_id=page.articles[1].id, text="第二条标准偏低。"
    )
    services.publish_opinion(opinion=opinion, by=factories.a_clerk(), at=opinion.submit_date)
    assert listed(client, page).count == 1
    for article in page.articles[:2]:
        html = client.get(page.list_url, {"article": article.id}).content.decode()
        assert "第一条要写明期限。" in html
        assert "第二条标准偏低。" in html


def test_an_opinion_is_reached_by_its_own_address_however_many_come_after_it(client):
    page = factories.an_open_round()
    opinion = factories.a_published_opinion(page)
    a_crowd(page, 30)
    address, _, anchor = opinion.get_absolute_url().partition("#")
    assert f'id="{anchor}"' in client.get(address).content.decode()


def test_only_what_is_shown_is_listed(client):
    page = factories.an_open_round()
    shown = factories.a_published_opinion(page, text="公开的意见。")
    factories.an_opinion(page, text="等待审核的意见。")
    factories.a_withheld_opinion(page, text="不公开的意见。")
    html = client.get(page.list_url).content.decode()
    assert everything_reached(client, page) == [shown.pk]
    assert "等待审核的意见。" not in html
    assert "不公开的意见。" not in html


def test_personal_data_stays_out(client):
    page = factories.an_open_round()
    factories.a_published_opinion(page, name="欧阳小明", email="ouyang@example.com")
    html = client.get(page.list_url).content.decode()
    assert "欧阳小明" not in html
    assert "ouyang@example.com" not in html


def test_a_redacted_opinion_shows_its_remaining_text_and_says_so(client):
    page = factories.an_open_round()
    opinion = factories.an_opinion(page, text="我住三栋二单元，充电桩太少。", article=1)
    factories.hide(opinion, "我住三栋二单元，", at=opinion.submit_date)
    html = client.get(page.list_url).content.decode()
    assert "充电桩太少。" in html
    assert "三栋二单元" not in html
    assert str(Display.PUBLISHED_REDACTED.label) in html


def test_a_text_is_escaped(client):
    page = factories.an_open_round()
    factories.a_published_opinion(page, text="<script>alert(1)</script>")
    html = client.get(page.list_url).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_the_answer_stands_beside_the_opinion_once_the_summary_is_public(client):
    page = factories.a_closed_round()
    opinion = factories.a_published_opinion(page)
    issue = factories.an_answered_issue(opinion)
    assert issue.reason not in client.get(page.list_url).content.decode()
    report = factories.a_summary(page)
    html = client.get(page.list_url).content.decode()
    for words in (issue.title, issue.reason, str(issue.get_outcome_display())):
        assert words in html
    assert f'href="{report.url}#issue-{issue.number}"' in html


@pytest.mark.parametrize("start", ["0", "-1", "x", "9" * 30, "１２", "\x00", ""])
def test_a_broken_place_in_the_list_is_not_found(client, start):
    page = factories.an_open_round()
    assert client.get(page.list_url, {"from": start}).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", ["article", "stance"])
@pytest.mark.parametrize("value", ["x", "*", "*:*", ":", "\x00", "<b>", "长" * 5000])
def test_an_unknown_filter_is_left_out_and_that_is_said(client, name, value):
    page = factories.an_open_round()
    factories.a_published_opinion(page)
    response = client.get(page.list_url, {name: value})
    assert response.status_code == HTTPStatus.OK
    assert response.context["listed"].is_unknown
    assert response.context["listed"].count == 1
    assert 'role="status"' in response.content.decode()


def test_only_the_whole_list_from_its_newest_on_is_for_search_engines(client):
    page = factories.an_open_round()
    opinion = factories.a_published_opinion(page)
    plain = client.get(page.list_url).content.decode()
    assert "noindex" not in plain
    assert f'<link rel="canonical" href="{page.full_url}opinions/">' in plain
    for query in ({"article": "whole"}, {"from": opinion.pk}, {"stance": "x"}):
        assert 'content="noindex' in client.get(page.list_url, query).content.decode()


def test_an_empty_list_says_so(client):
    page = factories.an_open_round()
    assert client.get(page.list_url).status_code == HTTPStatus.OK
    assert listed(client, page).count == 0


def test_long_letters_make_shorter_pages_and_none_is_left_out(client):
    page = factories.an_open_round()
    a_crowd(page, 25)
    OpinionPoint.objects.update(text="长" * 5_000)
    assert len(client.get(page.list_url).content) < 100_000
    assert len(set(everything_reached(client, page))) == 25


def test_an_article_taken_out_of_the_draft_can_still_be_asked_for(client):
    page = factories.an_open_round()
    opinion = factories.a_published_opinion(page, article=1)
    gone = page.articles[0].id
    page.draft = factories.articles("新的一条。")
    page.save()
    assert everything_reached(client, page, article=gone) == [opinion.pk]
    assert client.get(page.url).status_code == HTTPStatus.OK


def test_the_list_of_a_page_that_is_not_public_is_not_found(client):
    page = factories.a_draft_round()
    assert client.get(f"{page.url}opinions/").status_code == HTTPStatus.NOT_FOUND


def test_the_consultation_page_shows_the_newest_five_and_leads_to_all(client):
    page = factories.an_open_round()
    a_crowd(page, 9)
    response = client.get(page.url)
    html = response.content.decode()
    assert len(response.context["opinions"]) == 5
    assert f'href="{page.list_url}"' in html
    assert f'href="{page.list_url}?article={page.articles[0].id}"' in html


def test_what_is_rendered_once_never_outlives_what_it_was_made_of(client):
    page, clerk = factories.an_open_round(), factories.a_clerk()
    opinion = factories.a_published_opinion(
        page, article=1, name="欧阳小明", name_consent=True, text="我住三栋，充电桩太少。"
    )
    at = opinion.submit_date

    def html():
        return client.get(page.url).content.decode()

    assert html().count("欧阳小明") == 2  # under the article, and among the newest
    services.hide_name(opinion=opinion, at=at)
    assert "欧阳小明" not in html()
    assert "我住三栋" in html()
    factories.hide(opinion, "我住三栋", at=at)
    assert "我住三栋" not in html()
    client.cookies["lang"] = "en"
    assert "1 opinion shown" in html()
    del client.cookies["lang"]
    assert "1 opinion shown" not in html()
    page.notice = "<p>公告已更正。</p>"
    page.save()
    assert "公告已更正。" in html()
    services.withhold_opinion(opinion=opinion, reason=WithheldReason.ABUSE, by=clerk, at=at)
    assert "充电桩太少。" not in html()


# The tally


def truth(page):
    """Return how many are shown by a plain count of the rows."""
    return page.opinions.shown().count()


def assert_exact(page):
    tally = OpinionTally.of(page.pk)
    assert tally.count() == truth(page)
    for article in page.articles:
        points = OpinionPoint.objects.filter(
            article_id=article.id, opinion__in=page.opinions.shown()
        )
        assert tally.count(article.id) == points.values("opinion").distinct().count()
        newest = points.order_by("-opinion_id", "-pk").values_list("pk", flat=True)[:3]
        assert tally.newest.get(article.id, []) == list(newest)
    assert not services.recount(consultation_id=page.pk)


def test_the_tally_follows_every_change_of_display():
    page, clerk = factories.an_open_round(), factories.a_clerk()
    opinions = [factories.an_opinion(page, article=number % 3) for number in range(9)]
    at = opinions[0].submit_date
    for opinion in opinions:
        with_stance(opinion, Stance.OPPOSE)
        services.publish_opinion(opinion=opinion, by=clerk, at=at)
        assert_exact(page)
    factories.hide(opinions[0], "老小区", at=at)
    assert_exact(page)
    for number, take_out in enumerate(
        [
            lambda one: services.withhold_opinion(
                opinion=one, reason=WithheldReason.ABUSE, by=clerk, at=at
            ),
            lambda one: services.withdraw(opinion=one, at=at),
            lambda one: services.erase(opinion=one, at=at),
        ]
    ):
        for again in range(2):
            take_out(opinions[number + 3 * again])
            take_out(opinions[number + 3 * again])
            assert_exact(page)
    assert OpinionTally.of(page.pk).count() == 3
    services.publish_opinion(opinion=opinions[0], by=clerk, at=at)
    assert_exact(page)


def test_two_rounds_with_the_same_articles_are_counted_apart(client):
    first = factories.a_closed_round()
    second = factories.an_open_round(first.item, draft=first.draft.raw_data)
    factories.a_published_opinion(first, article=1)
    factories.a_published_opinion(second, article=1)
    for page in (first, second):
        assert_exact(page)
        assert len(everything_reached(client, page, article=page.articles[0].id)) == 1


def test_what_was_changed_past_the_services_is_found_and_mended(capsys):
    page = factories.an_open_round()
    opinions = [factories.a_published_opinion(page, article=1) for _ in range(2)]
    Opinion.objects.filter(pk=opinions[0].pk).update(display=Display.WITHHELD)
    call_command("recount_opinions")
    assert "mended=1" in capsys.readouterr().out
    assert_exact(page)
    call_command("recount_opinions")
    assert "mended=0" in capsys.readouterr().out
