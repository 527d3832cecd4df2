"""The papers of a draft, a decision and its changes: what they say, with and without colour."""

import io

import pytest
from django.core.cache import cache
from django.test import Client
from docx import Document
from pypdf import PdfReader

from portal.core import papers
from portal.core.text_papers import DELETED, INSERTED, Passage, Run
from tests import factories
from tests.integration.test_redline_page import ADDED, a_decision_on, a_reported_round

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def without_papers(monkeypatch):
    papers.can_print.cache_clear()
    monkeypatch.setattr(papers, "_press", lambda: None)
    yield
    papers.can_print.cache_clear()


def flat(text: str) -> str:
    return "".join(text.split())


def pdf_text(content: bytes) -> str:
    return flat("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def fetched(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    assert "public" in response.headers["Cache-Control"]
    return response.content


@pytest.mark.papers
def test_the_pdf_of_a_draft_has_every_article(client: Client) -> None:
    page = factories.an_open_round()

    text = pdf_text(fetched(client, f"{page.url}paper/pdf/"))

    for article in page.articles:
        assert flat(article.label + article.text) in text
    assert page.contact_person not in text


@pytest.mark.papers
def test_the_pdf_of_a_decision_is_tagged_and_the_same_twice(client: Client) -> None:
    page = a_decision_on(a_reported_round()[0])

    content = fetched(client, f"{page.url}paper/pdf/")

    cache.clear()
    assert fetched(client, f"{page.url}paper/pdf/") == content
    root = PdfReader(io.BytesIO(content)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("zh")
    text = pdf_text(content)
    for words in (page.document_no, page.issuer, ADDED, *(one.text for one in page.articles)):
        assert flat(words) in text


@pytest.mark.papers
def test_the_marks_of_the_pdf_survive_as_text(client: Client) -> None:
    page = a_decision_on(a_reported_round()[0])

    text = pdf_text(fetched(client, f"{page.url}redline/paper/pdf/"))

    assert "〔删：两〕" in text
    assert f"〔增：{ADDED}〕" in text
    assert "每户一个端口" in text
    for article in page.articles:
        assert article.label in text


def test_the_marks_of_the_word_file_are_lines(client: Client) -> None:
    page = a_decision_on(a_reported_round()[0])

    content = fetched(client, f"{page.url}redline/paper/docx/")

    cache.clear()
    assert fetched(client, f"{page.url}redline/paper/docx/") == content
    document = Document(io.BytesIO(content))
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs]
    assert "〔删：两〕" in [run.text for run in runs if run.font.strike]
    assert f"〔增：{ADDED}〕" in [run.text for run in runs if run.font.underline]


def test_the_word_file_of_a_decision_has_headings_and_no_marks(client: Client) -> None:
    text = [
        {"type": "heading", "value": {"level": "chapter", "text": "第一章 总则"}},
        *factories.articles("第一款。\n第二款\x0b。"),
    ]
    page = factories.a_decision(text=text)

    document = Document(io.BytesIO(fetched(client, f"{page.url}paper/docx/")))

    told = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    assert told["第一章 总则"] == "Heading 1"
    assert told["第一条　第一款。"] == told["第二款。"] == "Normal"
    assert "〔增" not in "".join(told)
    assert "公布：" in "".join(told)


def test_where_papers_cannot_be_made_there_is_no_button(client: Client, without_papers) -> None:
    page = a_decision_on(a_reported_round()[0])

    for address in (page.url, f"{page.url}redline/", page.item.public_rounds[0].url):
        html = client.get(address).content.decode()
        assert "paper/pdf/" not in html
        assert "paper/docx/" in html
    assert client.get(f"{page.url}paper/pdf/").status_code == 404


@pytest.mark.parametrize("ending", ["exe", "xlsx", "html"])
def test_another_ending_is_no_file(client: Client, ending: str) -> None:
    page = factories.an_open_round()

    assert client.get(f"{page.url}paper/{ending}/").status_code == 404


def test_a_draft_has_no_papers(client: Client) -> None:
    page = factories.a_draft_round()

    assert client.get(f"{page.url}paper/docx/").status_code == 404


def test_a_paper_follows_its_text_at_once(client: Client) -> None:
    page = factories.a_decision()
    before = fetched(client, f"{page.url}paper/docx/")

    page.introduction = "勘误后的说明。"
    page.save()

    after = fetched(client, f"{page.url}paper/docx/")
    assert after != before
    assert "勘误后的说明。" in [one.text for one in Document(io.BytesIO(after)).paragraphs]


def test_lines_of_a_run_are_paragraphs_that_keep_its_mark() -> None:
    passage = Passage("第一条", (Run("一，\n二"), Run("三\n四", DELETED), Run("\n", INSERTED)))

    assert passage.paragraphs == [
        [Run("一，")],
        [Run("二"), Run("三", DELETED)],
        [Run("四", DELETED)],
    ]
