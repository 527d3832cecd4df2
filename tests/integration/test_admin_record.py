"""No way round the verbs: what is on record is not published, taken down or moved otherwise."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from consultations.lifecycle import Stage
from consultations.models import ConsultationPage, DecisionItemPage
from home.models import StandardPage
from portal.accounts.models import User
from tests import factories
from tests.integration.page_forms import form_data, said

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(params=[factories.a_publisher, factories.a_superuser], ids=["publisher", "chief"])
def publisher(request: pytest.FixtureRequest) -> Client:
    return signed_in(request.param())


@pytest.fixture
def chief() -> Client:
    """May everything that Wagtail's permissions let anyone do."""
    return signed_in(factories.a_superuser())


def fresh(page: Page) -> Page:
    return type(page).objects.get(pk=page.pk)


def act(client: Client, name: str, *args: int, **data: object) -> str:
    """Post to an act of Wagtail's page admin; return what it says then."""
    url = reverse(f"wagtailadmin_pages:{name}", args=args)
    return said(client.post(url, data, follow=True))


def act_in_bulk(client: Client, name: str, *pages: Page, **data: object) -> str:
    """Confirm a bulk action on pages; return what it says then."""
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", name])
    query = "&".join(f"id={page.pk}" for page in pages) + "&next=/admin/pages/"
    return said(client.post(f"{url}?{query}", data, follow=True))


def act_by_api(client: Client, name: str, page: Page, **data: object) -> int:
    """Post to an act of the admin's own API; return the status."""
    url = reverse("wagtailadmin_api:pages:action", args=[page.pk, name])
    return client.post(url, data).status_code


def test_bulk_publishing_is_refused(publisher: Client) -> None:
    page = factories.a_draft_round(background="")

    assert page.title in act_in_bulk(publisher, "publish", page)
    assert not fresh(page).live


def test_bulk_publishing_with_what_stands_below_is_refused(publisher: Client) -> None:
    page = factories.a_draft_round()

    said_then = act_in_bulk(publisher, "publish", page.get_parent(), include_descendants="on")

    assert page.get_parent().title in said_then
    assert not fresh(page).live


def test_a_draft_below_an_ordinary_page_is_not_published_along(chief: Client) -> None:
    draft = factories.a_draft_catalogue()

    said_then = act_in_bulk(chief, "publish", draft.get_parent(), include_descendants="on")

    assert draft.title in said_then
    assert not fresh(draft).live


def test_ordinary_pages_are_published_in_bulk_as_ever(publisher: Client) -> None:
    home = factories.the_home_page()
    page = home.add_child(
        instance=StandardPage(title="关于", slug="about", body="<p>本站</p>", live=False)
    )

    act_in_bulk(publisher, "publish", page)

    assert fresh(page).live


@pytest.mark.parametrize("name", ["publish", "unpublish", "delete", "copy", "create_alias", "move"])
def test_the_admin_api_carries_out_nothing(chief: Client, name: str) -> None:
    page = factories.a_draft_round(background="")

    assert act_by_api(chief, name, page) == 404
    assert not fresh(page).live


def test_the_admin_api_still_reads(chief: Client) -> None:
    page = factories.a_draft_round()

    response = chief.get(reverse("wagtailadmin_api:pages:detail", args=[page.pk]))

    assert response.json()["title"] == page.title


def test_a_copy_is_a_draft_even_when_asked_otherwise(publisher: Client) -> None:
    page = factories.an_open_round()

    act(
        publisher,
        "copy",
        page.pk,
        new_title="第二轮",
        new_slug="consultation-2",
        new_parent_page=page.get_parent().pk,
        publish_copies="on",
        alias="on",
    )

    copy = ConsultationPage.objects.get(slug="consultation-2")
    assert not copy.live
    assert copy.alias_of_id is None
    assert copy.first_published_at is None
    assert len(copy.articles) == len(page.articles)


def test_a_copied_matter_starts_at_the_beginning(publisher: Client) -> None:
    item = factories.a_decision().item

    act(
        publisher,
        "copy",
        item.pk,
        new_title="另一事项",
        new_slug="02",
        new_parent_page=item.get_parent().pk,
        copy_subpages="on",
        publish_copies="on",
    )

    copy = DecisionItemPage.objects.get(slug="02")
    assert copy.stage == Stage.CATALOGUED
    assert copy.get_latest_revision_as_object().stage == Stage.CATALOGUED
    assert not copy.get_descendants(inclusive=True).live().exists()
    assert copy.get_descendants().count() == item.get_descendants().count()


@pytest.mark.parametrize("build", [factories.an_open_round, factories.a_summary])
def test_what_was_public_is_not_taken_down(publisher: Client, build: object) -> None:
    page = build()

    assert page.title in act(publisher, "unpublish", page.pk)
    assert fresh(page).live
    assert page.title in act_in_bulk(publisher, "unpublish", page)
    assert fresh(page).live


def test_a_branch_with_a_public_round_is_not_taken_down(publisher: Client) -> None:
    page = factories.an_open_round()

    act(publisher, "unpublish", page.get_parent().pk, include_descendants="on")
    act_in_bulk(publisher, "unpublish", factories.the_home_page(), include_descendants="on")

    assert fresh(page).live
    assert fresh(page.item).live


def test_what_was_public_is_not_deleted(publisher: Client) -> None:
    page = factories.an_open_round()
    # With a page below it Wagtail asks for more rights than a publisher has, before we are asked.
    for below in page.get_children():
        below.delete()
    page = fresh(page)

    assert page.title in act(publisher, "delete", page.pk)
    assert page.title in act_in_bulk(publisher, "delete", page)
    for above in page.get_ancestors().filter(depth__gt=1):
        act(publisher, "delete", above.pk, confirm_site_name="建言 Jianyan")

    assert fresh(page).live


def test_a_page_with_opinions_is_not_deleted_even_if_it_never_was_public(chief: Client) -> None:
    page = factories.an_open_round()
    factories.an_offline_opinion(page)
    ConsultationPage.objects.update(live=False, first_published_at=None)

    assert page.title in act(chief, "delete", page.pk)
    assert fresh(page).opinions.count() == 1


def test_a_draft_is_deleted_and_moved_as_ever(chief: Client) -> None:
    page = factories.a_draft_round()
    other = factories.a_matter(number=9)

    act(chief, "move_confirm", page.pk, other.pk)
    assert fresh(page).get_parent().pk == other.pk
    act(chief, "delete", page.pk)
    assert not ConsultationPage.objects.exists()


def test_what_was_public_stays_where_it_is(publisher: Client) -> None:
    page = factories.an_open_round()
    other = factories.a_matter(number=9)

    assert page.title in act(publisher, "move_confirm", page.pk, other.pk)
    assert page.title in act_in_bulk(publisher, "move", page, chooser=other.pk)
    assert fresh(page).get_parent().pk == page.item.pk


def test_an_older_version_is_published_through_the_verb_too(publisher: Client) -> None:
    page = factories.a_draft_round(background="")
    incomplete = page.save_revision()
    page.background = "<p>背景。</p>"
    page.save_revision()
    url = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, incomplete.pk])
    assert publisher.get(url).status_code == 200

    old = incomplete.as_object()
    data = form_data(old) | {"action-publish": "on", "revision": str(incomplete.pk)}
    response = publisher.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data, follow=True)

    assert "CON-1" in said(response)
    assert not fresh(page).live


def test_no_workflow_publishes(publisher: Client) -> None:
    page = factories.a_draft_round(background="")
    data = form_data(page) | {"action-submit": "on", "workflow-action-name": "approve"}

    publisher.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)

    assert not fresh(page).live
    publisher.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        form_data(page) | {"action-workflow-action": "true", "workflow-action-name": "approve"},
    )
    assert not fresh(page).live
    assert not page.current_workflow_state.task_states.filter(status="approved").exists()
