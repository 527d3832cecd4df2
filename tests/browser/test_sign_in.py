"""A member of staff signs in, sets up an app and a passkey, and signs in with each of them."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.browser.journey import sign_in

NAME, PASSWORD = "passkey-owner", "a-password-of-this-test"
AN_ACCOUNT = f"""
from django.contrib.auth.models import Group
from portal.accounts.models import User
user = User.objects.create_user({NAME!r}, password={PASSWORD!r})
user.groups.set(Group.objects.filter(name="unit_editor"))
"""


@pytest.fixture
def owner(new_page, server):
    """Somebody before the sign-in, at the name by which browsers make passkeys."""
    server.run(AN_ACCOUNT)
    return new_page(base_url=server.url.replace("127.0.0.1", "localhost"))


def a_key(page):
    """Plug in a key that its owner unlocks."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def enter(page, password=PASSWORD):
    page.goto("/staff/login/")
    page.locator("#id_login").fill(NAME)
    page.locator("#id_password").fill(password)
    page.locator("#id_password").press("Enter")


def leave(page):
    page.goto("/staff/logout/")
    page.locator("main form button").click()
    page.wait_for_url("**/staff/login/")


def code_of(page, secret):
    """The code that the app of this secret shows, by the browser's clock."""
    return format_hotp_value(hotp_value(secret, int(page.evaluate("Date.now() / 1000")) // 30))


def set_up_an_app(page, assert_sound):
    """Returns the recovery codes."""
    page.goto("/staff/factors/")
    assert_sound(page)
    page.get_by_role("link", name="设置验证器").click()
    assert_sound(page)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/factors/app/")
    assert_sound(page)
    page.locator("#id_code").fill(code_of(page, page.locator("#secret").inner_text()))
    page.locator("#id_code").press("Enter")
    page.wait_for_url("**/factors/codes/")
    assert_sound(page)
    return page.locator(".codes li").all_inner_texts()


def add_a_passkey(page, assert_sound):
    page.goto("/staff/factors/keys/add/")
    assert_sound(page)
    page.locator("#id_passwordless").check()
    page.get_by_role("button", name="添加这个密钥").click()
    page.wait_for_url("**/staff/factors/")
    for address in ("/staff/factors/", "/staff/factors/keys/"):
        page.goto(address)
        assert_sound(page)
    page.locator("main li a").first.click()
    assert_sound(page)
    page.locator("[name=name]").fill("办公室电脑")
    page.locator("main form button").click()
    assert "办公室电脑" in page.locator("main").inner_text()


def test_an_app_and_a_passkey(owner, assert_sound):
    page = owner
    a_key(page)
    page.goto("/admin/")
    assert_sound(page)
    enter(page, "wrong")
    assert "用户名或密码不正确" in page.locator("#errors").inner_text()
    assert_sound(page)
    enter(page)
    page.wait_for_url("**/admin/")
    codes = set_up_an_app(page, assert_sound)
    assert len(codes) == 10
    add_a_passkey(page, assert_sound)

    leave(page)
    assert_sound(page)
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/admin/")

    leave(page)
    enter(page)
    page.wait_for_url("**/factors/enter/")
    assert_sound(page)
    page.get_by_role("button", name="使用通行密钥或安全密钥").click()
    page.wait_for_url("**/admin/")

    leave(page)
    enter(page)
    page.wait_for_url("**/factors/enter/")
    page.locator("#id_code").fill(codes[0])
    page.locator("#id_code").press("Enter")
    page.wait_for_url("**/admin/")
    page.goto("/admin/account/")
    assert page.locator("a[href='/staff/factors/']").count() == 1


def test_without_javascript_the_password_is_enough_in_the_demo(new_page):
    page = sign_in(new_page, "clerk", java_script_enabled=False)
    assert page.locator("main, body").count()
    page.goto("/staff/factors/")
    assert page.locator("button[data-needs-key]:visible").count() == 0


def test_a_passkey_that_fails_is_told(new_page, server):
    page = new_page(base_url=server.url.replace("127.0.0.1", "localhost"))
    page.goto("/staff/login/")
    notice = page.locator("[data-key-failed]")
    assert notice.is_hidden()
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new Error('cancelled')) }"
    )
    page.get_by_role("button", name="用通行密钥登录").click()
    notice.wait_for(state="visible")
    assert re.search("没有完成", notice.inner_text())
