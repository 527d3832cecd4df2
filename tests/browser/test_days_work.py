"""A day's work of each role by keyboard alone, and what the public or the record shows of it then.

The clerk's queue of opinions has a file of its own, `test_triage_by_keyboard.py`.
"""

import json
import re

import pytest

from tests.browser.keyboard import Keyboard

YEAR = 2032
ROOT = f"/catalogue/{YEAR}/"
ASKED, READ_FIRST, OFFICE, SECRET, SHORT, CLOSED, PUT_OFF = (
    "社区食堂布点方案",
    "公园夜间照明管理办法",
    "河道垂钓区划定方案",
    "医疗急救站点布局规划",
    "校门口临时停车管理办法",
    "公共自行车押金退还办法",
    "旧书市场迁建方案",
)
# The first two are under no issue yet.
SAID = ("押金应当三日内退还。", "退押金的时限太长。", "手机上也能退吗？", "押金太高。")
GROUPED, DRAFTED, READ = "押金退还的时限", "退还押金的渠道", "押金的数额"
REASON = "已改为三个工作日内退还。"
WHY_SHORT = "暑假前须定下九月新学期的安排。"
WHY_PUT_OFF = "选址尚未确定。"
CONCLUSION = "符合法定权限和程序"

MATERIAL = f"""
import json
from datetime import timedelta
from django.utils import timezone
from consultations import services
from consultations.lifecycle import AdjustmentKind, Outcome, official_date
from consultations.models import ConsultationPage, OpinionPoint
from decisions.models import Review
from portal.accounts.models import Unit, User
from tests import factories
from tests.factories import acts, review

at = timezone.now()
today = official_date(at)
who = {{one.username: one for one in User.objects.all()}}
unit = Unit.objects.get(code="housing")
catalogue = factories.a_draft_catalogue({YEAR})
matter = {{
    title: factories.a_draft_matter(catalogue, title=title, lead_unit=unit)
    for title in {(ASKED, READ_FIRST, OFFICE, SECRET, SHORT, CLOSED, PUT_OFF)!r}
}}
catalogue.refresh_from_db()
acts.publish_catalogue(page=catalogue, by=who["publisher"], at=at - timedelta(days=60))
made = {{"today": str(today)}}

rounds = {{
    title: factories.a_draft_round(matter[title], title=title + "（征求意见稿）")
    for title in {(ASKED, READ_FIRST, OFFICE, SECRET)!r}
}}
passed = {{{READ_FIRST!r}: [], {OFFICE!r}: ["head"], {SECRET!r}: ["head", "office"]}}
for title, readers in passed.items():
    state = review.submitted(rounds[title], who["editor"])
    for name in readers:
        review.approved(state, User.objects.get(username=name))
short = factories.a_draft_round(
    matter[{SHORT!r}],
    title={SHORT + "（征求意见稿）"!r},
    closes_on=today + timedelta(days=9),
    shortened_reason={WHY_SHORT!r},
)
review.released(short)
rounds[{SHORT!r}] = short

closed = factories.a_closed_round(matter[{CLOSED!r}], title={CLOSED + "（征求意见稿）"!r})
opinions = [factories.an_opinion(closed, text=text) for text in {SAID!r}]
for title, opinion, readers in (({DRAFTED!r}, opinions[2], []), ({READ!r}, opinions[3], ["head"])):
    issue = services.open_issue(consultation=closed, title=title, by=who["clerk"], at=at)
    points = OpinionPoint.objects.filter(opinion=opinion)
    services.assign(points=points, issue=issue, by=who["clerk"], at=at)
    services.draft_answer(
        issue=issue, outcome=Outcome.ADOPTED, reason={REASON!r}, by=who["clerk"], at=at
    )
    for name in readers:
        services.review_answer(issue=issue, by=who[name], at=at)
services.request_adjustment(
    item=matter[{PUT_OFF!r}],
    kind=AdjustmentKind.DEFER,
    reason={WHY_PUT_OFF!r},
    by=who["editor"],
    at=at,
)
rounds[{CLOSED!r}] = closed
made["rounds"] = {{title: one.pk for title, one in rounds.items()}}
made["paths"] = {{title: one.url_path.split("/", 2)[2] for title, one in rounds.items()}}
pending = Review.objects.filter(result="pending").get()
made["matter"] = pending.item.url_path.split("/", 2)[2]
print(json.dumps(made))
"""


@pytest.fixture(scope="module")
def made(server):
    """What was prepared: the rounds of the matters above, each at another point of its way."""
    return json.loads(server.run(MATERIAL))


def at_work(at_desk, name):
    """Somebody with the front page of the administration before them, and their keyboard."""
    page = at_desk(name)
    page.goto("/admin/")
    return page, Keyboard(page)


def succeeded(page):
    assert page.locator(".messages .success").count(), page.locator("main").inner_text()


def from_the_footer(page, keys, action):
    """Open the menu of the page editor's footer from its end, and press one of its buttons."""
    toggle = page.locator("footer .w-dropdown__toggle, footer [data-w-dropdown-target=toggle]")
    keys.reach(toggle.last, backwards=True)
    keys.press("Enter")
    page.locator(f"button[name={action}]").wait_for()
    keys.follow(page.locator(f"button[name={action}]"))


def open_the_review(page, keys, pk):
    """From what waits on the front page to the page, from there to its review."""
    keys.follow(f"main a[href*='/admin/pages/{pk}/edit/']")
    keys.follow(f".messages a[href*='/admin/release/{pk}/']")


def test_the_clerk_groups_and_answers(at_desk, server, made, assert_sound):
    page, keys = at_work(at_desk, "clerk")
    number = made["rounds"][CLOSED]
    page.goto(f"/admin/issues/desk/{number}/")
    for text in SAID[:2]:
        keys.tick(page.locator(".desk-point", has_text=text).locator("[name=points]"))
    keys.write("[name=title]", GROUPED)
    assert_sound(page)
    keys.follow(".desk-into button[type=submit]:not([name])")
    succeeded(page)

    keys.follow(page.get_by_role("link", name=re.compile(GROUPED)).first)
    assert all(text in page.locator(".desk-said").inner_text() for text in SAID[:2])
    keys.choose("outcome", "not_adopted")
    keys.follow("main footer button[type=submit]")
    assert page.locator("[name=reason] ~ *, .error-message").count()
    assert_sound(page)
    keys.choose("outcome", "adopted")
    keys.write("[name=reason]", REASON)
    keys.follow("main footer button[type=submit]")
    succeeded(page)

    page.goto("/admin/issues/drafts/")
    assert_sound(page)
    row = page.get_by_role("row", name=re.compile(READ))
    keys.tick(row.locator("[name=issues]"))
    keys.follow("main form button[type=submit]")
    succeeded(page)
    page.goto(f"/admin/issues/desk/{number}/matrix/")
    assert_sound(page)
    row = page.get_by_role("row", name=re.compile(READ))
    assert row.locator("td.desk-number").first.inner_text() == "1"
    assert GROUPED in page.locator("section[aria-labelledby=missing-h]").inner_text()


def test_the_editor_reads_an_answer_and_hands_a_round_in(at_desk, made, assert_sound):
    page, keys = at_work(at_desk, "editor")
    keys.follow(page.locator("#desk-drafts-section a", has_text=DRAFTED))
    assert REASON in page.locator(".desk-answer").inner_text()
    assert_sound(page)
    keys.follow("main footer button[type=submit]")
    succeeded(page)
    page.goto("/admin/issues/drafts/")
    assert page.locator("section[aria-labelledby=to-finalise]", has_text=DRAFTED).count()

    number = made["rounds"][ASKED]
    page.goto(f"/admin/pages/{number}/edit/")
    (missing,) = page.locator(".checklist .is-missing").all_inner_texts()
    assert "发布审查" in missing
    assert_sound(page, ".checklist")
    from_the_footer(page, keys, "action-submit")
    succeeded(page)
    page.goto(f"/admin/pages/{number}/edit/")
    assert "承办单位复核" in page.locator("main").inner_text()


def test_the_head_of_the_unit_reads_first(at_desk, made, assert_sound):
    page, keys = at_work(at_desk, "head")
    number = made["rounds"][READ_FIRST]
    open_the_review(page, keys, number)
    assert_sound(page)
    keys.write("[name=comment]", "已核对数据。")
    keys.follow("button[name=action][value=approve]")
    succeeded(page)
    assert "政务公开办审核" in page.locator(".messages").inner_text()


def test_the_office_approves_and_puts_a_matter_off(at_desk, page, made, assert_sound):
    office, keys = at_work(at_desk, "office")
    assert_sound(office)
    open_the_review(office, keys, made["rounds"][OFFICE])
    keys.follow("button[name=action][value=approve]")
    succeeded(office)

    office.goto("/admin/adjustment-requests/")
    keys.follow(office.locator("main a", has_text=PUT_OFF))
    assert WHY_PUT_OFF in office.locator("main").inner_text()
    keys.choose("verdict", "grant")
    keys.follow("main footer button[type=submit]")
    assert office.locator(".error-message").count()
    assert_sound(office)
    keys.write("[name=approved_on]", made["today"])
    keys.press("Escape")
    keys.follow("main footer button[type=submit]")
    succeeded(office)
    page.goto(f"{ROOT}?fresh=1")
    assert WHY_PUT_OFF in page.locator("main").inner_text()


def test_the_secrecy_reviewer_states_what_was_checked(at_desk, made, assert_sound):
    page, keys = at_work(at_desk, "secrecy")
    number = made["rounds"][SECRET]
    open_the_review(page, keys, number)
    assert_sound(page)
    keys.follow("button[name=action][value=approve]")
    assert page.locator(".error-message").count()
    assert_sound(page)
    keys.tick("[name=secrecy_checked]")
    keys.choose("disclosure", "active")
    for place in page.locator("[name=confirmed]").all():
        keys.tick(place)
    keys.follow("button[name=action][value=approve]")
    succeeded(page)
    page.goto(f"/admin/pages/{number}/workflow_history/")
    assert "已批准" in page.locator("main tbody").inner_text()


def test_the_publisher_publishes_with_a_reason(at_desk, page, made, assert_sound):
    desk, keys = at_work(at_desk, "publisher")
    number, path = made["rounds"][SHORT], f"/{made['paths'][SHORT]}"
    assert page.goto(path).status == 404
    desk.goto(f"/admin/pages/{number}/edit/")
    from_the_footer(desk, keys, "action-publish")
    assert "publish-with-reasons" in desk.url
    assert_sound(desk)
    for field in desk.locator("main textarea").all():
        keys.write(field, WHY_SHORT)
    keys.follow("main footer button[type=submit]")
    succeeded(desk)
    assert page.goto(f"{path}?fresh=1").status == 200
    assert WHY_SHORT in page.locator("main").inner_text()


def test_the_legality_reviewer_concludes(at_desk, page, made, assert_sound):
    desk, keys = at_work(at_desk, "legal")
    keys.follow("#wagtail-sidebar a[href='/admin/reviews/']")
    keys.follow(desk.get_by_role("row", name=re.compile("办理中")).locator("a").first)
    assert_sound(desk)
    keys.choose("result", "passed")
    keys.write("[name=number]", "澜司审示〔2026〕99号")
    keys.write("[name=concluded_on]", made["today"])
    keys.press("Escape")
    keys.write("[name=conclusion]", CONCLUSION)
    keys.follow("main footer button[type=submit]")
    succeeded(desk)
    page.goto(f"/{made['matter']}?fresh=1")
    assert CONCLUSION in page.locator("main").inner_text()
