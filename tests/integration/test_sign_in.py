"""Staff sign in with a password, and their session ends; nobody else gets in."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.sessions.models import Session
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from portal.accounts.roles import Role
from tests import factories
from tests.factories.people import PASSWORD
from tests.integration.signing_in import (
    ADMIN,
    FACTORS,
    LOGIN,
    acts,
    an_app,
    code_of,
    enter,
    opens_admin,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return factories.an_editor()


# A password


def test_the_administration_leads_to_the_sign_in_and_from_there_back(client, editor):
    asked = client.get("/admin/pages/")
    assert asked["Location"] == f"{LOGIN}?next=/admin/pages/"
    page = client.get(asked["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/admin/pages/">' in page
    assert enter(client, editor, next="/admin/pages/")["Location"] == "/admin/pages/"


def test_wagtails_own_sign_in_leads_to_ours_and_its_password_mail_is_off(client):
    assert client.get("/admin/login/?next=/admin/pages/")["Location"] == (
        f"{LOGIN}?next=/admin/pages/"
    )
    assert reverse("wagtailadmin_login") == "/admin/login/"
    for address in ("/admin/password_reset/", "/admin/password_reset/done/"):
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND


def test_where_no_second_factor_is_demanded_the_password_is_enough(client, editor):
    assert enter(client, editor)["Location"] == ADMIN
    assert opens_admin(client)
    assert acts(editor) == ["accounts.signed_in"]


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", r"/\evil.example", "javascript:alert(1)"],
)
def test_nobody_is_sent_to_another_site(client, editor, elsewhere):
    assert enter(client, editor, next=elsewhere)["Location"] == ADMIN
    assert client.get(LOGIN, {"next": elsewhere})["Location"] == ADMIN
    assert client.post("/staff/logout/", {"next": elsewhere})["Location"] == LOGIN


def test_another_host_of_ours_is_another_site(client, editor, settings):
    settings.ALLOWED_HOSTS = ["testserver", "files.testserver"]
    assert enter(client, editor, next="http://files.testserver/")["Location"] == ADMIN


def test_a_wrong_password_is_told_and_noted(client, editor):
    page = enter(client, editor, "wrong")
    assert page.status_code == HTTPStatus.OK
    assert "error-summary" in page.content.decode()
    assert acts(editor) == ["accounts.refused"]


def test_a_name_that_is_nobodys_reaches_no_log(client, caplog):
    client.post(LOGIN, {"login": "my-secret-password", "password": "x"})
    assert "user=None" in caplog.text
    assert "my-secret-password" not in caplog.text
    assert not ModelLogEntry.objects.exists()


def test_after_five_wrong_passwords_the_account_is_locked_and_released_in_time(client, editor):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            enter(client, editor, "wrong")
        locked = enter(client, editor)
        assert locked.status_code == HTTPStatus.OK
        assert not opens_admin(client)
        assert acts(editor)[-1] == "accounts.locked"
        # Another account on the same machine is not.
        other = factories.a_clerk()
        assert enter(client, other)["Location"] == ADMIN
        client.post("/staff/logout/")
        clock.shift(timedelta(minutes=15, seconds=1))
        assert enter(client, editor)["Location"] == ADMIN


def test_a_network_that_tries_many_names_is_locked(client, editor, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/15m/ip,5/15m/key", "login": "60/m/ip"}
    for number in range(3):
        client.post(LOGIN, {"login": f"name-{number}", "password": "x"})
    enter(client, editor)
    assert not opens_admin(client)
    # It is another network for which a proxy of ours vouches.
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]
    client.defaults["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"
    enter(client, editor)
    assert opens_admin(client)


def test_what_a_client_claims_about_its_address_opens_no_lock(client, editor, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/15m/ip", "login": "60/m/ip"}
    for number in range(3):
        address = f"203.0.113.{number}"
        client.post(LOGIN, {"login": "a", "password": "x"}, HTTP_X_FORWARDED_FOR=address)
    client.post(
        LOGIN,
        {"login": editor.username, "password": PASSWORD},
        HTTP_X_FORWARDED_FOR="198.51.100.7",
    )
    assert not opens_admin(client)


# Nobody else


@pytest.mark.parametrize("address", ["/staff/signup/", "/staff/password/reset/", "/staff/email/"])
def test_nobody_signs_up(client, address):
    data = {"username": "x", "email": "x@example.com", "password1": PASSWORD, "password2": PASSWORD}
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    assert client.post(address, data).status_code == HTTPStatus.NOT_FOUND


def test_without_settings_there_is_no_single_sign_on(client):
    assert "oidc" not in client.get(LOGIN).content.decode()
    assert client.get("/staff/oidc/sso/login/").status_code == HTTPStatus.NOT_FOUND
    with pytest.raises(NoReverseMatch):
        reverse("openid_connect_login", kwargs={"provider_id": "sso"})


def test_an_account_without_a_duty_does_not_get_in(client):
    nobody = factories.a_member_of_staff()
    assert enter(client, nobody)["Location"] == "/staff/closed/"
    assert client.get("/staff/closed/").status_code == HTTPStatus.OK
    assert not Session.objects.exists() or not opens_admin(client)


# The end of a session


def test_it_ends_when_the_account_is_closed(client, editor):
    enter(client, editor)
    assert opens_admin(client)
    type(editor).objects.filter(pk=editor.pk).update(is_active=False)
    assert client.get(ADMIN)["Location"].startswith(LOGIN)
    assert enter(client, editor)["Location"] == "/staff/closed/"
    assert not opens_admin(client)


def test_it_ends_when_the_password_is_taken_or_changed(client, editor):
    for change in (editor.set_unusable_password, lambda: editor.set_password("another")):
        client.force_login(editor)
        assert opens_admin(client)
        change()
        editor.save()
        assert not opens_admin(client)


def test_it_ends_when_the_last_duty_is_taken(client, editor):
    enter(client, editor)
    editor.groups.clear()
    assert client.get(ADMIN)["Location"] == "/staff/closed/"
    assert client.get(ADMIN)["Location"].startswith(LOGIN)


def test_it_ends_when_nobody_is_there(client, editor):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        enter(client, editor)
        for _ in range(3):
            clock.shift(timedelta(minutes=29))
            assert opens_admin(client)
        clock.shift(timedelta(minutes=31))
        client.cookies["lang"] = "en"
        assert client.get(ADMIN)["Location"].startswith(LOGIN)
        assert "You were signed out" in client.get(LOGIN).content.decode()


def test_it_ends_at_last_whoever_is_there(client, editor):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        enter(client, editor)
        for _ in range(29):
            clock.shift(timedelta(minutes=20))
            assert opens_admin(client)
        clock.shift(timedelta(minutes=20))
        assert not opens_admin(client)


def test_signing_out_ends_it(client, editor):
    enter(client, editor)
    assert client.get("/staff/logout/").status_code == HTTPStatus.OK
    assert opens_admin(client)
    assert client.post(reverse("wagtailadmin_logout")).status_code == HTTPStatus.FOUND
    assert not opens_admin(client)
    assert acts(editor)[-1] == "accounts.signed_out"


# The pages


def test_no_page_runs_a_script_of_its_own_or_is_kept(client, editor):
    RecoveryCodes.activate(editor)
    addresses = {LOGIN: client.get(LOGIN), "/staff/closed/": client.get("/staff/closed/")}
    secret = an_app(editor)
    enter(client, editor)
    addresses["enter"] = client.get(f"{FACTORS}enter/")
    client.post(f"{FACTORS}enter/", {"code": code_of(secret)})
    client.post(f"{FACTORS}again/", {"code": RecoveryCodes.activate(editor).get_unused_codes()[0]})
    for page in ("", "again/", "keys/", "app/remove/"):
        addresses[page] = client.get(FACTORS + page)
    Authenticator.objects.filter(type="totp").delete()
    client.post("/staff/again/", {"password": PASSWORD})
    for page in ("app/", "codes/", "codes/new/", "keys/add/"):
        addresses[page] = client.get(FACTORS + page)
    addresses["out"] = client.get("/staff/logout/")
    for address, answer in addresses.items():
        assert answer.status_code == HTTPStatus.OK, (address, answer.headers)
        html = answer.content.decode()
        for attributes, content in re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL):
            assert "src=" in attributes or "application/json" in attributes, (address, content)
        assert not re.search(r"\s(on\w+|style)=", html), address
        assert "unsafe-inline" not in answer["Content-Security-Policy"], address
        assert "no-store" in answer["Cache-Control"], address
        assert 'name="robots" content="noindex"' in html, address


def test_the_log_can_be_read(client, editor):
    an_app(editor)
    enter(client, editor, "wrong")
    enter(client, editor)
    client.post(f"{FACTORS}enter/", {"code": "000000"})
    chief = factories.a_superuser()
    client.force_login(chief)
    client.cookies["lang"] = "en"
    page = client.get(reverse("wagtailusers_users:history", args=[editor.pk])).content.decode()
    assert "A wrong password was entered" in page
    assert "A wrong code was entered (authenticator app)" in page


def test_the_roles_of_the_portal_may_sign_in(client):
    for role in Role:
        user = factories.a_member_of_staff(role)
        assert enter(client, user)["Location"] == ADMIN, role
        client.post("/staff/logout/")
