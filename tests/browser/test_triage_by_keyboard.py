"""The clerk reads what came in: the queue by keyboard, and what the public sees of it then."""

import json

import pytest

from tests.browser.keyboard import Keyboard

SHOWN = "希望食堂每周公示食材来源。"
ABUSIVE = "你们这些骗子，一个都不可信。"
PHONE, NAME = "13900001234", "赵老师"
PERSONAL = f"请联系我校{NAME}，电话{PHONE}，她了解去年的情况。"
UNSURE = "大课间能不能也供应一次水果？"
ISSUE = "食材来源的公示"
# Opinions on a round that nobody else speaks to.
MATERIAL = f"""
import json
from datetime import timedelta
from django.utils import timezone
from portal.accounts.models import Unit, User
from tests import factories
from tests.factories import acts
at = timezone.now()
catalogue = factories.a_draft_catalogue(2033)
item = factories.a_draft_matter(
    catalogue, title="学校食堂明厨亮灶办法", lead_unit=Unit.objects.get(code="education")
)
catalogue.refresh_from_db()
publisher = User.objects.get(username="publisher")
acts.publish_catalogue(page=catalogue, by=publisher, at=at - timedelta(days=60))
page = factories.an_open_round(item, title="学校食堂明厨亮灶办法（征求意见稿）")
for text in ({SHOWN!r}, {ABUSIVE!r}, {PERSONAL!r}, {UNSURE!r}):
    factories.an_opinion(page, text=text)
print(json.dumps([page.pk, page.title, page.url_path.split("/", 2)[2]]))
"""
RECORD = """
import json
from consultations.models import Opinion
page = {page}
print(json.dumps([
    [one.display, one.withheld_reason, one.assignee and one.assignee.username,
     [point.issue and point.issue.title for point in one.points.all()]]
    for one in Opinion.objects.filter(consultation=page).order_by("-pk")[:4]
]))
"""


@pytest.fixture
def consultation(server):
    """The key, the title and the address of a round on which four opinions wait."""
    pk, title, path = json.loads(server.run(MATERIAL))
    return pk, title, f"/{path}"


def reads(page, text):
    """The opinion with this text is on the screen, has the focus, and was announced."""
    page.locator("[data-triage-text]", has_text=text).wait_for()
    page.wait_for_function("document.activeElement.matches('[data-triage-opinion]')")
    receipt = page.locator("[data-triage-says]").inner_text()
    assert page.locator(".triage-row.is-current").count() == 1
    return receipt


def test_the_clerk_reads_the_queue(at_desk, page, server, consultation, assert_sound):
    pk, title, path = consultation
    clerk = at_desk("clerk")
    keys = Keyboard(clerk)
    clerk.goto("/admin/")
    assert_sound(clerk)
    keys.follow(clerk.locator("#desk-triage-section a", has_text=title))
    assert f"consultation={pk}" in clerk.url
    assert SHOWN in clerk.locator("[data-triage-text]").inner_text()
    assert_sound(clerk)

    keys.press("?")
    assert clerk.evaluate("document.activeElement.closest('[data-triage-keys]').open")
    keys.press("j")
    reads(clerk, ABUSIVE)
    keys.press("k")
    reads(clerk, SHOWN)
    # What was read before is one step back, as on pages that load.
    clerk.go_back()
    reads(clerk, ABUSIVE)
    clerk.go_forward()
    reads(clerk, SHOWN)

    group(clerk, keys, assert_sound)
    keys.press("p")
    done = reads(clerk, ABUSIVE)
    assert "公开" in done
    withhold(clerk, keys, assert_sound)
    reads(clerk, PERSONAL)
    hide(clerk, keys, assert_sound)
    reads(clerk, UNSURE)
    give_to_a_clerk(clerk, keys, assert_sound)

    record = json.loads(server.run(RECORD.format(page=pk)))
    assert record == [
        ["pending", "", "clerk", [None]],
        ["published_redacted", "", None, [None]],
        ["withheld", "abuse", None, [None]],
        ["published", "", None, [ISSUE]],
    ]
    page.goto(f"{path}opinions/?fresh=1")
    public = page.locator("main").inner_text()
    assert SHOWN in public
    assert "请联系我校〔已隐去〕，电话〔已隐去〕，她了解去年的情况。" in public
    assert ABUSIVE not in public
    assert UNSURE not in public


def withhold(clerk, keys, assert_sound):
    """W opens the reasons with the first of them under the fingers."""
    keys.press("w")
    assert clerk.evaluate("document.activeElement.name") == "reason"
    keys.reach("[data-key=w] button[type=submit]")
    keys.press("Enter")
    clerk.locator("[data-key=w] .errorlist, [data-key=w] .error-message").first.wait_for()
    assert_sound(clerk)
    keys.choose("reason", "abuse")
    keys.press("Enter")


def hide(clerk, keys, assert_sound):
    """R offers what looks personal, and takes words."""
    keys.press("r")
    assert clerk.evaluate("document.activeElement.name") == "words_0"
    assert PHONE in clerk.locator("[data-triage-passages] label").inner_text()
    assert clerk.locator("[name=passages]").is_checked()
    # The keys of the queue rest while something is typed.
    keys.press("j")
    keys.write("[data-key=r] [name=words_0]", NAME)
    keys.pick("[data-key=r] [name=reason_0]", "他人隐私")
    assert_sound(clerk)
    keys.reach("[data-key=r] button[type=submit]")
    keys.press("Enter")


def give_to_a_clerk(clerk, keys, assert_sound):
    """A gives it to somebody; it stays in the queue."""
    keys.press("a")
    keys.pick("[data-key=a] select", "方审核")
    assert_sound(clerk)
    keys.press("Tab", "Enter")
    clerk.locator("[data-triage-opinion]", has_text="方审核").wait_for()


def group(clerk, keys, assert_sound):
    """I leads to a page of its own and back."""
    with clerk.expect_navigation():
        keys.press("i")
    assert_sound(clerk)
    keys.write("[name=title]", ISSUE)
    keys.follow("main form button[type=submit]")
    assert SHOWN in clerk.locator("[data-triage-text]").inner_text()
