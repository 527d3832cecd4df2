"""The whole chain as four people: an editor, a citizen, a clerk and a researcher.

What a person types into long page forms is prepared as drafts; every act of the procedure is done
by hand on the screen, and the days between closing and opening are the only thing skipped.
"""

import re
from datetime import date, timedelta

import pytest

from tests.browser.journey import newest_mail, prove, say, tell
from tests.services.processes import wait_until

YEAR = 2031
ROOT = f"/catalogue/{YEAR}/"
MATTER = f"{ROOT}01/"
TITLE = "智慧路灯试点管理办法"
OPINION = "建议写明故障路灯二十四小时内修复，并公布报修电话。"
ISSUE = "故障路灯的修复时限"
REASON = "已增加二十四小时修复时限和报修电话。"

DRAFTS = f"""
from datetime import date
from portal.accounts.models import Unit
from tests import factories
catalogue = factories.a_draft_catalogue({YEAR})
housing = Unit.objects.get(code="housing")
item = factories.a_draft_matter(catalogue, title={TITLE!r}, lead_unit=housing)
for page in (catalogue, item):
    page.save_revision()
catalogue.refresh_from_db()
page = factories.a_draft_round(item, title={TITLE + "（征求意见稿）"!r})
print(catalogue.pk, item.pk, page.pk)
"""


class Review:
    """The release review, passed by four people, each at a desk of their own."""

    def __init__(self, at_desk):
        self.at_desk = at_desk
        self.desks = {}

    def desk(self, name):
        if name not in self.desks:
            self.desks[name] = self.at_desk(name)
        return self.desks[name]

    def __call__(self, pk, *, asks="editor", first="head"):
        submit_to_review(self.desk(asks), pk)
        for name in (first, "publisher", "secrecy"):
            approve(self.desk(name), pk)


@pytest.fixture
def review(at_desk):
    """Let a page pass it."""
    return Review(at_desk)


def submit_to_review(page, pk):
    """Press “Submit to the review” in the editor of a page."""
    page.goto(f"/admin/pages/{pk}/edit/")
    page.locator("footer [data-w-dropdown-target=toggle], footer .w-dropdown__toggle").last.click()
    with page.expect_navigation():
        page.locator("button[name=action-submit]").click()
    assert page.locator(".messages .success").count(), page.locator(".messages").inner_text()


def approve(page, pk):
    """Open the review from the page's editor, state what is asked for, and approve."""
    page.goto(f"/admin/pages/{pk}/edit/")
    with page.expect_navigation():
        page.locator(f".messages a[href*='/admin/release/{pk}/']").click()
    if page.locator("[name=secrecy_checked]").count():
        page.locator("[name=secrecy_checked]").check()
        choose(page, "disclosure", "active")
        for tick in page.locator("[name=confirmed]").all():
            tick.check()
    with page.expect_navigation():
        page.locator("button[name=action][value=approve]").click()
    assert page.locator(".messages .success").count(), page.locator(".messages").inner_text()


def publish(page, pk):
    """Press “Publish” in the editor of a page."""
    page.goto(f"/admin/pages/{pk}/edit/")
    page.locator("footer [data-w-dropdown-target=toggle], footer .w-dropdown__toggle").last.click()
    with page.expect_navigation():
        page.locator("button[name=action-publish]").click()
    assert page.locator(".messages .success").count(), page.locator(".messages").inner_text()


@pytest.fixture
def drafts(server):
    return [int(pk) for pk in server.run(DRAFTS).split()]


def test_from_the_catalogue_to_the_archive(new_page, server, drafts, review, assert_accessible):
    editor = review.desk("publisher")
    citizen = new_page(viewport={"width": 375, "height": 812}, is_mobile=True, has_touch=True)

    open_the_consultation(editor, citizen, drafts, review, assert_accessible)
    receipt = give_an_opinion(citizen, server, assert_accessible)
    clerk = review.desk("clerk")
    show_the_opinion(clerk, receipt)
    citizen.goto(f"{MATTER}consultation-1/?fresh=1")
    assert OPINION in citizen.locator("#opinions").inner_text()

    let_the_days_pass(server, drafts)
    citizen.goto(f"{MATTER}consultation-1/?fresh=2")
    assert citizen.locator("a[href*='/opinions/write/']").count() == 0

    group_and_answer(clerk, receipt)
    read_and_finalise(review.desk("editor"), clerk)
    publish_the_summary(editor, server, drafts, review)
    citizen.goto(f"{MATTER}consultation-1/feedback/")
    assert REASON in citizen.locator("main").inner_text()
    assert_accessible(citizen)
    look_up(citizen, receipt)
    assert REASON in citizen.locator("main").inner_text()
    assert_accessible(citizen)

    decide(server, editor, drafts, review)
    for address in (f"{MATTER}decision/", MATTER):
        citizen.goto(address)
        assert_accessible(citizen)
    assert "决策已公布" in citizen.locator("main").inner_text()

    researcher = new_page()

    def finds():
        """Tell whether the search that is meant to answers; whichever does has to find it."""
        answer = researcher.goto("/archive/?q=智慧路灯")
        assert TITLE in researcher.locator("main h3").first.inner_text()
        return answer.headers["x-search-mode"] == expected_mode(server)

    # The engine is given two seconds, and may wait longer for a processor that browsers keep busy.
    wait_until(finds, 60, "The search")
    assert_accessible(researcher)


def open_the_consultation(editor, citizen, drafts, review, assert_accessible):
    """The editor publishes the catalogue and the round; before that the public sees neither."""
    catalogue, _item, round_ = drafts
    assert citizen.goto(ROOT).status == 404
    review(catalogue, asks="publisher", first="office")
    publish(editor, catalogue)
    citizen.goto(ROOT)
    citizen.get_by_role("link", name=TITLE).first.click()
    assert_accessible(citizen)
    assert citizen.goto(f"{MATTER}consultation-1/").status == 404
    review(round_)
    publish(editor, round_)


def give_an_opinion(citizen, server, assert_accessible):
    """The citizen speaks to one article and confirms by the mailed link; returns the receipt."""
    citizen.goto(f"{MATTER}consultation-1/")
    assert_accessible(citizen)
    citizen.locator("article.article").nth(1).get_by_role("link", name=re.compile("提意见")).click()
    assert_accessible(citizen)
    say(citizen, OPINION)
    tell(citizen)
    prove(citizen, server)
    citizen.get_by_role("button", name="提交意见").click()
    citizen.wait_for_url("**/opinions/received/")
    assert_accessible(citizen)
    receipt = re.search(r"ZJ-\d{4}-\w{4}-\w{4}", citizen.locator("main").inner_text())[0]
    mail = newest_mail(server)
    assert receipt in mail
    citizen.goto(re.search(r"http://\S+/opinions/confirm/\S+", mail)[0])
    assert_accessible(citizen)
    citizen.get_by_role("button", name=re.compile("确认")).click()
    assert_accessible(citizen)
    return receipt


def choose(page, name, value):
    page.locator(f"[name={name}][value={value}]").check()


def submit(page):
    """Send the form in the middle of an admin page."""
    with page.expect_navigation():
        page.locator("main form [type=submit], footer [type=submit]").last.click()


def show_the_opinion(clerk, receipt):
    """The clerk reads the opinion and lets the public see it."""
    clerk.goto("/admin/opinions/")
    clerk.get_by_role("link", name=receipt).first.click()
    assert OPINION in clerk.locator("main").inner_text()
    clerk.locator("a[href*='/opinions/publish/']").first.click()
    submit(clerk)


def let_the_days_pass(server, drafts):
    """The clock closes the round."""
    server.run(
        "from datetime import timedelta as d;"
        "from consultations.models import ConsultationPage as C;"
        f"p=C.objects.get(pk={drafts[2]}); C.objects.filter(pk=p.pk).update("
        "opens_on=p.opens_on-d(40), closes_on=p.closes_on-d(40))"
    )
    server.manage("tick")


def group_and_answer(clerk, receipt):
    """The clerk groups the opinion under a new issue and answers it."""
    clerk.goto("/admin/opinions/")
    row = clerk.locator("tr", has=clerk.get_by_role("link", name=receipt))
    row.locator("input[type=checkbox]").check()
    clerk.locator("a[href*='/bulk/'][href*='/group/']").first.click()
    clerk.locator("[name=title]").fill(ISSUE)
    submit(clerk)
    clerk.goto("/admin/issues/")
    clerk.get_by_role("link", name=ISSUE).first.click()
    choose(clerk, "outcome", "adopted")
    clerk.locator("[name=reason]").fill(REASON)
    submit(clerk)


def read_and_finalise(reader, clerk):
    """A second person reads the answer, then the clerk makes it final."""
    reader.goto("/admin/issues/drafts/")
    reader.get_by_role("link", name=ISSUE).click()
    submit(reader)
    clerk.goto("/admin/issues/drafts/")
    clerk.get_by_role("row", name=ISSUE).locator("input[type=checkbox]").check()
    submit(clerk)


def publish_the_summary(editor, server, drafts, review):
    """The editor publishes what became of the opinions."""
    summary = server.run(
        "from tests import factories; from consultations.models import ConsultationPage as C;"
        f"print(factories.a_draft_summary(C.objects.get(pk={drafts[2]}),"
        f"title={TITLE + '意见采纳情况反馈'!r}).pk)"
    )
    review(summary)
    publish(editor, summary)


def look_up(citizen, receipt):
    """The citizen asks what became of the opinion."""
    citizen.goto("/opinions/status/")
    citizen.get_by_label("回执编号").fill(receipt)
    citizen.locator("main form button").last.click()


def decide(server, editor, drafts, review):
    """The legality reviewer passes the matter, the meeting decides, the office publishes."""
    _catalogue, item, _round = drafts
    decision = server.run(
        "from tests import factories; from consultations.models import DecisionItemPage as D;"
        f"print(factories.a_draft_decision(D.objects.get(pk={item}),"
        f"title={'澜川市' + TITLE!r}, index_no='9901000001/2031-00001').pk)"
    )
    editor.goto(f"/admin/pages/{decision}/edit/")
    findings = editor.locator(".checklist .is-missing").all_inner_texts()
    for rule in ("REV-1", "DEC-1"):
        assert any(rule in finding for finding in findings)

    lawyer = review.desk("legal")
    lawyer.goto(f"/admin/reviews/add/?item={item}")
    choose(lawyer, "kind", "legality")
    lawyer.locator("[name=number]").fill("澜司审示〔2031〕1号")
    choose(lawyer, "result", "passed")
    today = server.run("from django.utils import timezone; print(timezone.localdate())")
    three_weeks_ago = (date.fromisoformat(today) - timedelta(days=21)).isoformat()
    lawyer.locator("[name=sent_on]").fill(three_weeks_ago)
    lawyer.locator("[name=concluded_on]").fill(today)
    submit(lawyer)

    editor.goto(f"/admin/discussions/add/?item={item}")
    editor.locator("[name=meeting_name]").fill("市政府第60次常务会议")
    for field in ("held_on", "party_report_on"):
        editor.locator(f"[name={field}]").fill(today)
    submit(editor)
    review(decision)
    publish(editor, decision)


def expected_mode(server):
    return "elasticsearch" if server.environment.get("ELASTICSEARCH_URL") else "database"
