"""What an answer costs does not grow with what there is to tell."""

from django.test import Client

from consultations.models import ConsultationPage, DecisionItemPage, Issue, Opinion, OpinionPoint
from decisions.models import DecisionPage
from tests import factories
from tests.factories.crowd import a_crowd
from tests.integration.open_data.conftest import NOW, ROOT, rebuild_archive
from tests.integration.statements import statements

MOST_STATEMENTS = 8
MOST_OF_A_SEARCH = 20
MOST_BYTES = 200_000


def copies(count):
    """Add matters with a round, a co-drafting unit and a decision each, public as plain rows."""
    start = DecisionItemPage.objects.count()
    for number in range(start, start + count):
        item = factories.a_matter(at=NOW, title=f"事项{number}")
        item.co_units.add(item.lead_unit)
        item.save()
        for page in (
            ConsultationPage(title="公告", slug="consultation-1", opens_on=NOW.date()),
            DecisionPage(title="决定", slug="decision", published_on=NOW.date()),
        ):
            DecisionItemPage.objects.get(pk=item.pk).add_child(instance=page)


def test_a_list_of_50_costs_no_more_statements_than_one_of_5(city):
    paths = (
        f"{ROOT}/catalogues/2026/",
        f"{ROOT}/matters/?limit=100",
        f"{ROOT}/consultations/?limit=100",
        f"{ROOT}/decisions/?limit=100&on=2027-01-01",
        f"{ROOT}/search/",
    )
    copies(5)
    rebuild_archive()
    few = [statements(Client(), path) for path in paths]
    copies(45)
    rebuild_archive()
    for path, (before, small) in zip(paths, few, strict=True):
        after, large = statements(Client(), path)
        assert len(large.content) > len(small.content), path
        assert len(after) <= len(before), "\n".join(after)
        assert len(after) <= (MOST_OF_A_SEARCH if "search" in path else MOST_STATEMENTS), path
        assert len(large.content) < MOST_BYTES, path


def test_opinions_are_read_a_page_at_a_time(city):
    path = f"{ROOT}/consultations/{city.parking.pk}/opinions/"
    few, _ = statements(Client(), path)
    a_crowd(city.parking, 2_000)
    many, response = statements(Client(), path)
    assert len(many) == len(few) <= MOST_STATEMENTS, "\n".join(many)
    assert len(response.json()["items"]) == 20
    deep, _ = statements(Client(), response.json()["next"].removeprefix("http://testserver"))
    assert len(deep) == len(many)
    assert not any("OFFSET" in one for one in (*many, *deep))
    assert all("LIMIT" in one or "COUNT" in one for one in many if "opinionpoint" in one)


def test_issues_are_counted_in_one_statement(city):
    path = f"{ROOT}/consultations/{city.closed.pk}/issues/?limit=100"
    few, _ = statements(Client(), path)
    for number in range(2, 52):
        issue = Issue.objects.create(
            consultation=city.closed, number=number, title="问题", outcome="noted", reason="理由"
        )
        OpinionPoint.objects.create(opinion=city.shown, text="内容", issue=issue)
    many, response = statements(Client(), path)
    assert len(response.json()["items"]) == 51
    assert len(many) == len(few) <= MOST_STATEMENTS, "\n".join(many)


def test_one_thing_costs_the_same_whatever_else_there_is(city):
    paths = (
        f"{ROOT}/matters/2026/01/",
        f"{ROOT}/consultations/{city.closed.pk}/",
        f"{ROOT}/decisions/{city.decision.pk}/",
    )
    before = [len(statements(Client(), path)[0]) for path in paths]
    copies(3)
    a_crowd(city.closed, 500)
    after = [len(statements(Client(), path)[0]) for path in paths]
    assert after == before
    assert max(after) <= MOST_STATEMENTS + 6


def test_long_opinions_cannot_make_a_page_without_bounds(city):
    a_crowd(city.parking, 150)
    OpinionPoint.objects.update(text="长" * 5_000)
    answer = Client().get(f"{ROOT}/consultations/{city.parking.pk}/opinions/?limit=100")
    assert Opinion.objects.count() > 100
    assert len(answer.json()["items"]) == 100
