"""A citizen gives an opinion without JavaScript, and another with the keyboard only."""

import re
from email import message_from_bytes

import pytest

TEXT = "第一行意见。\n第二行：希望写明由谁负责。"


def open_consultation(page):
    page.goto("/consultations/")
    page.locator("main h3 a, main h2 a").first.click()


def fill(page, server, text=TEXT):
    page.get_by_label("您的意见").fill(text)
    page.get_by_label("邮箱").fill("citizen@example.com")
    page.get_by_label("隐去姓名后公开").check()
    key = page.locator("[name=captcha_0]").input_value()
    page.locator("[name=captcha_1]").fill(server.captcha_answer(key))


def test_the_journey_needs_no_script(new_page, server, assert_accessible):
    page = new_page(java_script_enabled=False)
    open_consultation(page)
    page.get_by_role("link", name=re.compile("提意见")).first.click()
    fill(page, server)
    page.get_by_role("button", name="提交意见").click()
    receipt = re.search(r"ZJ-\d{4}-\w{4}-\w{4}", page.locator("main").inner_text())[0]
    assert receipt

    message = newest_mail(server)
    assert receipt in message
    page.goto(re.search(r"http://\S+/opinions/confirm/\S+", message)[0])
    page.get_by_role("button", name=re.compile("确认")).click()
    page.goto("/opinions/status/")
    page.get_by_label(re.compile("回执编号")).fill(receipt)
    page.get_by_role("button", name=re.compile("查")).last.click()
    assert receipt in page.locator("main").inner_text()


def newest_mail(server):
    newest = max(server.mail.iterdir(), key=lambda path: path.stat().st_mtime)
    text = newest.read_bytes().strip().rstrip(b"-").strip()
    parts = message_from_bytes(text).walk()
    plain = next(part for part in parts if part.get_content_type() == "text/plain")
    return plain.get_payload(decode=True).decode()


def test_a_wrong_captcha_leads_to_the_field_and_keeps_the_text(page, server, assert_accessible):
    open_consultation(page)
    page.get_by_role("link", name=re.compile("提意见")).first.click()
    assert_accessible(page)
    fill(page, server)
    page.locator("[name=captcha_1]").fill("9999")
    page.get_by_role("button", name="提交意见").click()
    assert page.title().startswith("错误")
    assert page.get_by_label("您的意见").input_value() == TEXT
    assert_accessible(page)
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.name") == "captcha_1"


@pytest.mark.parametrize("presses", [80])
def test_the_form_is_reached_and_sent_by_keyboard(page, server, presses):
    open_consultation(page)
    page.get_by_role("link", name=re.compile("提意见")).first.press("Enter")
    page.wait_for_url("**/opinions/write/**")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    seen = set()
    for _ in range(presses):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || ''")
        seen.add(name)
        if name == "text":
            page.keyboard.insert_text(TEXT)
        elif name == "email":
            page.keyboard.insert_text("keyboard@example.com")
        elif name == "publicity":
            page.keyboard.press("Space")
        elif name == "captcha_1":
            key = page.locator("[name=captcha_0]").input_value()
            page.keyboard.insert_text(server.captcha_answer(key))
            page.keyboard.press("Enter")
            break
    assert {"article", "text", "email", "publicity", "captcha_1"} <= seen
    page.wait_for_url("**/opinions/received/")
