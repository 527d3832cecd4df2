"""The three steps of giving an opinion, as a person with a browser goes them, and the sign-in."""

import re
from email import message_from_bytes

TEXT = "第一行意见。\n第二行：希望写明由谁负责。"
NEXT = re.compile("^下一步")


def sign_in(new_page, name, **options):
    page = new_page(**options)
    page.goto("/admin/login/")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill("jianyan-demo")
    page.locator("#id_password").press("Enter")
    page.wait_for_url("**/admin/")
    return page


def begin(page):
    page.goto("/consultations/")
    page.locator("main h3 a, main h2 a").first.click()
    page.get_by_role("link", name=re.compile("提意见")).first.click()


def say(page, text=TEXT):
    page.get_by_role("textbox", name=re.compile("您的意见")).first.fill(text)
    page.get_by_role("button", name=NEXT).click()


def tell(page, email="citizen@example.com"):
    page.get_by_label("邮箱", exact=True).fill(email)
    page.get_by_label("隐去姓名后公开").check()
    page.get_by_role("button", name=NEXT).click()


def prove(page, server):
    key = page.locator("[name=captcha_0]").input_value()
    page.locator("[name=captcha_1]").fill(server.captcha_answer(key))


def newest_mail(server):
    newest = max(server.mail.iterdir(), key=lambda path: path.stat().st_mtime)
    text = newest.read_bytes().strip().rstrip(b"-").strip()
    parts = message_from_bytes(text).walk()
    plain = next(part for part in parts if part.get_content_type() == "text/plain")
    return plain.get_payload(decode=True).decode()
