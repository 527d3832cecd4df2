"""The archive follows what pages attach before Wagtail's worker notes down who holds a document.

No test here is marked `housekeeping`: ours is the more urgent task and runs before that.
"""

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from decisions.models import ArchiveUnit
from tests import factories
from tests.factories.files import a_pdf_that_says
from tests.factories.past import a_folder, a_row
from tests.integration.search.attached_files import a_document, held
from tests.integration.search.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def a_round(dossiers, deliver):
    """Open a round of a matter with attachments, and let the worker follow."""

    def open_with(*attachments, item=dossiers["green"]):
        page = factories.an_open_round(item, at=NOW, attachments=[*attachments])
        deliver()
        deliver()
        return page

    return open_with


@pytest.fixture
def publish(deliver):
    """Make a page public once more with other attachments, and let the worker follow."""

    def publish_with(page, attachments):
        page.attachments = attachments
        page.publish_as(None)
        deliver()
        deliver()

    return publish_with


def words_in_files():
    return set(ArchiveUnit.objects.filter(kind="attachment").values_list("text", flat=True))


def test_what_another_page_holds_back_is_not_found_any_more(a_round):
    document = a_document()
    a_round(*held(document))
    assert "夜间停放专家论证意见" in words_in_files()
    other = factories.a_matter(at=NOW, title="另一事项")
    a_round(*held(document, disclosure="none"), item=other)
    assert not words_in_files()


def test_what_no_page_holds_back_any_more_is_found_again(a_round, publish):
    document = a_document()
    a_round(*held(document))
    other = factories.a_matter(at=NOW, title="另一事项")
    page = a_round(*held(document, disclosure="none"), item=other)
    publish(page, [])
    assert "夜间停放专家论证意见" in words_in_files()


def test_words_in_files_follow_that_a_public_page_takes_on(a_round, publish):
    page = a_round()
    publish(page, held(a_document()))
    assert "夜间停放专家论证意见" in words_in_files()


def test_words_in_the_original_of_a_past_decision_follow(tmp_path, deliver):
    printed = a_pdf_that_says("第一条 为了加强管理，制定本办法。")
    table = a_folder(tmp_path, [a_row(1, file="a.pdf")], {"a.pdf": printed})
    call_command("import_decisions", str(table), stdout=io.StringIO(), stderr=io.StringIO())
    deliver()
    deliver()
    assert any("为了加强管理" in words for words in words_in_files())


def test_a_page_that_attaches_nothing_costs_one_statement_more(a_round):
    """Of those that tell which documents a page held until now."""
    page = a_round()
    with CaptureQueriesContext(connection) as asked:
        page.publish_as(None)
    of_references = [one["sql"] for one in asked if "wagtailcore_referenceindex" in one["sql"]]
    assert len(of_references) == 1
