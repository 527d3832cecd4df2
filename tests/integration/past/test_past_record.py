"""What the rest of the portal makes of a past decision: nothing is asked that cannot be known."""

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page

from consultations import services
from consultations.lifecycle import AdjustmentKind, official_date
from consultations.models import DecisionItemPage, PastDecisionsPage
from consultations.watch import matter_findings
from decisions.models import ArchiveDossier, DecisionPage
from decisions.search.indexing import copy_dossiers
from decisions.services import publish_decision
from decisions.viewsets.record import MatterField
from home.desk.figures import IN_FORCE, ISSUED, MATTERS, figures_of
from home.desk.watch import watch
from portal.core.findings import Refused
from portal.core.models import current_limits
from tests import factories
from tests.factories.past import a_folder, a_row
from tests.integration.catalogue_tables import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def page(tmp_path) -> DecisionPage:
    """A past decision whose validity ends soon."""
    soon = official_date(timezone.now()) + timedelta(days=30)
    table = a_folder(tmp_path, [a_row(3, expires_on=soon.isoformat())])
    call_command("import_decisions", str(table), verbosity=0)
    return DecisionPage.objects.get()


def test_of_a_past_decision_only_what_lies_ahead_is_watched(page):
    at = timezone.now()
    assert [one.id for one in matter_findings(page.item, at=at)] == ["LIF-1"]
    (watched,) = watch(DecisionItemPage.objects.all(), at=at).matters
    assert [one.id for one in watched.findings(current_limits(), at=at)] == ["LIF-1"]


def test_what_ended_before_our_time_asks_for_nothing(tmp_path):
    table = a_folder(tmp_path, [a_row(3, expires_on="2016-04-30")])
    call_command("import_decisions", str(table), verbosity=0)
    at = timezone.now()
    assert matter_findings(DecisionItemPage.objects.get(), at=at) == []
    (watched,) = watch(DecisionItemPage.objects.all(), at=at).matters
    assert watched.findings(current_limits(), at=at) == []


def test_the_archive_finds_it_by_its_year_and_its_articles(page):
    copy_dossiers([page.item.pk])
    dossier = ArchiveDossier.objects.get()
    assert (dossier.year, dossier.document_no, dossier.latest_on) == (
        *(2013, page.document_no),
        page.published_on,
    )
    assert [unit.label for unit in dossier.units.order_by("ordinal")] == [
        *("第一条", "第二条", "第三条"),
    ]


def test_the_figures_of_its_year_count_the_decision_and_no_matter_of_a_catalogue(page):
    figures = figures_of(2013, DecisionItemPage.objects.all(), at=timezone.now())
    unit = [factories.a_unit().pk]
    assert [figures.value(one, unit) for one in (MATTERS, ISSUED, IN_FORCE)] == [0, 1, 1]


def test_what_was_published_long_ago_is_no_news(page, client):
    newer = factories.a_decision()
    feed = client.get(reverse("feeds:results")).content.decode()
    assert feed.index(newer.title) < feed.index(page.title)
    assert page.first_published_at.date() <= date(2013, 3, 8)


def test_the_list_of_decisions_shows_it(page, client):
    index = factories.the_decision_index()
    told = client.get(f"{index.url}?validity=all").content.decode()
    assert page.title in told.replace("<wbr>", "")


def test_nobody_adjusts_a_past_matter_or_publishes_it_from_its_editor(page):
    by, at = factories.a_publisher(), timezone.now()
    with pytest.raises(Refused, match="stands in no catalogue"):
        services.publish_item(page=page.item, by=by, at=at)
    with pytest.raises(Refused, match="stands in no catalogue"):
        services.adjust(
            item=page.item,
            kind=AdjustmentKind.CHANGE,
            reason="改",
            approved_on=official_date(at),
            by=by,
            at=at,
        )


def test_a_correction_in_the_editor_needs_the_release_review(page):
    page.introduction = "勘误。"
    with pytest.raises(Refused, match="CON-7"):
        publish_decision(page=page, by=factories.a_publisher(), at=timezone.now())


def test_the_screens_of_a_past_matter_open_and_offer_no_procedure(page):
    client = signed_in(factories.a_publisher())
    for one in (page, page.item, page.item.get_parent()):
        edit = client.get(reverse("wagtailadmin_pages:edit", args=[one.pk]))
        assert edit.status_code == HTTPStatus.OK
        told = edit.content.decode()
        assert "Adjust the catalogue" not in told
        assert "Record a review" not in told
    assert client.get(reverse("adjust_catalogue", args=[page.item.pk])).status_code == 404
    assert client.get(reverse("request_adjustment", args=[page.item.pk])).status_code == 404
    field = MatterField()
    field.offer_to(factories.a_publisher())
    assert page.item not in field.queryset


def test_no_page_is_made_by_hand_where_past_decisions_stand(page):
    year = PastDecisionsPage.objects.get()
    assert PastDecisionsPage not in type(year.get_parent().specific).creatable_subpage_models()
    assert type(year).creatable_subpage_models() == []
    matter = factories.a_draft_matter()
    assert not matter.can_move_to(Page.objects.get(pk=year.pk))


def test_the_package_for_the_archives_office_is_made(page):
    client = signed_in(factories.a_publisher())
    response = client.post(reverse("archives_package", args=[page.item.pk]))
    assert response.status_code == HTTPStatus.OK
    assert b"".join(response.streaming_content)[:2] == b"PK"
