"""What is done to pages never loses an opinion, doubles one, or lends it to another round."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from consultations import services
from consultations.models import ConsultationPage, DecisionItemPage, Issue, Opinion, OpinionPoint
from consultations.services.author import secret_of
from tests import factories
from tests.factories import acts
from tests.factories.review import released
from tests.integration.page_forms import form_data, said

pytestmark = [pytest.mark.django_db, pytest.mark.ready("an_open_round")]

CHANGED = "新建住宅小区应当按照每户一个的标准配建充电端口。"


@pytest.fixture
def chief():
    client = Client()
    client.force_login(factories.a_superuser())
    return client


@pytest.fixture
def answered():
    """A round with an opinion on an article and on the whole draft, one of them in an issue."""
    page = factories.an_open_round()
    factories.an_answered_issue(factories.a_published_opinion(page, article=2))
    factories.an_unconfirmed_opinion(page, email="li@example.com")
    return page


def record():
    """Everything that was said, and what it belongs to."""
    points = OpinionPoint.objects.order_by("pk")
    return (
        list(Opinion.norel_objects.order_by("pk").values_list("pk", "consultation", "comment")),
        list(points.values_list("pk", "opinion", "article_id", "issue", "text")),
    )


def post(client, name, *args, **data):
    response = client.post(reverse(f"wagtailadmin_pages:{name}", args=args), data, follow=True)
    assert response.status_code == HTTPStatus.OK
    return said(response)


def levels(page):
    """The catalogue, the matter and the round itself."""
    return list(page.get_ancestors(inclusive=True).specific())[-3:]


@pytest.mark.parametrize("is_on_record", [True, False], ids=["public", "never public"])
def test_no_page_above_an_opinion_is_deleted_in_the_admin(chief, answered, is_on_record):
    if not is_on_record:
        Page.objects.update(live=False, first_published_at=None)
    before = record()
    for page in levels(answered):
        kept = answered if not is_on_record else page
        asked = chief.get(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True)
        assert kept.title in said(asked), "said before anything is asked"
        assert kept.title in post(chief, "delete", page.pk)
        bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        in_bulk = chief.post(f"{bulk}?id={page.pk}&next=/admin/pages/", follow=True)
        assert kept.title in said(in_bulk)
    assert record() == before
    assert ConsultationPage.objects.filter(pk=answered.pk).exists()


def test_no_page_above_an_opinion_is_deleted_by_code_either(answered):
    before, pages = record(), Page.objects.count()
    for page in levels(answered):
        with pytest.raises(ProtectedError), transaction.atomic():
            page.delete()
        with pytest.raises(ProtectedError), transaction.atomic():
            Page.objects.filter(pk=page.pk).delete()
    assert (record(), Page.objects.count()) == (before, pages)


@pytest.mark.parametrize("what", ["round", "matter", "catalogue"])
def test_a_copy_takes_no_opinion_along_and_is_not_public(chief, answered, what):
    source = {
        "round": answered,
        "matter": answered.item,
        "catalogue": answered.item.get_parent(),
    }[what]
    before, issues = record(), Issue.objects.count()
    post(
        chief,
        "copy",
        source.pk,
        new_title="另一份",
        new_slug="another",
        new_parent_page=source.get_parent().pk,
        copy_subpages="on",
        publish_copies="on",
        alias="on",
    )
    copy = ConsultationPage.objects.exclude(pk=answered.pk).get()
    assert record() == before
    assert Issue.objects.count() == issues
    assert not copy.opinions.exists()
    assert not copy.is_open(at=timezone.now())
    assert not Page.objects.get(slug="another").get_descendants(inclusive=True).live().exists()
    assert copy not in ConsultationPage.objects.open(at=timezone.now())
    assert Client().get(reverse("opinions:write", args=[copy.pk])).status_code == 404
    assert Client().get(copy.get_absolute_url()).status_code == 404


def test_a_copy_shares_article_ids_with_its_original_and_no_opinion(chief, answered):
    """A second round keeps the articles' names; each opinion is asked for by its round."""
    other = factories.a_matter(number=9)
    post(
        chief,
        "copy",
        answered.pk,
        new_title="第二轮",
        new_slug="consultation-2",
        new_parent_page=other.pk,
    )
    copy = ConsultationPage.objects.get(slug="consultation-2")
    assert [one.id for one in copy.articles] == [one.id for one in answered.articles]
    copy.closes_on += timedelta(days=10)
    acts.open_round(page=copy, by=factories.a_publisher(), at=timezone.now())
    before = Client().get(copy.get_absolute_url()).context
    assert before["opinion_count"] == before["shown_count"] == 0
    assert [part["count"] for part in before["parts"]] == [0, 0, 0]

    factories.a_published_opinion(copy, article=2, text="只对第二轮说的话。")
    first = Client().get(answered.get_absolute_url())
    second = Client().get(copy.get_absolute_url())
    assert [part["count"] for part in first.context["parts"]] == [0, 1, 0]
    assert [part["count"] for part in second.context["parts"]] == [0, 1, 0]
    assert "只对第二轮说的话。" in second.content.decode()
    assert "只对第二轮说的话。" not in first.content.decode()


def test_a_round_moved_before_it_was_public_takes_opinions_where_it_is(chief):
    page = factories.a_draft_round()
    other = factories.a_matter(number=9)
    post(chief, "move_confirm", page.pk, other.pk)
    moved = ConsultationPage.objects.get(pk=page.pk)
    acts.open_round(page=moved, by=factories.a_publisher(), at=timezone.now())
    opinion = factories.an_opinion(moved)
    assert opinion.consultation.item.pk == other.pk


def with_changed_article(page):
    """The editor's form with another text in the second article, its blocks as they were."""
    data = form_data(page)
    for n, block in enumerate(page.draft):
        data[f"draft-{n}-id"] = block.id
    return data | {"draft-1-value-text": CHANGED}


def test_a_draft_that_people_answer_is_not_changed_and_the_editors_work_is_kept(chief, answered):
    url = reverse("wagtailadmin_pages:edit", args=[answered.pk])
    data = with_changed_article(answered) | {"background": form_data(answered)["background"]}
    response = chief.post(url, data | {"action-publish": "on", "summary": "一句话"}, follow=True)

    assert response.status_code == HTTPStatus.OK
    assert "CON-5" in said(response)
    public = ConsultationPage.objects.get(pk=answered.pk)
    assert [one.text for one in public.articles] == list(factories.pages.DRAFT)
    assert [one.id for one in public.articles] == [one.id for one in answered.articles]
    assert CHANGED not in Client().get(public.get_absolute_url()).content.decode()
    kept = public.get_latest_revision_as_object()
    assert kept.articles[1].text == CHANGED
    assert kept.summary == "一句话"
    shown_again = chief.get(url).context["form"]["draft"].value()
    assert shown_again[1].value["text"] == CHANGED


def test_the_rest_of_an_open_round_can_be_corrected(chief, answered):
    url = reverse("wagtailadmin_pages:edit", args=[answered.pk])
    data = with_changed_article(answered) | {"draft-1-value-text": answered.articles[1].text}
    chief.post(url, data | {"summary": "一句话"})
    saved = ConsultationPage.objects.get(pk=answered.pk)
    released(saved.get_latest_revision_as_object())
    chief.post(url, data | {"action-publish": "on", "summary": "一句话"}, follow=True)
    public = ConsultationPage.objects.get(pk=answered.pk)
    assert public.summary == "一句话"
    assert [one.id for one in public.articles] == [one.id for one in answered.articles]


def test_an_open_round_with_opinions_is_not_taken_down_in_the_admin(chief, answered):
    before = record()
    for page in levels(answered):
        assert post(chief, "unpublish", page.pk, include_descendants="on")
    assert ConsultationPage.objects.get(pk=answered.pk).live
    assert record() == before


def test_a_round_taken_down_by_code_keeps_its_opinions_and_can_be_public_again(answered):
    opinion = Opinion.objects.filter(consultation=answered).first()
    before = record()
    answered.unpublish()

    assert record() == before
    client = Client()
    assert client.get(answered.get_absolute_url()).status_code == HTTPStatus.GONE
    with pytest.raises(services.OpinionRefused):
        factories.an_unconfirmed_opinion(ConsultationPage.objects.get(pk=answered.pk))
    typed = {"receipt_no": opinion.receipt_no}
    assert client.post(reverse("opinions:status"), typed).status_code == HTTPStatus.OK
    mine = reverse("opinions:mine", args=[secret_of(opinion)])
    assert client.get(mine).status_code == HTTPStatus.OK

    page = ConsultationPage.objects.get(pk=answered.pk)
    page.closes_on += timedelta(days=10)  # for the days that were lost: CON-2 asks anew
    acts.open_round(page=page, by=factories.a_publisher(), at=timezone.now())
    assert client.get(page.get_absolute_url()).context["shown_count"] == 1
    assert record() == before
    assert DecisionItemPage.objects.get(pk=page.item.pk).stage == page.item.stage
