"""The receipt as a PDF: what is on it, who gets it, and that making it asks nobody for anything."""

import logging
import socket
from http import HTTPStatus
from io import BytesIO

import pytest
from django.core.signing import get_cookie_signer
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from consultations.services.author import secret_of
from consultations.views import RECEIPT_COOKIE, RECEIPT_COOKIE_SALT
from portal.core import checks, papers
from portal.core.throttle import Act
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.papers, pytest.mark.ready("an_open_round")]

URL = "/opinions/received/receipt.pdf"


@pytest.fixture
def opinion():
    return factories.an_opinion(name="王小明", email="wang@example.com", text="只此一句的意见。")


@pytest.fixture
def holder(client, opinion):
    """A browser that holds the receipt."""
    signer = get_cookie_signer(salt=RECEIPT_COOKIE + RECEIPT_COOKIE_SALT)
    client.cookies[RECEIPT_COOKIE] = signer.sign(opinion.receipt_no)
    return client


@pytest.fixture
def without_papers(monkeypatch):
    """A machine without the library, its native libraries or a font."""
    papers.can_print.cache_clear()
    monkeypatch.setattr(papers, "_press", lambda: None)
    yield
    papers.can_print.cache_clear()


def read(response):
    reader = PdfReader(BytesIO(response.content))
    text = "".join(page.extract_text() for page in reader.pages)
    return reader, "".join(text.split())


def test_the_browser_that_sent_the_opinion_gets_its_receipt(holder, opinion):
    response = holder.get(URL)
    assert response.status_code == HTTPStatus.OK
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{opinion.receipt_no}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_the_paper_names_what_is_needed_to_ask_later_and_nobody(holder, opinion):
    page = opinion.consultation
    reader, text = read(holder.get(URL))
    assert len(reader.pages) == 1
    for expected in (
        opinion.receipt_no,
        page.title,
        page.item.lead_unit.name,
        "http://testserver/opinions/status/",
        f"{timezone.localtime(opinion.submit_date):%H:%M}",
    ):
        assert expected in text
    for secret in ("王小明", "wang@", "只此一句", opinion.author_key):
        assert secret not in text


def test_the_paper_can_be_read_aloud(holder, opinion):
    reader, _text = read(holder.get(URL))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-Hans"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert opinion.receipt_no in reader.metadata.title
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_the_paper_speaks_the_language_of_the_reader(holder):
    holder.cookies["lang"] = "en"
    reader, text = read(holder.get(URL))
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert "Whathappensnext" in text


def test_the_longest_title_still_leaves_one_sheet(holder, opinion):
    page = opinion.consultation
    page.title = "关于进一步规范城市公共区域电动自行车停放充电安全管理的若干规定" * 8
    page.title = page.title[:255]
    page.save()
    reader, text = read(holder.get(URL))
    assert len(reader.pages) == 1
    assert opinion.receipt_no in text


def test_the_author_gets_it_by_the_secret_link(client, opinion):
    secret = secret_of(opinion)
    response = client.get(reverse("opinions:my_receipt_paper", args=[secret]))
    assert opinion.receipt_no in read(response)[1]
    assert response["Referrer-Policy"] == "no-referrer"
    wrong = client.get(reverse("opinions:my_receipt_paper", args=[secret[:-1]]))
    assert wrong.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("cookie", [None, "ZJ-2026-2222-2222:forged"])
def test_another_browser_is_led_to_the_status_page(client, opinion, cookie):
    if cookie:
        client.cookies[RECEIPT_COOKIE] = cookie
    response = client.get(URL)
    assert response["Location"] == reverse("opinions:status")


def test_both_pages_offer_it(holder, opinion):
    assert URL in holder.get(reverse("opinions:received")).content.decode()
    mine = reverse("opinions:mine", args=[secret_of(opinion)])
    paper = reverse("opinions:my_receipt_paper", args=[secret_of(opinion)])
    assert paper in holder.get(mine).content.decode()


def test_without_the_library_no_page_offers_it_and_the_check_says_so(
    without_papers, holder, opinion
):
    assert "receipt.pdf" not in holder.get(reverse("opinions:received")).content.decode()
    mine = reverse("opinions:mine", args=[secret_of(opinion)])
    assert "receipt.pdf" not in holder.get(mine).content.decode()
    assert holder.get(URL).status_code == HTTPStatus.NOT_FOUND
    [found] = checks.papers_can_be_printed(None)
    assert found.id == "core.W005"
    assert found.hint
    assert not found.is_serious()
    with pytest.raises(RuntimeError):
        papers.paper("paper.html", {}, language="zh-hans")


def test_without_a_chinese_font_nothing_is_offered(monkeypatch):
    monkeypatch.setattr(papers, "CHINESE", ":lang=xxq")
    papers.can_print.cache_clear()
    assert not papers.can_print()
    monkeypatch.setattr(papers, "FONT_LIST", "no-such-program")
    papers.can_print.cache_clear()
    assert not papers.can_print()
    papers.can_print.cache_clear()


@pytest.mark.parametrize("fault", [OSError("libpango"), ModuleNotFoundError("weasyprint")])
def test_a_native_library_that_is_missing_is_a_missing_library(monkeypatch, fault):
    def fails(_name):
        raise fault

    papers._press.cache_clear()
    monkeypatch.setattr(papers, "import_module", fails)
    assert papers._press() is None
    papers._press.cache_clear()


def test_where_papers_are_made_the_check_is_silent():
    assert papers.can_print()
    assert checks.papers_can_be_printed(None) == []


TEMPLATE = """<!doctype html><html lang="zh-Hans"><head><title>纸</title>
<link rel="stylesheet" href="{address}"><style>p {{ background: url("{address}") }}</style></head>
<body><p>仍在</p><img src="{address}" alt="图"><object data="{address}">物</object>
<svg><image href="{address}"/></svg></body></html>"""


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/a.png",
        "//example.com/a.png",
        "file:///etc/passwd",
        "data:text/css,p{color:red}",
        "own:../manage.py",
        "own:no-such-file.css",
        "/static/css/paper.css",
    ],
)
def test_a_paper_fetches_nothing(tmp_path, monkeypatch, caplog, address):
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, where: asked.append(where))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *where, **_how: asked.append(where))
    (tmp_path / "paper.html").write_text(TEMPLATE.format(address=address), encoding="utf-8")
    loader = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [tmp_path],
    }
    caplog.set_level(logging.CRITICAL, logger="weasyprint")
    with override_settings(TEMPLATES=[loader]):
        pdf = papers.paper("paper.html", {}, language="zh-hans")
    assert asked == []
    reader = PdfReader(BytesIO(pdf))
    assert "仍在" in reader.pages[0].extract_text()
    assert "/EmbeddedFiles" not in reader.trailer["/Root"].get("/Names", {})


def test_making_papers_is_limited(holder, settings):
    settings.THROTTLES = settings.THROTTLES | {Act.PAPER: {"most": 1, "seconds": 600}}
    assert holder.get(URL).status_code == HTTPStatus.OK
    refused = holder.get(URL)
    assert refused.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert int(refused["Retry-After"]) > 0
