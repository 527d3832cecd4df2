"""Staff sign in with a password and, in production, a second factor; nobody else can."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from portal.accounts.roles import Role
from portal.core.key_rotation import rewrite_encrypted_values
from tests import factories
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db

ADMIN = "/admin/"
LOGIN = "/staff/login/"
FACTORS = "/staff/factors/"


@pytest.fixture
def editor():
    return factories.an_editor()


@pytest.fixture
def production(settings):
    settings.STAFF_MFA_REQUIRED = True


def enter(client, user, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": user.username, "password": password} | more)


def an_app(user):
    """Give a user an authenticator app; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def acts(user):
    entries = ModelLogEntry.objects.filter(object_id=str(user.pk)).order_by("pk")
    return list(entries.values_list("action", flat=True))


def opens_admin(client):
    return client.get(ADMIN).status_code == HTTPStatus.OK


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


# A second factor


def test_where_one_is_demanded_nothing_answers_before_it_is_set_up(client, editor, production):
    assert enter(client, editor)["Location"] == ADMIN
    for address in (ADMIN, "/admin/pages/", "/admin/account/", "/admin/api/main/pages/"):
        assert client.get(address)["Location"] == FACTORS, address
    asked = client.get(ADMIN, headers={"x-requested-with": "XMLHttpRequest"})
    assert asked.status_code == HTTPStatus.FORBIDDEN
    assert client.get(f"{FACTORS}codes/")["Location"] == FACTORS
    assert client.get("/opinions/status/").wsgi_request.user.is_anonymous
    client.cookies["lang"] = "en"
    assert "A password alone does not open" in client.get(FACTORS).content.decode()


def test_it_is_set_up_after_the_password_and_opens_the_administration(
    client, editor, production, monkeypatch
):
    enter(client, editor)
    again = client.get(f"{FACTORS}app/")["Location"]
    assert again.startswith("/staff/again/")
    assert client.post(again, {"password": PASSWORD})["Location"] == f"{FACTORS}app/"
    secret = re.search(r'id="secret"[^>]*>(\w+)<', client.get(f"{FACTORS}app/").content.decode())
    wrong = client.post(f"{FACTORS}app/", {"code": "000000"})
    assert wrong.status_code == HTTPStatus.OK
    # The test's own transaction never commits, and this has to happen within the request.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **_options: act())
    done = client.post(f"{FACTORS}app/", {"code": code_of(secret[1])})
    assert done["Location"] == f"{FACTORS}codes/"
    codes = client.get(f"{FACTORS}codes/")
    assert len(re.findall(r"<li>\d{8}</li>", codes.content.decode())) == 10
    assert "no-store" in codes["Cache-Control"]
    assert opens_admin(client)
    assert acts(editor).count("accounts.factor_added") == 2
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret[1] not in kept


def test_who_has_one_is_asked_for_it_and_a_wrong_code_opens_nothing(client, editor, production):
    secret = an_app(editor)
    assert enter(client, editor)["Location"] == f"{FACTORS}enter/"
    assert not opens_admin(client)
    assert client.post(f"{FACTORS}enter/", {"code": "12345"}).status_code == HTTPStatus.OK
    assert not opens_admin(client)
    assert client.post(f"{FACTORS}enter/", {"code": code_of(secret)})["Location"] == ADMIN
    assert opens_admin(client)
    assert acts(editor) == ["accounts.factor_refused", "accounts.signed_in"]


def test_a_code_works_once(client, editor):
    secret = an_app(editor)
    with time_machine.travel(timezone.now(), tick=False):
        enter(client, editor)
        client.post(f"{FACTORS}enter/", {"code": code_of(secret)})
        client.post("/staff/logout/")
        enter(client, editor)
        client.post(f"{FACTORS}enter/", {"code": code_of(secret)})
        assert not opens_admin(client)


def test_codes_cannot_be_tried_out(client, editor):
    secret = an_app(editor)
    enter(client, editor)
    for _ in range(5):
        client.post(f"{FACTORS}enter/", {"code": "000000"})
    client.post(f"{FACTORS}enter/", {"code": code_of(secret)})
    assert not opens_admin(client)


def test_a_recovery_code_works_once(client, editor, production):
    an_app(editor)
    code = RecoveryCodes.activate(editor).get_unused_codes()[0]
    for opens in (True, False):
        enter(client, editor)
        client.post(f"{FACTORS}enter/", {"code": code})
        assert opens_admin(client) is opens
        client.post("/staff/logout/")


def test_a_session_from_before_the_factor_has_to_show_it(client, editor, production):
    """Who stole a password before the owner set a factor up neither passes nor removes it."""
    enter(client, editor)
    secret = an_app(editor)
    asked = client.get(ADMIN)["Location"]
    assert asked == f"{FACTORS}again/?next=%2Fadmin%2F"
    for address in (FACTORS, f"{FACTORS}app/remove/", f"{FACTORS}keys/add/", "/staff/again/"):
        assert client.get(address)["Location"].startswith(f"{FACTORS}again/"), address
    assert client.post("/staff/again/", {"password": PASSWORD})["Location"].startswith(
        f"{FACTORS}again/"
    )
    assert client.post(asked, {"code": code_of(secret), "next": ADMIN})["Location"] == ADMIN
    assert opens_admin(client)


def test_changing_a_factor_asks_for_it_and_not_for_the_password(client, editor):
    secret = an_app(editor)
    enter(client, editor)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.post(f"{FACTORS}enter/", {"code": code_of(secret)})
        asked = client.get(f"{FACTORS}app/remove/")["Location"]
        assert asked.startswith(f"{FACTORS}again/")
        assert client.post("/staff/again/", {"password": PASSWORD})["Location"].startswith(
            f"{FACTORS}again/"
        )
        clock.shift(timedelta(seconds=61))
        client.post(asked, {"code": code_of(secret)})
        assert client.post(f"{FACTORS}app/remove/")["Location"] == FACTORS
    assert not Authenticator.objects.exists()
    assert "accounts.factor_removed" in acts(editor)


def test_a_lost_factor_is_forgotten_by_command_and_its_sessions_are_held_back(
    client, editor, production
):
    secret = an_app(editor)
    enter(client, editor)
    client.post(f"{FACTORS}enter/", {"code": code_of(secret)})
    assert opens_admin(client)
    call_command("forget_second_factors", editor.username, verbosity=0)
    assert client.get(ADMIN)["Location"] == FACTORS
    assert acts(editor)[-1] == "accounts.factor_removed"
    with pytest.raises(CommandError):
        call_command("forget_second_factors", "nobody-here")


def test_secrets_are_written_anew_with_a_new_key(client, editor, settings):
    secret = an_app(editor)
    RecoveryCodes.activate(editor)
    old = settings.PERSONAL_DATA_KEYS
    settings.PERSONAL_DATA_KEYS = [Fernet.generate_key().decode(), *old]
    assert rewrite_encrypted_values() == 2
    settings.PERSONAL_DATA_KEYS = settings.PERSONAL_DATA_KEYS[:1]
    enter(client, editor)
    client.post(f"{FACTORS}enter/", {"code": code_of(secret)})
    assert opens_admin(client)


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
