"""Our own screens of the administration: nothing for axe, and no scrolling
sideways on a telephone. Screens that only an act leads to are looked at where the act is tested.
"""

import json
import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.browser.keyboard import Keyboard

PHONE_WIDTH = 375
OPEN_EVERYTHING = "document.querySelectorAll('main details').forEach(one => { one.open = true })"
# What stands beyond the right edge, where nothing scrolls to it: Wagtail cuts it off.
# Wagtail's sidebar takes a moment to give its room to the page.
SETTLE = """async () => {
  const frame = () => new Promise(requestAnimationFrame)
  await frame(); await frame()
  const moves = document.getAnimations().filter(one => one instanceof CSSTransition)
  await Promise.allSettled(moves.map(one => one.finished))
}"""
RUNS_OUT = """() => [...document.querySelectorAll("main .nice-padding *")]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
  .filter(one => {
    for (let box = one.parentElement; box.id !== "main"; box = box.parentElement)
      if (/auto|scroll|hidden/.test(getComputedStyle(box).overflowX)) return false;
    return true;
  })
  .map(one => one.outerHTML.slice(0, 120))"""
ARTICLES = (
    "第一条 为了规范夜间照明，制定本办法。",
    "第二条 公园应当在日落后照明。",
    "第三条 本办法自公布之日起施行。",
)
LETTER = "请把配餐单位的名单寄给家长一份。"
# What of the demo city the screens are about.
FOUND = """
import json
from consultations.models import (
    CataloguePage, ConsultationPage, DecisionItemPage, FeedbackReportPage, Hearing, Opinion
)
from decisions.models import DecisionPage
from django.utils import timezone
from tests import factories
answered = FeedbackReportPage.objects.live().first().consultation
own = DecisionItemPage.objects.live().filter(lead_unit__code="housing").first()
print(json.dumps({
    "today": str(timezone.localdate()),
    "round": ConsultationPage.objects.live().latest("opens_on", "pk").pk,
    "answered": answered.pk,
    "issue": answered.issues.first().pk,
    "opinion": Opinion.objects.filter(consultation=answered, display="published").first().pk,
    "catalogue": CataloguePage.objects.live().latest("year").pk,
    "matter": DecisionItemPage.objects.live().first().pk,
    "own": own.pk,
    "hearing": Hearing.objects.latest("held_at").pk,
    "decision": DecisionPage.objects.live().filter(causes__isnull=False).first().pk,
    "draft": factories.a_draft_round(own, title="公园夜间照明管理办法", slug="screens").pk,
}))
"""
SCREENS = {
    "clerk": (
        "/admin/",
        "/admin/triage/",
        "/admin/opinions/",
        "/admin/opinions/inspect/{opinion}/",
        "/admin/opinions/publish/{opinion}/",
        "/admin/opinions/redact/{opinion}/",
        "/admin/opinions/withhold/{opinion}/",
        "/admin/opinions/enter/",
        "/admin/opinions/enter/{round}/",
        "/admin/opinions/export/",
        "/admin/opinions/transcripts/",
        "/admin/issues/",
        "/admin/issues/desk/{round}/",
        "/admin/issues/desk/{answered}/matrix/",
        "/admin/issues/edit/{issue}/",
        "/admin/issues/give/{issue}/",
        "/admin/issues/merge/{issue}/",
        "/admin/issues/drafts/",
    ),
    "publisher": (
        "/admin/",
        "/admin/reports/deadlines/",
        "/admin/reports/compliance/",
        "/admin/reports/figures/",
        "/admin/reports/trace/",
        "/admin/reports/outbox/",
        "/admin/catalogues/{catalogue}/table/",
        "/admin/matters/{matter}/adjust/",
        "/admin/adjustment-requests/",
        "/admin/hearings/",
        "/admin/hearings/add/",
        "/admin/hearings/edit/{hearing}/",
        "/admin/hearings/{hearing}/participants/",
        "/admin/hearings/{hearing}/result/",
        "/admin/decisions/{decision}/changes/",
        "/admin/discussions/add/?item={matter}",
    ),
    "editor": ("/admin/", "/admin/matters/{own}/request-adjustment/"),
    "legal": ("/admin/", "/admin/reviews/", "/admin/reviews/add/?item={matter}"),
}


@pytest.fixture(scope="module")
def found(server):
    return json.loads(server.run(FOUND))


@pytest.fixture
def look(assert_sound):
    """See that a screen has one heading, nothing for axe, and fits a telephone."""

    def at(page):
        assert page.locator("h1").count() == 1, page.url
        assert_sound(page)
        desktop = page.viewport_size
        page.set_viewport_size({"width": PHONE_WIDTH, "height": 812})
        page.evaluate(OPEN_EVERYTHING)
        page.evaluate(SETTLE)
        wide = page.evaluate(RUNS_OUT)
        page.set_viewport_size(desktop)
        assert wide == [], page.url

    return at


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_is_sound_and_fits_a_telephone(at_desk, found, look, name):
    page = at_desk(name)
    for address in SCREENS[name]:
        answer = page.goto(address.format(**found))
        assert answer.status == 200, page.url
        look(page)


def test_a_draft_is_pasted_looked_at_and_imported(at_desk, found, look):
    page = at_desk("editor")
    keys = Keyboard(page)
    page.goto(f"/admin/drafts/{found['draft']}/")
    look(page)
    keys.write("main textarea", "\n".join(ARTICLES))
    keys.follow("main footer button[type=submit]")
    look(page)
    assert ARTICLES[1].split()[1] in page.locator(".draft-text").first.inner_text()
    keys.follow(".draft-actions button[type=submit]:not([name])")
    page.goto(f"/admin/pages/{found['draft']}/view_draft/")
    assert ARTICLES[1].split()[1] in page.locator("body").inner_text()


def test_a_table_of_letters_is_looked_at_and_entered(at_desk, found, look):
    page = at_desk("clerk")
    address = f"/admin/opinions/enter/{found['round']}/table/"
    page.goto(address)
    look(page)
    book = load_workbook(BytesIO(page.request.get(f"{address}template.xlsx").body()))
    for column, word in enumerate(("1", "信函", found["today"], LETTER), start=1):
        book.worksheets[0].cell(row=2, column=column, value=word)
    send(page, book)
    look(page)
    Keyboard(page).follow("main footer button[type=submit]")
    page.goto("/admin/opinions/")
    assert LETTER in page.locator("main table").inner_text()


def test_a_catalogue_is_looked_at_before_it_is_imported(at_desk, found, look):
    page = at_desk("publisher")
    address = f"/admin/catalogues/{found['catalogue']}/table/"
    book = load_workbook(BytesIO(page.request.get(f"{address}template/").body()))
    page.goto(f"{address}import/")
    look(page)
    send(page, book)
    assert re.search(r"/import/\d+/$", page.url)
    look(page)


def send(page, book):
    """Put a workbook into the form and send it by its button."""
    place = BytesIO()
    book.save(place)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    file = {"name": "表.xlsx", "mimeType": kind, "buffer": place.getvalue()}
    page.locator("main [type=file]").set_input_files(file)
    Keyboard(page).follow("main form button[type=submit]")
