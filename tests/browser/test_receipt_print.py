"""The receipt and the pages that tell an opinion's story, on screen and on paper."""

import json
from io import BytesIO

import pytest
from pypdf import PdfReader

NARROW = {"width": 320, "height": 640}

# The newest opinion from the website without an answer, and one that was shown and answered.
READ = """
import json
from django.core.signing import get_cookie_signer
from consultations.models import FeedbackReportPage, Opinion
from consultations.services.author import secret_of
from consultations.views import RECEIPT_COOKIE, RECEIPT_COOKIE_SALT
rounds = [report.consultation.pk for report in FeedbackReportPage.objects.live()]
newest = Opinion.objects.filter(channel="online").exclude(consultation__in=rounds).latest("pk")
answered = Opinion.objects.shown().filter(consultation__in=rounds).earliest("pk")
signer = get_cookie_signer(salt=RECEIPT_COOKIE + RECEIPT_COOKIE_SALT)
print(json.dumps({
    "cookie": {"name": RECEIPT_COOKIE, "value": signer.sign(newest.receipt_no)},
    "newest": newest.receipt_no,
    "answered": answered.receipt_no,
    "mine": "/opinions/mine/" + secret_of(answered) + "/",
}))
"""


@pytest.fixture(scope="module")
def opinions(server):
    return json.loads(server.run(READ))


@pytest.fixture
def receipt(page, server, opinions):
    """The receipt in the browser that holds it."""
    page.context.add_cookies([opinions["cookie"] | {"url": server.url}])
    page.goto("/opinions/received/")
    return page


def text_of(pdf):
    sheets = PdfReader(BytesIO(pdf)).pages
    return len(sheets), "".join("".join(sheet.extract_text().split()) for sheet in sheets)


def test_the_printed_receipt_is_one_sheet_with_the_number_and_where_to_ask(
    receipt, opinions, server
):
    sheets, text = text_of(receipt.pdf(prefer_css_page_size=True))
    assert sheets == 1
    assert opinions["newest"] in text
    assert server.url.removeprefix("http://") + "/opinions/status/" in text
    assert "打印回执" not in text
    assert "大字版" not in text


def test_the_number_can_be_copied_and_the_page_printed_by_a_button(receipt, server, opinions):
    receipt.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    receipt.get_by_role("button", name="复制编号").click()
    receipt.get_by_role("button", name="已复制").wait_for()
    assert receipt.evaluate("navigator.clipboard.readText()") == opinions["newest"]
    receipt.evaluate("window.print = () => { window.printed = true }")
    receipt.get_by_role("button", name="打印回执").click()
    assert receipt.evaluate("window.printed")


@pytest.mark.papers
def test_the_pdf_is_handed_over_as_a_file(receipt, opinions):
    with receipt.expect_download() as download:
        receipt.get_by_role("link", name="PDF回执").click()
    assert download.value.suggested_filename == f"{opinions['newest']}.pdf"
    assert opinions["newest"] in text_of(download.value.path().read_bytes())[1]


def test_without_script_no_dead_button_is_shown(new_page, server, opinions):
    plain = new_page(java_script_enabled=False)
    plain.context.add_cookies([opinions["cookie"] | {"url": server.url}])
    plain.goto("/opinions/received/")
    assert not plain.get_by_role("button", name="打印回执").is_visible()
    assert not plain.get_by_role("button", name="复制编号").is_visible()
    assert plain.get_by_text(opinions["newest"]).is_visible()


def test_neither_page_has_a_grave_barrier_or_scrolls_sideways(
    new_page, server, opinions, assert_accessible
):
    narrow = new_page(viewport=NARROW)
    narrow.context.add_cookies([opinions["cookie"] | {"url": server.url}])
    for path in ("/opinions/received/", opinions["mine"]):
        narrow.goto(path)
        assert_accessible(narrow)
        assert narrow.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    narrow.goto("/opinions/status/")
    narrow.locator("[name=receipt_no]").fill(opinions["answered"])
    narrow.locator("main form button").click()
    narrow.get_by_text(opinions["answered"]).first.wait_for()
    assert_accessible(narrow)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
