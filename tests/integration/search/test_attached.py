"""What public pages give to everyone is found by its words, with the page where they stand."""

from http import HTTPStatus

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction

from decisions.models import ArchiveUnit
from decisions.search.archive import search_archive
from decisions.search.criteria import Criteria
from decisions.search.gathering import gather
from decisions.search.rebuilding import rebuild
from decisions.tasks import promise_wanting_texts
from portal.core.file_texts import keeping
from portal.core.models import FileText
from tests import factories
from tests.factories.drafts import by_python_docx
from tests.factories.files import a_pdf, a_pdf_that_says
from tests.integration.search.attached_files import a_document, held
from tests.integration.search.conftest import NOW

# Which pages use a document is what the reference index knows.
pytestmark = [pytest.mark.django_db, pytest.mark.housekeeping]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def a_round(dossiers, deliver):
    """Open a round of the matter `green` with attachments, and let the worker follow."""

    def open_with(*documents, **how):
        page = factories.an_open_round(
            dossiers["green"], at=NOW, attachments=held(*documents, **how)
        )
        deliver()
        deliver()
        return page

    return open_with


def _passages(words):
    hits = search_archive(Criteria(text=words), at=NOW).hits
    return [(one.kind, one.label, one.url) for hit in hits for one in hit.passages]


def test_a_page_of_a_pdf_is_found_and_linked(a_round):
    document = a_document()
    a_round(document)
    assert _passages("专家论证") == [("附件", "第2页", f"{document.url}#page=2")]


def test_a_word_document_is_found_and_linked_as_a_whole(a_round):
    document = a_document(by_python_docx(["夜间停放专家论证意见"]), "report.docx")
    a_round(document)
    assert _passages("专家论证") == [("附件", "", document.url)]


def test_a_pdf_of_pictures_is_found_by_its_title_and_said_to_have_no_text(a_round, client):
    document = a_document(a_pdf())
    page = a_round(document)
    assert _passages("风险评估报告") == [("附件", "无文字层", document.url)]
    shown = client.get(page.url).content.decode()
    assert "该文件只有页面图像，没有文字层" in shown


def test_a_file_that_reads_well_needs_no_word(a_round, client):
    shown = client.get(a_round(a_document()).url).content.decode()
    assert "风险评估报告" in shown
    assert "无法检索" not in shown


def test_a_file_that_cannot_be_read_is_said_to_be_so(a_round, client):
    document = a_document(b"%PDF-1.7 nothing")
    page = a_round(document)
    assert _passages("风险评估报告") == [("附件", "文字无法读取", document.url)]
    assert "未能读取其中的文字" in client.get(page.url).content.decode()


@pytest.mark.parametrize("disclosure", ["on_request", "none"])
def test_what_is_not_given_to_everyone_is_not_found(a_round, disclosure):
    a_round(a_document(), disclosure=disclosure)
    assert _passages("专家论证") == _passages("风险评估报告") == []
    assert not FileText.objects.exists()


def test_what_another_page_holds_back_is_not_found_either(a_round, dossiers, deliver):
    document = a_document()
    a_round(document)
    other = factories.a_matter(at=NOW, title="另一事项")
    page = factories.an_open_round(other, at=NOW, attachments=held(document, disclosure="none"))
    deliver()
    assert _passages("专家论证") == []
    page.unpublish()
    deliver()
    assert _passages("专家论证") != []


def test_what_lies_in_a_closed_collection_is_not_found(a_round, deliver):
    document = a_document()
    a_round(document)
    restriction = CollectionViewRestriction.objects.create(
        collection=document.collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    deliver()
    assert _passages("专家论证") == []
    restriction.delete()
    deliver()
    assert _passages("专家论证") != []


def test_what_comes_to_lie_in_a_closed_collection_is_not_found(a_round, deliver, client):
    """A collection is moved below a closed one by the form of the admin."""
    root = Collection.get_first_root_node()
    closed, files = (root.add_child(name=name) for name in ("内部", "文件"))
    CollectionViewRestriction.objects.create(
        collection=closed, restriction_type=CollectionViewRestriction.LOGIN
    )
    document = a_document()
    Document.objects.filter(pk=document.pk).update(collection=files)
    a_round(document)
    assert _passages("专家论证") != []
    client.force_login(factories.a_superuser())
    form = reverse("wagtailadmin_collections:edit", args=[files.pk])
    for parent, is_found in ((closed, False), (root, True)):
        sent = client.post(form, {"name": files.name, "parent": parent.pk})
        assert sent.status_code == HTTPStatus.FOUND
        deliver()
        assert bool(_passages("专家论证")) is is_found


def test_a_draft_gives_nothing_away(dossiers, deliver):
    factories.a_draft_round(dossiers["green"], at=NOW, attachments=held(a_document()))
    deliver()
    rebuild(at=NOW)
    assert not ArchiveUnit.objects.filter(kind="attachment").exists()


def test_another_file_takes_the_place_of_the_first(a_round, deliver):
    document = a_document()
    a_round(document)
    document.file.save("new.pdf", ContentFile(a_pdf_that_says("改后的成本测算")), save=False)
    document.file_hash = ""
    document._set_document_file_metadata()
    document.save()
    deliver()
    deliver()
    assert _passages("专家论证") == []
    assert _passages("成本测算") == [("附件", "第1页", f"{document.url}#page=1")]


def test_a_deleted_document_is_gone(a_round, deliver):
    document = a_document()
    a_round(document)
    document.delete()
    deliver()
    assert not ArchiveUnit.objects.filter(kind="attachment").exists()


def test_the_same_file_is_read_once(a_round, monkeypatch):
    read = []
    monkeypatch.setattr(
        keeping, "read_words", lambda *args, **kwargs: read.append(1) or words(*args, **kwargs)
    )
    a_round(a_document(), a_document())
    assert len(read) == 1
    assert FileText.objects.count() == 1


words = keeping.read_words


def test_files_from_before_are_read_once_asked_for(a_round, deliver):
    a_round(a_document())
    FileText.objects.all().delete()
    rebuild(at=NOW)
    assert _passages("专家论证") == []
    assert promise_wanting_texts() == 1
    deliver()
    deliver()
    assert _passages("专家论证") != []
    assert promise_wanting_texts() == 0


def test_a_file_that_is_not_there_stops_nothing(dossiers, deliver):
    document = a_document()
    document.file.storage.delete(document.file.name)
    factories.an_open_round(dossiers["green"], at=NOW, attachments=held(document))
    deliver()
    deliver()
    assert _passages("风险评估报告") == [("附件", "", document.url)]


def test_more_files_take_no_more_queries(a_round, dossiers, django_assert_num_queries):
    page = a_round(a_document())
    with django_assert_num_queries(19) as one:
        assert len(gather([dossiers["green"].pk])) == 1
    page.attachments = held(a_document(), a_document(a_pdf()), a_document(b"x"))
    page.save()
    with django_assert_num_queries(len(one.captured_queries)):
        gather([dossiers["green"].pk])
