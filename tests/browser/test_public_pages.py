"""Every public page of the demo city, as a stranger meets it."""

import re
from xml.etree import ElementTree

import pytest

NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
NARROW = {"width": 320, "height": 640}
# What stands on a page only when a question cannot be read: an address that is no link's.
UNREADABLE = "/archive/?q=标题:"
ONE_OF_EACH = (
    "/",
    "/catalogue/",
    "/consultations/",
    "/consultations/feedback/",
    "/decisions/",
    "/archive/?q=电动自行车",
    "/archive/?q=没有这样的词",
    "/archive/?stage=published&sort=opinions",
    "/archive/alert/?q=电动自行车",
    "/open-data/",
    "/opinions/status/",
    "/open-data/api/",
    "/about/",
    "/no-such-page/",
)


@pytest.fixture(scope="module")
def sitemap(server, browser):
    """The path of every public page."""
    context = browser.new_context(base_url=server.url)
    text = context.request.get("/sitemap.xml").text()
    context.close()
    found = ElementTree.fromstring(text).iterfind(".//s:loc", NAMESPACE)
    return [one.text.removeprefix(server.url) for one in found]


def by_kind(sitemap):
    """One page of each kind that stands inside a dossier."""
    kinds = ("/consultation-1/", "/feedback/", "/decision/")
    inside = [next(path for path in sitemap if path.endswith(kind)) for kind in kinds]
    matter = inside[0].removesuffix("consultation-1/")
    catalogue = matter.rsplit("/", 2)[0] + "/"
    return [catalogue, matter, *inside, f"{inside[0]}opinions/", f"{inside[2]}redline/"]


def _unfold(page):
    """Open what is folded, as a reader does, so that nothing hides from the check."""
    for summary in page.locator("main details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()


def test_every_page_is_there_with_one_heading_a_language_and_no_complaint(page, sitemap):
    assert len(sitemap) > 40
    wrong = []
    for path in sitemap:
        answer = page.goto(path)
        headings = page.locator("h1").count()
        language = page.locator("html").get_attribute("lang")
        if (answer.status, headings, language) != (200, 1, "zh-Hans"):
            wrong.append((path, answer.status, headings, language))
    assert wrong == []


def test_no_link_of_a_public_page_is_dead(page, sitemap, server):
    links = set()
    for path in [*ONE_OF_EACH[:-1], *by_kind(sitemap)]:
        page.goto(path)
        links |= set(page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)"))
    local = {link.split("#")[0] for link in links if link.startswith(server.url)}
    assert len(local) > 50
    dead = {link: page.request.get(link).status for link in local}
    assert {link: status for link, status in dead.items() if status != 200} == {}


@pytest.mark.parametrize("mode", ["standard.light", "elder.light", "contrast.dark"])
def test_no_page_has_a_grave_barrier_or_scrolls_sideways(
    new_page, server, sitemap, assert_accessible, mode
):
    page = new_page(viewport=NARROW)
    page.context.add_cookies([{"name": "pref", "value": mode, "url": server.url}])
    for path in [*ONE_OF_EACH, UNREADABLE, *by_kind(sitemap)]:
        page.goto(path)
        if path.startswith("/archive/"):
            _unfold(page)
        assert_accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW["width"], f"{path} in {mode} is {width} px wide"


def test_the_archive_finds_the_matter_first(page):
    page.goto("/archive/?q=电动自行车")
    assert "电动自行车停放充电安全管理办法" in page.locator("main h3").first.inner_text()


def test_a_reader_chooses_large_type_and_english_without_script(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/consultations/")
    page.get_by_role("button", name="大字版").click()
    assert page.locator("html").get_attribute("data-mode") == "elder"
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.url.endswith("/consultations/")


def test_on_a_telephone_a_search_is_narrowed_and_taken_home_without_script(new_page):
    page = new_page(viewport=NARROW, java_script_enabled=False)
    page.goto("/archive/?q=停车")
    page.get_by_text("筛选", exact=True).click()
    page.get_by_role("link", name="2023年 1").click()
    assert "year=2023" in page.url
    assert page.locator(".chip").inner_text().startswith("2023年")
    assert page.get_by_text("筛选（已选1项）").is_visible()
    lasting = page.locator(".take-home__link").get_attribute("href")
    assert lasting.endswith("/archive/?q=%E5%81%9C%E8%BD%A6&year=2023")
    page.locator(".chip").click()
    assert "year=" not in page.url


def test_the_years_are_chosen_from_their_table_by_keyboard_alone(new_page):
    page = new_page()
    page.goto("/archive/")
    drawing = page.get_by_role("img", name="逐年事项数")
    # A neighbour's test may have added a year of its own.
    told = drawing.evaluate("one => one.closest('section').innerText")
    assert re.search(r"2023年至20\d\d年", told)
    page.get_by_text("用表格查看").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/archive/?year=2023")


def test_a_matter_that_matches_leads_to_the_very_article(page):
    page.goto("/archive/?q=电动自行车")
    passage = page.locator(".hit__passage a").first
    anchor = passage.get_attribute("href").partition("#")[2]
    passage.click()
    assert page.locator(f"[id='{anchor}']").is_visible()
