"""The year's catalogue as a table to type in, and never a silent change."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page

from consultations.lifecycle import AdjustmentKind
from consultations.models import CatalogueAdjustment, DecisionItemPage
from tests import factories
from tests.factories import acts
from tests.integration.catalogue_tables import as_sent, latest, save, send, signed_in, today, url
from tests.integration.page_forms import said
from tests.integration.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def publisher() -> Client:
    return signed_in(factories.a_publisher())


# The table


def test_menu_and_editor_lead_to_the_table(publisher):
    catalogue = factories.a_catalogue()
    table = url("catalogue_table", catalogue)
    editor = publisher.get(reverse("wagtailadmin_pages:edit", args=[catalogue.pk]))
    assert table in editor.content.decode()
    assert reverse("latest_catalogue_table") in editor.content.decode()
    assert publisher.get(reverse("latest_catalogue_table")).url == table
    html = publisher.get(table).content.decode()
    assert catalogue.entries().get().title in html
    other = signed_in(factories.an_editor())
    assert reverse("latest_catalogue_table") not in other.get("/admin/").content.decode()


def test_an_untouched_table_changes_nothing(publisher):
    catalogue = factories.a_catalogue(entries=3)
    before = Page.objects.values_list("pk", "latest_revision")
    response = send(publisher, catalogue)
    assert "Nothing was changed." in said(response)
    assert list(Page.objects.values_list("pk", "latest_revision")) == list(before)


def test_a_changed_row_is_a_draft_of_its_matter(publisher):
    catalogue = factories.a_draft_catalogue()
    one, two = factories.a_draft_matter(catalogue), factories.a_draft_matter(catalogue)
    response = send(
        publisher,
        catalogue,
        **{"0-title": "公共\n停车 办法", "0-planned": "2026-2", "0-hearing": "yes"},
    )
    assert "1 matter is saved as a draft." in said(response)
    item = latest(one)
    assert item.title == "公共 停车 办法"
    assert item.planned_by == date(2026, 6, 30)
    assert item.hearing_required is True
    assert not latest(two).latest_revision_id
    # What is published together with the catalogue is read from the row itself.
    assert DecisionItemPage.objects.get(pk=one.pk).title == item.title
    history = publisher.get(reverse("wagtailadmin_pages:history", args=[one.pk]))
    assert "Matter changed in the year&#x27;s table" in history.content.decode()


def test_a_planned_day_stays_within_its_quarter(publisher):
    catalogue = factories.a_draft_catalogue()
    item = factories.a_draft_matter(catalogue, planned_by=date(2026, 11, 5))
    send(publisher, catalogue, **{"0-title": "甲"})
    assert latest(item).planned_by == date(2026, 11, 5)


def test_procedures_are_ticked(publisher):
    catalogue = factories.a_draft_catalogue()
    item = factories.a_draft_matter(catalogue)
    send(publisher, catalogue, **{"0-procedures": ["needs_expert", "needs_risk"]})
    found = latest(item)
    assert (found.needs_expert, found.needs_risk, found.needs_legality) == (True, True, False)


def test_a_new_row_is_a_new_matter(publisher):
    catalogue = factories.a_draft_catalogue()
    factories.a_draft_matter(catalogue)
    response = send(publisher, catalogue, **{"1-number": "2", "1-title": "乙办法"})
    assert "1 matter is saved" in said(response)
    new = DecisionItemPage.objects.get(title="乙办法")
    assert (new.number, new.slug, new.live) == (2, "02", False)
    assert new.needs_legality
    assert new.get_parent().pk == catalogue.pk


def test_a_change_of_a_public_matter_needs_a_reason_on_the_spot(publisher):
    catalogue = factories.a_catalogue(entries=2)
    item = catalogue.entries().first()

    response = send(publisher, catalogue, **{"0-title": "新名称", "1-needs": ""})

    html = response.content.decode()
    assert "Adjustment of the published catalogue" in html
    assert "is in the published catalogue" in html
    assert "新名称" in html
    assert latest(item).title != "新名称"
    assert not CatalogueAdjustment.objects.exists()

    late = {"0-title": "新名称", "0-reason": "名称规范。", "0-approved_on": "2999-01-01"}
    assert "This day has not come yet." in send(publisher, catalogue, **late).content.decode()
    response = send(publisher, catalogue, **(late | {"0-approved_on": today()}))

    assert "saved as a draft" in said(response)
    adjustment = CatalogueAdjustment.objects.get()
    assert (adjustment.item, adjustment.kind) == (item, AdjustmentKind.CHANGE)
    assert adjustment.reason == "名称规范。"
    assert latest(item).title == "新名称"
    # The public reads the old name until it is published; its publication asks no second time.
    assert DecisionItemPage.objects.get(pk=item.pk).title != "新名称"
    acts.publish_item(page=latest(item), by=factories.a_publisher(), at=timezone.now())
    assert DecisionItemPage.objects.get(pk=item.pk).title == "新名称"


def test_a_change_that_is_not_of_the_public_particulars_needs_none(publisher):
    catalogue = factories.a_catalogue()
    send(publisher, catalogue, **{"0-procedures": ["needs_expert"]})
    assert latest(catalogue.entries().get()).needs_expert
    assert not CatalogueAdjustment.objects.exists()


def test_a_new_matter_in_a_public_catalogue_needs_a_reason(publisher):
    catalogue = factories.a_catalogue()
    row = {"1-number": "2", "1-title": "乙办法"}
    assert "would be new in a published" in send(publisher, catalogue, **row).content.decode()
    row |= {"1-reason": "新增。", "1-approved_on": today()}
    send(publisher, catalogue, **row)
    assert CatalogueAdjustment.objects.get().kind == AdjustmentKind.ADD
    assert not DecisionItemPage.objects.get(number=2).live


def test_bad_rows_are_told_and_nothing_is_saved(publisher):
    catalogue = factories.a_draft_catalogue()
    one, two = factories.a_draft_matter(catalogue), factories.a_draft_matter(catalogue)
    for changes, sentence in (
        ({"0-title": "甲", "1-number": "1"}, "Number 1 is there more than once."),
        ({"0-title": "甲", "1-number": "x"}, "Enter a whole number."),
        ({"0-title": "甲", "1-title": ""}, "This field is required."),
        ({"0-title": "甲", "1-category": "999"}, "Select a valid choice."),
        ({"0-title": "甲", "1-planned": "2026-9"}, "Select a valid choice."),
        ({"0-title": "甲", "1-pk": "99999"}, "This matter is gone."),
    ):
        response = send(publisher, catalogue, **changes)
        assert sentence in response.content.decode()
        assert ">甲<" in response.content.decode().replace("\n", "")
        assert latest(one).title != "甲"
    assert latest(two).number == 2


def test_two_at_one_row_the_second_sees_it_and_nothing_is_lost(publisher):
    catalogue = factories.a_draft_catalogue()
    one, two = factories.a_draft_matter(catalogue), factories.a_draft_matter(catalogue)
    mine = as_sent(catalogue)
    chief = signed_in(factories.a_superuser())
    send(chief, catalogue, **{"0-title": "别人的"})

    untouched = save(publisher, catalogue, mine, **{"1-title": "我的二"})
    # My table still shows the old title of the first row, so it would undo the other's change.
    assert "changed this matter at" in untouched.content.decode()
    assert latest(one).title == "别人的"
    assert latest(two).title != "我的二"

    again = as_sent(catalogue)
    save(publisher, catalogue, again, **{"1-title": "我的二"})
    assert (latest(one).title, latest(two).title) == ("别人的", "我的二")


def test_a_locked_matter_is_not_changed(publisher):
    catalogue = factories.a_draft_catalogue()
    item = factories.a_draft_matter(catalogue)
    Page.objects.filter(pk=item.pk).update(locked=True, locked_by=factories.a_superuser())
    response = send(publisher, catalogue, **{"0-title": "甲"})
    assert "locked by somebody else" in response.content.decode()


def test_only_who_publishes_sees_the_table():
    catalogue = factories.a_catalogue()
    for person in (factories.an_editor, factories.a_clerk, factories.a_legal_reviewer):
        client = signed_in(person())
        for name in ("catalogue_table", "catalogue_template", "import_catalogue"):
            assert client.get(url(name, catalogue)).status_code == 302
        assert send(client, catalogue, **{"0-title": "甲"}).redirect_chain
        assert latest(catalogue.entries().get()).title != "甲"


def test_the_table_costs_as_many_queries_for_many_choices(publisher):
    catalogue = factories.a_catalogue(entries=12)
    asked, _ = statements(publisher, url("catalogue_table", catalogue))
    assert len(asked) <= 50, "\n".join(asked)
