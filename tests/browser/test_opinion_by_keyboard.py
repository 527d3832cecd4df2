"""A citizen gives an opinion without JavaScript, by keyboard alone, on a very narrow screen."""

import re

import pytest

from tests.browser.journey import NEXT, TEXT, begin, newest_mail, prove, say, tell

# 1280 pixels at 400 % are 320.
NARROW = {"width": 320, "height": 640}


def fits(page):
    """Nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_journey_needs_no_script(new_page, server):
    page = new_page(java_script_enabled=False)
    begin(page)
    say(page)
    tell(page)
    prove(page, server)
    page.get_by_role("button", name="提交意见").click()
    receipt = re.search(r"ZJ-\d{4}-\w{4}-\w{4}", page.locator("main").inner_text())[0]

    message = newest_mail(server)
    assert receipt in message
    page.goto(re.search(r"http://\S+/opinions/confirm/\S+", message)[0])
    page.get_by_role("button", name=re.compile("确认")).click()
    page.goto("/opinions/status/")
    page.get_by_label(re.compile("回执编号")).fill(receipt)
    page.get_by_role("button", name=re.compile("查")).last.click()
    assert receipt in page.locator("main").inner_text()


def test_without_a_script_points_are_added_and_removed_and_the_draft_is_found_again(new_page):
    page = new_page(java_script_enabled=False)
    begin(page)
    page.get_by_role("textbox", name=re.compile("您的意见")).fill("第一点。")
    page.get_by_role("button", name="再对另一条提意见").click()
    page.get_by_role("textbox", name=re.compile("您的意见")).last.fill("第二点。")
    page.get_by_role("button", name=re.compile("删除")).first.click()
    begin(page)
    assert page.get_by_role("textbox", name=re.compile("您的意见")).input_value() == "第二点。"
    page.get_by_role("button", name="清除我写的内容").click()
    assert page.get_by_role("textbox", name=re.compile("您的意见")).input_value() == ""


def test_what_was_typed_is_offered_again_after_the_browser_was_closed(new_page):
    page = new_page()
    begin(page)
    address = page.url
    page.get_by_role("textbox", name=re.compile("您的意见")).fill(TEXT)
    page.goto("/")
    page.goto(address)
    page.get_by_role("button", name="放回来接着写").click()
    assert page.get_by_role("textbox", name=re.compile("您的意见")).input_value() == TEXT
    page.get_by_role("button", name="清除我写的内容").click()
    assert page.get_by_role("textbox", name=re.compile("您的意见")).input_value() == ""
    assert not page.get_by_role("button", name="放回来接着写").is_visible()
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("mode", ["standard", "elder", "contrast"])
def test_every_state_of_the_journey_is_sound_and_fits_a_narrow_screen(
    new_page, server, assert_sound, mode
):
    page = new_page(viewport=NARROW)
    page.context.request.post("/prefs/", form={"mode": mode})

    def look():
        page.wait_for_load_state()
        assert fits(page), page.url
        assert_sound(page)

    begin(page)
    look()
    say(page, "")
    assert page.title().startswith("错误")
    assert page.evaluate("document.activeElement.id") == "errors"
    look()
    page.get_by_role("button", name="再对另一条提意见").click()
    page.get_by_role("textbox", name=re.compile("您的意见")).last.fill(TEXT)
    look()
    page.get_by_role("button", name=NEXT).click()
    look()
    page.get_by_role("button", name=NEXT).click()
    assert page.title().startswith("错误")
    look()
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.name") == "email"
    tell(page)
    look()
    page.get_by_role("button", name="提交意见").click()
    assert page.title().startswith("错误")
    assert "第二行：希望写明由谁负责。" in page.locator("main").inner_text()
    look()
    page.locator(".error-summary a").last.click()
    assert page.evaluate("document.activeElement.name") == "captcha_1"
    prove(page, server)
    page.get_by_role("button", name="提交意见").click()
    page.wait_for_url("**/opinions/received/")
    look()


def keyed(page, wanted, presses=80):
    """Press Tab until the field or button `wanted` has the focus, which must be seen."""
    for _ in range(presses):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "(e => [e.name, e.innerText, getComputedStyle(e).outlineStyle])(document.activeElement)"
        )
        if wanted in found[:2] or (found[1] and wanted in found[1]):
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_the_journey_is_gone_by_keyboard_alone(page, server):
    page.goto("/consultations/")
    page.locator("main h3 a, main h2 a").first.press("Enter")
    page.get_by_role("link", name=re.compile("提意见")).first.press("Enter")
    page.wait_for_url("**/opinions/write/**")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    keyed(page, "p0-article")
    keyed(page, "p0-stance")
    page.keyboard.press("Space")
    keyed(page, "p0-text")
    page.keyboard.insert_text(TEXT)
    keyed(page, "下一步")
    page.keyboard.press("Enter")
    page.wait_for_url("**/about/")
    keyed(page, "email")
    page.keyboard.insert_text("keyboard@example.com")
    keyed(page, "publicity")
    page.keyboard.press("Space")
    keyed(page, "下一步")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/")
    keyed(page, "captcha_1")
    key = page.locator("[name=captcha_0]").input_value()
    page.keyboard.insert_text(server.captcha_answer(key))
    page.keyboard.press("Enter")
    page.wait_for_url("**/opinions/received/")


def test_no_script_in_an_opinion_or_a_name_ever_runs(page, server, assert_sound):
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    attack = '"><img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)>'
    begin(page)
    consultation = re.search(r"/write/(\d+)/", page.url)[1]
    say(page, attack)
    page.locator("[name=name]").fill(attack[:50])
    page.locator("[name=publicity][value=named]").check()
    page.get_by_label("邮箱", exact=True).fill("attacker@example.com")
    page.get_by_role("button", name=NEXT).click()
    page.locator("[name=name_consent]").check()
    prove(page, server)
    page.get_by_role("button", name="提交意见").click()
    page.wait_for_url("**/opinions/received/")
    server.run(
        "from consultations.models import Opinion; from consultations import services;"
        "from django.utils import timezone; at = timezone.now();"
        "from portal.accounts.models import User;"
        "o = Opinion.objects.order_by('pk').last();"
        "services.confirm(token=services.new_confirmation_token(opinion=o, at=at), at=at);"
        "o.refresh_from_db();"
        "services.publish_opinion(opinion=o, by=User.objects.get(username='clerk'), at=at)"
    )
    page.goto(f"/opinions/write/{consultation}/")
    page.locator("main .crumbs a").click()
    for address in (page.url, f"{page.url}opinions/"):
        page.goto(address)
        assert "onerror=alert(1)" in page.locator("main").inner_text()
    assert_sound(page)
